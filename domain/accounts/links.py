"""One-time links: a secret that lets its bearer set a password once; only its hash is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from domain.accounts.kept import Kept

LINK_LASTS = timedelta(hours=24)
LINK_PATH = "set-up/"
"""Where at the desk a link leads; its secret follows."""
_CLAIM_LASTS = timedelta(minutes=1)


class OneTimeLink(Kept):
    """A link for an account's password (`owner`), or for the first administrator. `key` is its secret's hash."""

    kind: ClassVar[str] = "link"
    lasts: ClassVar[timedelta | None] = LINK_LASTS

    purpose: Literal["password", "first-administrator"]
    made_at: AwareDatetime
    claimed_at: AwareDatetime | None = None

    def is_claimed(self, now: datetime) -> bool:
        """Whether somebody uses it at this moment; who began and never ended gives it free again."""
        return self.claimed_at is not None and abs(now - self.claimed_at) < _CLAIM_LASTS
