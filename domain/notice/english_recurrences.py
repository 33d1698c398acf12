"""How often an English text says that something comes back: `quarterly`, `every two weeks`, `monthly by the 5th`."""

from __future__ import annotations

import re

from domain.notice.patterns import regex
from domain.notice.recurrences import Period, not_kept
from domain.notice.windows import Choice, Doubt

_I = re.IGNORECASE
_RECURRING = (
    (
        r"(?:bi-?annually|semi-?annually|half-?yearly|twice\s+(?:(?:a|per|every|each)\s+year|yearly|annually)|every\s+(?:six|6)\s+months|(?:six|6)-monthly|each\s+half(?![\s-]?term)(?:[\s-]year)?)",
        6,
    ),
    (
        r"(?:(?:three|3)-monthly|(?:on\s+a\s+)?quarterly(?:\s+basis)?|every\s+quarter|each\s+quarter|per\s+quarter|once\s+(?:a|per|every)\s+quarter|every\s+(?:three|3)\s+months)",
        3,
    ),
    (r"(?:every\s+(?:two|2|other|second)\s+months?)", 2),
    (r"(?:(?:on\s+a\s+)?monthly(?:\s+basis)?|every\s+month|each\s+month|per\s+month|once\s+(?:a|per)\s+month)", 1),
    (r"(?:annually|yearly|every\s+year|each\s+year|once\s+(?:a|per)\s+year)", 12),
    (r"(?:every\s+(?:four|4)\s+months)", 4),
)
_RECURRENCES = tuple((regex(pattern + r"(?![A-Za-z])", _I), months) for pattern, months in _RECURRING)
_MONTHLY_DAY = regex(
    r"\s*[,(]?\s*(?:by|on|before|no\s+later\s+than|due)?\s*(?:on\s+|by\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)(?![A-Za-z])(?:\s+(?:day|of\s+(?:the|each|every)\s+(?:following\s+)?month))*\s*\)?",
    _I,
)
_DAY_OF_EACH_MONTH = regex(
    r"(?:(?:by|on|before|no\s+later\s+than)\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)\s+(?:day\s+)?of\s+(?:each|every)\s+(?P<unit>month|quarter)(?![A-Za-z])",
    _I,
)
# `the last working day of each month`: how often is kept, the day is told.
_NAMED_DAY = regex(
    r"(?:(?:by|on|before)\s+)?(?:the\s+)?(?:first|second|third|fourth|last|1st|2nd|3rd|4th)\s+"
    r"(?:(?:working|business|week)\s*day|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s+(?:of|in)\s+"
    r"(?:each|every|the|a)\s+(?P<unit>month|quarter)(?![A-Za-z])",
    _I,
)
_WEEKLY = regex(
    r"(?P<two>bi-?weekly|fortnightly|every\s+(?:two|2|other)\s+weeks?)(?![A-Za-z])|(?P<weekday>(?:every|each)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?(?![A-Za-z])|(?P<one>weekly|every\s+week|each\s+week|once\s+(?:a|per)\s+week)(?![A-Za-z])",
    _I,
)
_BIMONTHLY = regex(r"bi-?monthly(?![A-Za-z])", _I)
_TWICE = regex(
    r"(?P<times>twice|two\s+times|three\s+times|thrice)\s+(?:(?:a|per|every|each)\s+)?(?P<unit>week|month|quarter|year)(?:ly)?(?![A-Za-z])",
    _I,
)
_LENGTHS: dict[str, tuple[int | None, int | None]] = {
    "week": (None, 7),
    "month": (1, None),
    "quarter": (3, None),
    "year": (12, None),
}
_ADVERB = regex(r"[ .]*$|\s+(?:to|with|for|on|at|in)\s", _I)
_WORD = regex(r"(?<![A-Za-z-])[A-Za-z]")


def english_period_at(text: str, at: int) -> Period | None:  # noqa: PLR0911 - one exit for each form
    """The period that an English text names at an offset, with the day of the month that it keeps."""
    for pattern, months in _RECURRENCES:
        if (match := pattern.match(text, at)) is not None:
            day, end = by_the_day(text, match.end())
            return Period(at, end, months, None, day=day)
    if (match := _DAY_OF_EACH_MONTH.match(text, at)) is not None and 1 <= int(match["d"]) <= 31:
        return Period(at, match.end(), 1 if match["unit"].lower() == "month" else 3, None, day=int(match["d"]))
    if (match := _NAMED_DAY.match(text, at)) is not None:
        monthly = match["unit"].lower() == "month"
        told = not_kept(match.group(), "每月" if monthly else "每季度")
        return Period(at, match.end(), 1 if monthly else 3, None, doubt=told)
    if (match := _WEEKLY.match(text, at)) is not None:
        lost = not_kept(match.group(), "每周") if match["weekday"] else None
        return Period(at, match.end(), None, 14 if match["two"] else 7, doubt=lost)
    if (match := _TWICE.match(text, at)) is not None:
        length, days = _LENGTHS[match["unit"].lower()]
        return Period(at, match.end(), length, days, times=2 if match["times"].lower()[:2] == "tw" else 3)
    if (match := _BIMONTHLY.match(text, at)) is not None:
        choices = (Choice(key="每两个月", text="每两个月一次"), Choice(key="每月两次", text="每月两次"))
        doubt = Doubt("bimonthly", "ruling", "“bimonthly”可指每两个月一次，也可指每月两次。", choices[0].text, choices)
        return Period(at, match.end(), 2, None, doubt=doubt)
    return None


def closing_period(text: str, start: int, end: int) -> Period | None:
    """How often an English clause says that it is done (`review every quarter`, `report quarterly to the board`)."""
    for match in _WORD.finditer(text, start, end):
        period = english_period_at(text, match.start())
        if period is not None and period.end <= end and _ADVERB.match(text, period.end, end):
            return period
    return None


def by_the_day(text: str, end: int) -> tuple[int | None, int]:
    """The day of the month behind a duty that comes back (`monthly, by the 5th`), and where it ends."""
    match = _MONTHLY_DAY.match(text, end)
    day = int(match["d"]) if match is not None else 0
    return (day, match.end()) if match is not None and 1 <= day <= 31 else (None, end)
