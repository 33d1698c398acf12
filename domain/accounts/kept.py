"""What is kept of accounts: documents of a kind under a key, some with an owner or an end. None is an event."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.frozen import Frozen


class Kept(Frozen):
    """One thing that is kept. `key` is unique among its kind; `owner` is an account's key, empty where it has none."""

    kind: ClassVar[str]

    key: str
    owner: str = ""
    ends_at: AwareDatetime | None = None

    def has_ended(self, now: datetime) -> bool:
        """Whether its end has come."""
        return self.ends_at is not None and self.ends_at <= now
