"""Passkeys: a key on a person's own device; only its public half is kept, and what was asked of it."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from domain.accounts.kept import Kept
from domain.directory.ids import Account, PersonId
from domain.names import Name

CHALLENGE_LASTS = timedelta(minutes=5)
COUNTED_LASTS = timedelta(days=60)
"""How long a program may repeat an act with the same signature."""
MOST_KEYS = 20
"""For one account."""


class Passkey(Kept):
    """A person's key. `key` is the hash of its id, `owner` the account's key; `public_key` is DER in base64url."""

    kind: ClassVar[str] = "passkey"
    written: ClassVar[frozenset[str]] = frozenset({"name"})

    account: Account
    person_id: PersonId
    name: Name
    credential_id: str
    public_key: str
    user_handle: str
    sign_count: int
    made_at: AwareDatetime
    used_at: AwareDatetime | None = None


class CountedProof(Kept):
    """That a signature which a program brought was counted: it may come again, with the same act or another one that it
    covers, after its device has signed more. `key` is its hash."""

    kind: ClassVar[str] = "counted-proof"


class Challenge(Kept):
    """A challenge that was given to a browser. `key` is its hash; used once, within five minutes."""

    kind: ClassVar[str] = "challenge"
    lasts: ClassVar[timedelta | None] = CHALLENGE_LASTS

    purpose: Literal["enrol", "login"]
    user_handle: str = ""


class Decoy(Kept):
    """A secret from which the keys are made up that nobody has, so that a stranger learns of no account whether it has
    one."""

    kind: ClassVar[str] = "decoy"

    secret: str
