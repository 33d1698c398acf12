"""Logins at a third party: the account that one proves, the login that was begun, the page to go back to."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import ClassVar

from domain.accounts.kept import Kept
from domain.ports.third_party import SentAway

BEGUN_LASTS = timedelta(minutes=10)
_PLAIN_SUBJECT = re.compile(r"[A-Za-z0-9._@+|-]{1,64}")
_LONGEST_ACCOUNT = 120


class BegunLogin(Kept):
    """A login that was begun at a third party. `key` is the hash of its state; used once, within ten minutes."""

    kind: ClassVar[str] = "begun-login"
    lasts: ClassVar[timedelta | None] = BEGUN_LASTS

    sent: SentAway
    return_to: str
    browser: str
    """The hash of the secret that only the browser has which began it."""


def third_party_account(issuer: str, subject: str) -> str:
    """The account of one whom a third party vouches for: never the same for two of them.

    A subject that people can read stands in it, another one as a hash.
    """
    where = issuer.partition("://")[2].rstrip("/")
    readable = f"oidc:{subject}@{where}"
    if _PLAIN_SUBJECT.fullmatch(subject) and len(readable) <= _LONGEST_ACCOUNT and "@" not in where:
        return readable
    return f"oidc:sha256-{hashlib.sha256(f'{issuer} {subject}'.encode(errors='surrogatepass')).hexdigest()}"
