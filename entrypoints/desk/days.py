"""A day, an instant or a year that was typed, or that an address asks for: every page reads it in one way."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from domain.bounds import is_day, whole_number
from domain.clock import OFFICE_TIME
from entrypoints.desk.languages import later as _

NO_DAY: Final = _("看不懂这个日期：请写成 2018-06-30（1949 年至 2199 年），或用日期控件选择。")
NO_YEAR: Final = _("年份写作四位数字，如 2018。")
MISSING: Final = _("没有写日期：请写成 2018-06-30，或用日期控件选择。")
_WRITTEN: Final = len("2018-06-30")
BEGINS: Final = time(0, 0)
ENDS: Final = time(23, 59, 59)


def year_in(text: str) -> int | None:
    """The year that a text says in four digits; none where it says none."""
    return whole_number(text) if len(text) == len("2018") else None


def day_of(text: str) -> date | None:
    """The day that a text says as a calendar's field sends it; none where it says none that an office can have."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # The library reads `20180630` and `2018-W26-6` too, which no page writes and no reader takes for a day.
    return day if day.isoformat() == text and is_day(day) else None


def instant_of(text: str, of_a_day: time) -> datetime | None:
    """The instant that a text says, of the office's time where it names no other; a day alone is an hour of it."""
    try:
        if len(text) > _WRITTEN:
            found = datetime.fromisoformat(text)
            found = found.astimezone(OFFICE_TIME) if found.tzinfo else found.replace(tzinfo=OFFICE_TIME)
            return found if is_day(found.date()) else None
    except (ValueError, OverflowError):
        return None
    day = day_of(text)
    return datetime.combine(day, of_a_day, OFFICE_TIME) if day else None
