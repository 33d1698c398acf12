"""The statutory holidays, which a regulation fixes for every year: known before a year's schedule is published.

By 全国年节及纪念日放假办法 there are eleven since 2014 (decree 644) and thirteen since 2025 (decree 795), with the eve
of the Spring Festival and the second of May. Which weekend days are worked for them, and which working days are free in
their place, only the yearly schedule says.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from domain.festival_days import MOVABLE, MOVABLE_DAYS

_SINCE = 2014
_THIRTEEN_SINCE = 2025
_FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


@lru_cache(maxsize=256)
def statutory_days(year: int) -> frozenset[date]:
    """The statutory holidays of a year; none of a year before the regulation, and the fixed ones alone of a year whose
    Chinese calendar is not in the table."""
    if year < _SINCE:
        return frozenset()
    days = {date(year, month, day) for month, day in _FIXED}
    if year >= _THIRTEEN_SINCE:
        days.add(date(year, 5, 2))
    movable = MOVABLE_DAYS.get(year)
    if movable is not None:
        on = dict(zip(MOVABLE, movable, strict=True))
        days |= {on["清明"], on["端午"], on["中秋"]}
        first = -1 if year >= _THIRTEEN_SINCE else 0
        days |= {on["春节"] + timedelta(days=offset) for offset in range(first, 3)}
    return frozenset(days)
