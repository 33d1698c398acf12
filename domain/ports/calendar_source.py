"""Where the published working calendar comes from. Asked once, when a year is started: its answer travels as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from domain.rules.calendar import WorkingCalendar


class CalendarSource(Protocol):
    """MUST answer with published years only, in order; a year that it leaves out is provisional."""

    def working_calendar(self, years: Iterable[int]) -> WorkingCalendar:
        """The calendar of those of `years` whose schedule is published.

        Raises:
            InputError: a file that should extend the calendar cannot be read.
        """
        ...
