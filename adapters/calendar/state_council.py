"""The State Council's schedule of holidays and make-up working days, from the `chinesecalendar` library's table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from chinese_calendar.constants import holidays, workdays

from adapters.calendar.year_file import read_calendar_years
from domain.rules.calendar import CalendarYear, WorkingCalendar

_SATURDAY = 5


def state_council_calendar(years: Iterable[int], extension: Path | None = None) -> WorkingCalendar:
    """The calendar of those of `years` whose schedule is known; a year that `extension` has is taken whole from there.

    The library knows the years from 2004. The schedule of a year is published in the November before it, so the
    library's last year moves with its version: a year after it is left out, hence provisional, until the library or the
    extension file has it. A notice may also call the last days of the year before it a working weekend (2018-12-29);
    such a day belongs to the calendar year that it lies in, and is missing while the later year is not published.

    Raises:
        UnreadableCalendarError: the extension file cannot be read.
    """
    known = _published()
    if extension is not None:
        known |= {year.year: year for year in read_calendar_years(extension)}
    return WorkingCalendar(years=tuple(known[year] for year in sorted(set(years)) if year in known))


def _published() -> dict[int, CalendarYear]:
    days_off: dict[int, list[date]] = {}
    makeup: dict[int, list[date]] = {}
    for day in sorted(holidays):
        # A weekend is free anyway: kept out, so that the calendar in every workflow's input stays small.
        days_off.setdefault(day.year, []).extend([day] if day.weekday() < _SATURDAY else [])
    for day in sorted(workdays):
        makeup.setdefault(day.year, []).append(day)
    return {
        year: CalendarYear(year=year, days_off=tuple(off), makeup_working_days=tuple(makeup.get(year, ())))
        for year, off in days_off.items()
    }
