"""The virtual calendar: which instant of the supervised year the engine's own clock stands for.

The year of a list may lie in the past (the 2018 list, run today) or be run faster than life. The mapping is part
of each workflow's input, so that a replay years later finds the same instants.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from domain.frozen import Frozen

OFFICE_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time of the offices. China has kept UTC+8 without summer time since 1991; a fixed offset needs no data file."""
CLOCKS_DIFFER_AT_MOST = timedelta(minutes=5)
"""Two machines of one office, or one whose clock is being set right, differ by no more."""


def office_day(instant: datetime) -> date:
    """The day on which an instant falls where the offices are."""
    return instant.astimezone(OFFICE_TIME).date()


def office_minute(instant: datetime) -> str:
    """The day and the minute of an instant as people read them, in the time of the offices."""
    return f"{instant.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}"


class VirtualClock(Frozen):
    """Real time, unless anchored: then `supervised_at` is the instant that `engine_at` stands for, and the
    supervised year runs `speed` times as fast as the engine's clock (a whole number, so that no instant is rounded
    on the way out)."""

    engine_at: AwareDatetime | None = None
    supervised_at: AwareDatetime | None = None
    speed: int = Field(default=1, ge=1, le=10_000_000)

    @model_validator(mode="after")
    def _anchored_on_both_sides(self) -> Self:
        if (self.engine_at is None) != (self.supervised_at is None):
            raise ValueError("a virtual clock needs both anchors or none")
        if self.engine_at is None and self.speed != 1:
            raise ValueError("real time cannot run faster: a speed needs an anchor")
        return self

    def supervised(self, engine_now: datetime) -> datetime:
        """The instant of the supervised year, in office time, when the engine's clock shows `engine_now`."""
        if self.engine_at is None or self.supervised_at is None:
            return engine_now.astimezone(OFFICE_TIME)
        return (self.supervised_at + (engine_now - self.engine_at) * self.speed).astimezone(OFFICE_TIME)

    def engine(self, supervised: datetime) -> datetime:
        """The first instant of the engine's clock (UTC, to the microsecond) at which `supervised` has come."""
        if self.engine_at is None or self.supervised_at is None:
            return supervised.astimezone(UTC)
        elapsed = supervised - self.supervised_at
        # Rounded up: a timer that fires a microsecond early would find nothing due and cost a wake-up.
        return (self.engine_at - (-elapsed // self.speed)).astimezone(UTC)
