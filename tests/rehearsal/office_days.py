"""The working days of 2018, from the State Council's schedule written out below; no calendar library is called."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

# 国办发明电〔2017〕12号 for 2018, 国办发明电〔2018〕15号 for 2019: first and last day of each holiday.
_HOLIDAYS = (
    ("2018-01-01", "2018-01-01"),
    ("2018-02-15", "2018-02-21"),
    ("2018-04-05", "2018-04-07"),
    ("2018-04-29", "2018-05-01"),
    ("2018-06-16", "2018-06-18"),
    ("2018-09-22", "2018-09-24"),
    ("2018-10-01", "2018-10-07"),
    ("2018-12-30", "2019-01-01"),
    ("2019-02-04", "2019-02-10"),
)
_MAKE_UP_DAYS = (
    "2018-02-11", "2018-02-24", "2018-04-08", "2018-04-28", "2018-09-29", "2018-09-30", "2018-12-29", "2019-02-02",
    "2019-02-03",
)  # fmt: skip
MAKE_UP_DAYS = frozenset(date.fromisoformat(day) for day in _MAKE_UP_DAYS)
_DAYS_OFF = frozenset(
    date.fromisoformat(first) + timedelta(days=past)
    for first, last in _HOLIDAYS
    for past in range((date.fromisoformat(last) - date.fromisoformat(first)).days + 1)
)


def works(day: date) -> bool:
    """Whether the offices work on a day of 2018 or of the first weeks of 2019."""
    return day in MAKE_UP_DAYS or (day.isoweekday() <= 5 and day not in _DAYS_OFF)


@cache
def counted(day: date, steps: int) -> date:
    """The day so many working days after `day` (before it when negative), `day` itself not counted."""
    direction = timedelta(days=1 if steps > 0 else -1)
    for _ in range(abs(steps)):
        day += direction
        while not works(day):
            day += direction
    return day


def on_or_after(day: date) -> date:
    """The first working day that is not before `day`."""
    return day if works(day) else counted(day, 1)


def on_or_before(day: date) -> date:
    """The last working day that is not after `day`."""
    return day if works(day) else counted(day, -1)
