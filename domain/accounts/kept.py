"""What is kept of accounts: documents of a kind under a key, some with an owner or an end. None is an event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import AwareDatetime

from domain.clock import CLOCKS_DIFFER_AT_MOST
from domain.frozen import Frozen

NUMBER_DIGITS = 12


class Kept(Frozen):
    """One thing that is kept. `key` is unique among its kind; `owner` is an account's key, empty where it has none."""

    kind: ClassVar[str]
    written: ClassVar[frozenset[str]] = frozenset()
    """The fields in which people write what they like: they are held against the words that policies refuse, too."""
    lasts: ClassVar[timedelta | None] = None
    """How long all of a kind last at most, where it is short."""

    key: str
    owner: str = ""
    ends_at: AwareDatetime | None = None

    @property
    def number(self) -> str:
        """By which people name it, where they do; nobody signs in or reads anything with it."""
        return self.key[:NUMBER_DIGITS]

    def has_ended(self, now: datetime) -> bool:
        """Whether its end has come.

        What ends later than anything made now would was made by a clock that ran ahead: nobody knows how old it is.
        """
        if self.ends_at is None:
            return False
        return self.ends_at <= now or (
            self.lasts is not None and self.ends_at > now + self.lasts + CLOCKS_DIFFER_AT_MOST
        )
