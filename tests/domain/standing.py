"""A date of the second book, and for which working days it stood still: counted day by day, as a set.

A day is excused once however many reasons stopped the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.rules.calendar import WorkingCalendar


@dataclass(slots=True)
class Standing:
    """A date, the working days for which it stood still since it was set, and the reasons for which it does now;
    whether it was missed."""

    base: date | None
    days: set[date] = field(default_factory=set)
    since: dict[str, date] = field(default_factory=dict)
    still_since: date | None = None
    unsure: bool = False
    besides: int = 0
    late: bool = False

    def stop(self, reason: str, on: date) -> None:
        """Begin one reason."""
        self.since.setdefault(reason, on)
        self.still_since = self.still_since or on

    def go_on(
        self,
        reason: str,
        until: date,
        calendar: WorkingCalendar,
        first: date | None = None,
        due_of: Callable[[date | None], date | None] = lambda day: day,
    ) -> None:
        """End one reason: the days after its first, up to and with `until`, are excused.

        What was not over as it stopped has the first day that is worked from `first` on; `due_of` moves a base off a
        day that is not worked.
        """
        before = self.stood(calendar, due_of(self.base))
        stopped, before = self.still_since, due_of(before)
        day = self.since.pop(reason, until)
        while day < until:
            day += timedelta(days=1)
            if calendar.is_working_day(day):
                self.days.add(day)
        if self.since:
            return
        self.still_since = None
        due_on = due_of(self.base)
        while first is not None and not calendar.is_working_day(first):
            first += timedelta(days=1)
        if stopped is None or first is None or before is None or before < stopped or self.late:
            return
        while (now := due_of(self.date(calendar, due_on))) is not None and now < first:
            self.besides += 1

    def set_anew(self, base: date | None, on: date) -> None:
        """Another date, set on a day: what stopped the clock before is not counted on it."""
        self.base, self.days, self.unsure, self.besides, self.late = base, set(), False, 0, False
        self.since = {reason: max(day, on) for reason, day in self.since.items()}
        self.still_since = on if self.since else None

    def excused_before(self) -> int:
        """How many days what is over excused: those of a standstill that goes on do not count yet."""
        return self.besides + len({day for day in self.days if self.still_since is None or day <= self.still_since})

    def stood(self, calendar: WorkingCalendar, due_on: date | None) -> date | None:
        """The date that held when the standstill began, or holds now if there is none (`due_on` as in `date`)."""
        excused = self.excused_before()
        return self.base if not excused or due_on is None else calendar.working_day(due_on, excused)

    def count_anew(self, base: date | None) -> None:
        """Another calendar: what stands stands, and a standstill that goes on is counted by the new one."""
        self.base, self.days, self.besides = base, set(), 0
        self.since = dict.fromkeys(self.since, self.still_since or date.max)

    def begin_again(self, base: date | None) -> None:
        """Two calendars in one standstill of a participant: the book waits for its end and takes the state's date
        there; what such a date must be is held by hand-counted cases (`acts/test_closing.py`)."""
        self.base, self.days, self.unsure, self.besides = base, set(), bool(self.since), 0

    def date(self, calendar: WorkingCalendar, due_on: date | None) -> date | None:
        """The date that holds: `due_on` is the base, moved off a day that is not worked where the rules say so."""
        days = len(self.days) + self.besides
        return self.base if not days or due_on is None else calendar.working_day(due_on, days)
