"""The writer's clock: what it shows never goes back in the ledger, and where it did is said there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.record.leaf import instant_of, leaf_instant

_A_STEP = timedelta(seconds=1)


class WriterClock:
    """Reads the machine's clock for one writing process. A step back of a second or more is reported once, by whichever
    process sees it first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: datetime | None = None
        self._shown: datetime | None = None

    def reading(
        self, last_appended: str, told: Callable[[], tuple[str, str] | None]
    ) -> tuple[str, tuple[str, str] | None]:
        """The instant to append with, and the step back (from, to) since the last transaction, if there was one that
        the last one `told` of is not."""
        self._shown = self._now()
        shown = leaf_instant(self._shown)
        before = self._kept or (instant_of(last_appended) if last_appended else self._shown)
        step = (leaf_instant(before), shown) if self._shown <= before - _A_STEP else None
        if step is not None and step[0] >= last_appended and _covers(told(), last_appended, self._shown):
            step = None
        return max(shown, last_appended), step

    def committed(self) -> None:
        """The transaction of the last reading was kept, and its step with it."""
        self._kept = self._shown


def _covers(told: tuple[str, str] | None, last_appended: str, shown: datetime) -> bool:
    """Whether a step says already why the last entry is ahead of what the clock shows now."""
    return told is not None and told[0] >= last_appended and shown > instant_of(told[1]) - _A_STEP
