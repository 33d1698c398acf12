"""The working calendar: which days an office works, by the State Council's yearly schedule.

Make-up working days (调休上班日) are working days, holidays are not. In a year whose schedule is not published yet the
statutory holidays are known and the moved weekends are not: Monday to Friday without these holidays is assumed, and
every date is marked provisional.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.bounds import Day, Year
from domain.clock import OFFICE_TIME
from domain.frozen import Frozen
from domain.rules.statutory_days import statutory_days

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarYear(Frozen):
    """One published year: the weekdays that are holidays and the weekend days that are worked, in order."""

    year: Year
    days_off: tuple[Day, ...] = Field(max_length=366)
    makeup_working_days: tuple[Day, ...] = Field(max_length=366)


class WorkingCalendar(Frozen):
    """The published years, in order. Outside them Monday to Friday without the statutory holidays is assumed."""

    years: tuple[CalendarYear, ...] = Field(default=(), max_length=251)

    def __hash__(self) -> int:
        # Asked for at every look-up of a working day. A process has few calendars, which their last years tell apart
        # well enough; a full hash would go through every holiday each time.
        return hash(self.years[-1].year if self.years else None)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on `day`."""
        days_off, makeup, years = _exceptions(self)
        return day in makeup or (day.weekday() < _SATURDAY and not _is_off(day, days_off, years))

    def is_provisional(self, day: date) -> bool:
        """Whether the schedule of the day's year is not published yet."""
        return day.year not in _exceptions(self)[2]

    def working_day(self, day: date, offset: int) -> date:
        """The `offset`-th working day strictly after `day` (strictly before it when negative; `day` itself for 0).

        The last (or first) date that can be written where there are not so many.
        """
        return _working_day(self, day, offset)

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        return day if self.is_working_day(day) else self.working_day(day, 1)

    def on_or_before(self, day: date) -> date:
        """The last working day that is not after `day`."""
        return day if self.is_working_day(day) else self.working_day(day, -1)

    def with_years_of(self, other: WorkingCalendar) -> WorkingCalendar:
        """This calendar with the years that only the other one has: a year that is known stays as it is."""
        known = {published.year for published in self.years}
        new = (published for published in other.years if published.year not in known)
        years = tuple(sorted((*self.years, *new), key=lambda published: published.year))
        return self.having(years=years) if years != self.years else self

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after `after`, up to and with `until` (0 when `until` is not later)."""
        if until <= after:
            return 0
        return (
            _days_until(self, until)
            - _days_until(self, after)
            + sum(_days_of_year(self, year)[-1] for year in range(after.year, until.year))
        )


def _days_until(calendar: WorkingCalendar, day: date) -> int:
    """How many working days of its year are over with a day."""
    return _days_of_year(calendar, day.year)[day.timetuple().tm_yday]


def _is_off(day: date, days_off: frozenset[date], years: frozenset[int]) -> bool:
    return day in days_off if day.year in years else day in statutory_days(day.year)


@lru_cache(maxsize=64)
def _exceptions(calendar: WorkingCalendar) -> tuple[frozenset[date], frozenset[date], frozenset[int]]:
    # Shared by every project that runs under the same calendar: ten thousand of them hold one copy.
    return (
        frozenset(day for year in calendar.years for day in year.days_off),
        frozenset(day for year in calendar.years for day in year.makeup_working_days),
        frozenset(year.year for year in calendar.years),
    )


@lru_cache(maxsize=65_536)
def _working_day(calendar: WorkingCalendar, day: date, offset: int) -> date:
    step = _ONE_DAY if offset > 0 else -_ONE_DAY
    remaining, end = abs(offset), date.max if offset > 0 else date.min
    while remaining and day != end:
        day += step
        remaining -= calendar.is_working_day(day)
    return day


@lru_cache(maxsize=1_024)
def _days_of_year(calendar: WorkingCalendar, year: int) -> tuple[int, ...]:
    """How many working days are over with each day of a year, from none before its first."""
    days = map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    return tuple(accumulate(map(calendar.is_working_day, days), initial=0))


@lru_cache(maxsize=64)
def shared_calendar(calendar: WorkingCalendar) -> WorkingCalendar:
    """The one copy of a calendar that all projects of this process hold."""
    return calendar


SharedCalendar = Annotated[WorkingCalendar, AfterValidator(shared_calendar)]
"""A calendar that becomes the shared copy as soon as it is read."""


def office_instant(day: date, at: time) -> datetime:
    """The instant at which the offices' clocks show `at` on `day`."""
    return datetime.combine(day, at, tzinfo=OFFICE_TIME)


def end_of(day: date) -> datetime:
    """The instant at which `day` is over in office time: what was due on it is late from here."""
    return office_instant(day + _ONE_DAY, time.min)
