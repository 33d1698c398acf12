"""The writer's clock: what it shows never goes back in the ledger, and where it did is said there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.record.leaf import instant_of, leaf_instant

_A_STEP = timedelta(seconds=1)


class WriterClock:
    """Reads the machine's clock for one writing process. A step back of a second or more is reported once."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: datetime | None = None
        self._shown: datetime | None = None

    def reading(self, last_appended: str) -> tuple[str, tuple[str, str] | None]:
        """The instant to append with, and the step back (from, to) since the last transaction, if there was one."""
        self._shown = self._now()
        shown = leaf_instant(self._shown)
        before = self._kept or (instant_of(last_appended) if last_appended else self._shown)
        step = (leaf_instant(before), shown) if self._shown <= before - _A_STEP else None
        return max(shown, last_appended), step

    def committed(self) -> None:
        """The transaction of the last reading was kept, and its step with it."""
        self._kept = self._shown
