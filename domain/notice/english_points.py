"""One point of the calendar in English: `Q3 2024`, `end of FY2024`, `30 June 2018`, `mid-2018`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from domain.notice.english_fiscal import fiscal_time_at
from domain.notice.patterns import regex
from domain.notice.planned_years import fiscal_span
from domain.notice.weeks import week_of
from domain.notice.windows import Doubt, TimeContext, day_choice, last_of_month, span_choice

_I = re.IGNORECASE
_STROKES = regex(r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?:20)?\d\d(?![\d/])")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:of\s+|,\s*|in\s+|')?\s*(?:(?:19|20)\d{2}|(?<=')\d{2})"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
_ORDINAL = "|".join(_ORDINALS)
_THE = r"(?:the\s+)?"
_FESTIVALS = {
    "spring festival": "春节",
    "chinese new year": "春节",
    "lunar new year": "春节",
    "national day": "国庆",
    "mid-autumn festival": "中秋",
    "dragon boat festival": "端午",
    "labour day": "五一",
    "labor day": "五一",
    "christmas": "圣诞",
    "new year's day": "元旦",
}
_FESTIVAL_WORDS = "|".join(word.replace(" ", r"\s+") for word in _FESTIVALS)
_POINTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, regex(pattern + r"(?![A-Za-z])", _I))
    for name, pattern in (
        ("festival", rf"{_THE}(?P<f>{_FESTIVAL_WORDS})(?:\s+holidays?)?(?:\s+(?P<y>(?:19|20)\d{{2}}))?"),
        ("end_of_year", r"end[\s-]+(?P<y>(?:19|20)\d{2})(?![\d-])"),
        (
            "week",
            rf"(?:w/?c|w/?b|week\s+(?:commencing|beginning|starting|of|from))\.?\s*(?:the\s+)?(?:monday,?\s+)?(?:(?P<d>{_DAY})\s*(?:of\s+)?(?P<m>{_MONTH})|(?P<m2>{_MONTH})\s*(?P<d2>{_DAY})|(?P<d3>\d{{1,2}})[/.](?P<n3>\d{{1,2}}))(?:[/.\s]*(?P<y>{_YEAR}|\d{{2}}(?!\d)))?(?!\d)",
        ),
        (
            "week",
            rf"(?P<e>w/?e|week[\s-]+ending)\.?\s*(?:the\s+)?(?:(?:sun|fri|satur)day,?\s+)?(?:(?P<d>{_DAY})\s*(?:of\s+)?(?P<m>{_MONTH})|(?P<m2>{_MONTH})\s*(?P<d2>{_DAY})|(?P<d3>\d{{1,2}})[/.](?P<n3>\d{{1,2}}))(?:[/.\s]*(?P<y>{_YEAR}|\d{{2}}(?!\d)))?(?!\d)",
        ),
        (
            "week",
            r"(?:calendar\s+)?(?:week|wk|cw)\.?\s*(?:no\.?\s*)?(?P<w>\d{1,2})(?!\d)(?:,?\s*(?:of\s+)?(?P<y>20\d{2}))?",
        ),
        (
            "day",
            rf"(?P<d>\d{{1,2}})[-./ ]?(?P<m>{_MONTH})[-./ ]'?(?P<y>(?:19|20)\d{{2}}|\d{{2}})(?![\d:])",
        ),
        ("month_or_day", rf"(?P<m>{_MONTH})-(?P<y>\d{{2}})(?!\d|-)"),
        ("month", rf"(?P<m>{_MONTH})[-/]'?(?P<y>(?:19|20)\d{{2}})(?!\d)(?P<e>(?!))?"),
        ("day", rf"(?P<m>{_MONTH})[-./](?P<d>\d{{1,2}})[-./](?P<y>(?:19|20)\d{{2}}|\d{{2}})(?!\d)"),
        ("iso", r"(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)"),
        ("slashed", r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d{2})(?!\d)"),
        (
            "day",
            rf"{_THE}(?P<d0>{_DAY})\s*(?:-|to|and)\s*(?P<d>{_DAY})\s+(?:of\s+)?(?P<m>{_MONTH})\s*(?P<y>{_YEAR})?(?!\d)",
        ),
        ("day", rf"{_THE}(?P<d>{_DAY})\s+(?:of\s+)?(?P<m>{_MONTH})\s*(?P<y>{_YEAR})?(?!\d)"),
        ("day", rf"(?P<m>{_MONTH})\s+(?P<d>{_DAY})(?!\d)\s*(?P<y>{_YEAR})?(?!\d)"),
        (
            "quarter",
            rf"(?P<e>{_THE}(?:end|close)\s+of\s+|end[\s-])?{_THE}(?:Q\s?(?P<q>[1-4])|(?P<q2>[1-4])Q|quarter\s+(?P<q3>[1-4])(?!\d)|(?P<w>{_ORDINAL})\s+quarter)[\s,]*(?P<y>{_YEAR}|'?\d{{2}}(?!\d))?(?!\d)",
        ),
        ("quarter", r"(?P<y>(?:19|20)\d{2})[\s-]*Q(?P<q>[1-4])(?P<e>(?!))?(?P<q2>(?!))?(?P<w>(?!))?"),
        (
            "half",
            rf"(?P<e>{_THE}(?:end|close)\s+of\s+|end[\s-])?{_THE}(?:H(?P<h>[12])|(?P<h2>[12])H|(?P<w>first|second|1st|2nd)\s+half)[\s,]*(?:of\s+{_THE}year\s*)?(?P<y>{_YEAR}|'?\d{{2}}(?!\d))?(?!\d)",
        ),
        ("half", r"(?P<y>(?:19|20)\d{2})[\s-]*H(?P<h>[12])(?P<e>(?!))?(?P<h2>(?!))?(?P<w>(?!))?"),
        (
            "year_end",
            rf"{_THE}(?:end|close)\s+of\s+{_THE}(?:calendar\s+)?(?:year\s*)?(?P<y>{_YEAR})(?!\d)|{_THE}(?:end|close)\s+of\s+(?:{_THE}|this\s+|(?P<n>next\s+|{_THE}following\s+))(?:calendar\s+)?year|(?:the\s+)?year[\s-]?end(?:\s+(?P<y2>(?:19|20)\d{{2}}))?|EOY(?:\s*(?P<y3>(?:19|20)\d{{2}}))?",
        ),
        (
            "month_part",
            rf"{_THE}(?P<part>early|mid|late|middle\s+of|beginning\s+of|start\s+of)[\s-]+(?P<m>{_MONTH})\s*(?P<y>{_YEAR})?(?!\d)",
        ),
        (
            "month",
            rf"(?P<e>{_THE}(?:end|close)\s+of\s+|end[\s-])?{_THE}(?:month\s+of\s+)?(?P<m>{_MONTH})(?:[\s-]*(?P<y>{_YEAR}))?(?!\d)",
        ),
        (
            "year_part",
            rf"{_THE}(?P<part>early|mid|late|middle\s+of|beginning\s+of|start\s+of)[\s-]*(?:{_THE}year\s*)?(?P<y>(?:19|20)\d{{2}})?(?<![\s-])",
        ),
        (
            "season",
            r"(?P<w>spring(?!\s+festival)|summer|autumn|fall|winter)(?:\s+(?:of\s+)?(?P<y>(?:19|20)\d{2})(?:\s*[/-]\s*(?:20)?\d{2}(?!\d))?)?",
        ),
        (
            "year",
            r"(?:the\s+(?:whole|entire|full)\s+(?:calendar\s+)?year|(?:the\s+)?year[\s-]round|all\s+year(?:\s+(?:round|long))?|full[\s-]year|whole\s+year|(?P<n>next|the\s+(?:coming|following))\s+year|this\s+year|the\s+year)(?:\s+(?P<y>(?:19|20)\d{2}))?",
        ),
        ("plain_year", r"(?:calendar\s+(?:year\s+)?)?(?:CY)?(?P<y>(?:19|20)\d{2})(?![\d-])"),
    )
)


@dataclass(frozen=True, slots=True)
class EnglishPoint:
    """A stretch of the calendar, `first` to `last`; `end_only` marks one that names an end without a start."""

    start: int
    end: int
    first: date
    last: date
    name: str
    doubts: tuple[Doubt, ...]
    end_only: bool


def english_point_at(text: str, at: int, context: TimeContext) -> EnglishPoint | None:
    """The point that the folded text names in English at an offset, or `None`."""
    if (fiscal := fiscal_time_at(text, at, context.year)) is not None:
        time, end = fiscal
        first, last, doubts = fiscal_span(time, context)
        return EnglishPoint(at, end, first, last, "fiscal", doubts, time.end_only)
    for name, pattern in _POINTS:
        match = pattern.match(text, at)
        if match is None or match.end() == at:
            continue
        found = _read(name, match, context)
        if found is not None:
            first, last, doubts, end_only = found
            end = match.end()
            while end > at and text[end - 1] in " ,":
                end -= 1
            return EnglishPoint(at, end, first, last, name, doubts, end_only)
    return None


_Read = tuple[date, date, tuple[Doubt, ...], bool]


def _read(  # noqa: PLR0911 - one exit for each form
    name: str, match: re.Match[str], context: TimeContext
) -> _Read | None:
    groups = {key: value for key, value in match.groupdict().items() if value is not None}
    if name == "festival":
        return _festival(match, context)
    year = _year(next((groups[key] for key in ("y", "y2", "y3") if key in groups), None), context)
    year += "n" in groups
    if not 1949 <= year <= 2999:
        return None
    if name in ("month_or_day", "week"):
        return _month_or_day(groups, context) if name == "month_or_day" else _week(groups, year)
    if name in ("iso", "slashed", "day"):
        return _day(name, groups, year, context.first_of_date)
    if name in ("month", "month_part"):
        month = _month(groups["m"])
        first, last = date(year, month, 1), last_of_month(year, month)
        if name == "month_part":
            return _thirds(groups["part"], first, last)
        return first, last, (), "e" in groups
    if name == "quarter":
        quarter = int(groups.get("q") or groups.get("q2") or groups.get("q3") or _ORDINALS[groups["w"].lower()])
        return date(year, quarter * 3 - 2, 1), last_of_month(year, quarter * 3), (), "e" in groups
    if name == "half":
        second = (groups.get("h") or groups.get("h2") or str(_ORDINALS[groups.get("w", "first").lower()])) == "2"
        return date(year, 7 if second else 1, 1), last_of_month(year, 12 if second else 6), (), "e" in groups
    if name in ("year_end", "end_of_year"):
        return date(year, 12, 1), date(year, 12, 31), (), True
    if name == "year_part":
        return _year_part(groups["part"].lower(), year) if "y" in groups or "year" in match.group().lower() else None
    if name == "season":
        return _season(groups["w"].lower(), year)
    return date(year, 1, 1), date(year, 12, 31), (), False


def _festival(match: re.Match[str], context: TimeContext) -> _Read | None:
    name = _FESTIVALS[re.sub(r"\s+", " ", match["f"].lower())]
    day = context.festivals.on(name, int(match["y"]) if match["y"] else context.year)
    return (day, day, (), False) if day is not None else None


def _year(printed: str | None, context: TimeContext) -> int:
    digits = re.search(r"\d+", printed) if printed else None
    if digits is None:
        return context.year
    value = int(digits.group())
    return value + 2000 if value < 100 else value


def _month(printed: str) -> int:
    return next(index for index, name in enumerate(MONTHS, 1) if name.startswith(printed.lower()[:3]))


def first_of_dates(texts: Iterable[str]) -> Literal["day", "month"] | None:
    """What the dates of a notice begin with, as those show that read in one way only; nothing where they disagree."""
    pairs = [(int(date["a"]), int(date["b"])) for text in texts for date in _STROKES.finditer(text)]
    day, month = any(a > 12 >= b for a, b in pairs), any(b > 12 >= a for a, b in pairs)
    return None if day == month else "day" if day else "month"


def _day(name: str, groups: dict[str, str], year: int, begins: Literal["day", "month"] | None = None) -> _Read | None:
    day = int(re.match(r"\d+", groups["d"]).group())  # type: ignore[union-attr]  # the pattern asks for a digit
    month = int(groups["m"]) if name != "day" else _month(groups["m"])
    doubts: tuple[Doubt, ...] = ()
    if name == "slashed" and month > 12 >= day:
        day, month = month, day
    elif name == "slashed" and day <= 12 and day != month and begins is not None:
        day, month = (day, month) if begins == "day" else (month, day)
        told = (
            "清单里别处的日期日在前、月在后，照此理解。"
            if begins == "day"
            else "清单里别处的日期月在前、日在后，照此理解。"
        )
        doubts = (Doubt("date_order", "note", told),)
    elif name == "slashed" and day <= 12 and day != month:
        choices = (day_choice(date(year, month, day)), day_choice(date(year, day, month)))
        doubts = (Doubt("day_or_month", "ruling", "日和月的先后不明。", choices[0].text, choices),)
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    last = last_of_month(year, month)
    if day > last.day:
        return (
            last,
            last,
            (Doubt("no_such_day", "error", f"{year}年{month}月没有{day}日。", f"{last}", (day_choice(last),)),),
            False,
        )
    opens = re.match(r"\d+", groups.get("d0", ""))
    first = int(opens.group()) if opens is not None and 1 <= int(opens.group()) <= day else day
    return date(year, month, first), date(year, month, day), doubts, False


def _month_or_day(groups: dict[str, str], context: TimeContext) -> _Read | None:
    """`Jun-24` is how a spreadsheet shows June 2024, or the 24th of June."""
    month, number = _month(groups["m"]), int(groups["y"])
    year = 2000 + number
    as_day = _day("day", {"d": groups["y"], "m": groups["m"]}, context.year) if 1 <= number <= 31 else None
    if abs(year - context.year) > 2:
        return as_day
    first, last = date(year, month, 1), last_of_month(year, month)
    if as_day is None or context.first_of_date == "day":
        return first, last, (), False
    choices = (span_choice(first, last), day_choice(as_day[1]))
    doubt = Doubt("day_or_year", "ruling", "可能是某年某月，也可能是某月某日。", choices[0].text, choices)
    return first, last, (doubt,), False


def _week(groups: dict[str, str], year: int) -> _Read | None:
    """The week that holds a day (`w/c 3 June`), ends with it, or has a number; Monday to Sunday."""
    try:
        if "w" in groups:
            first = date.fromisocalendar(year, int(groups["w"]), 1)
            choice = span_choice(first, first + timedelta(days=6))
            note = Doubt("calendar_week", "note", "按日历周（周一至周日）理解。", choice.text, (choice,))
            return first, first + timedelta(days=6), (note,), False
        printed = groups.get("d") or groups.get("d2") or groups.get("d3") or ""
        named = groups.get("m") or groups.get("m2")
        month = _month(named) if named else int(groups["n3"])
        day = date(year, month, int((re.match(r"\d+", printed) or [0])[0]))
    except ValueError:
        return None
    monday, sunday = week_of(day)
    return (monday, day, (), False) if "e" in groups else (monday, sunday, (), False)


def _thirds(part: str, first: date, last: date) -> _Read:
    part = part.lower()
    if part in ("early", "beginning of", "start of"):
        span = (first, first.replace(day=10))
    elif part == "late":
        span = (first.replace(day=21), last)
    else:
        span = (first.replace(day=11), first.replace(day=20))
    choices = (span_choice(*span), span_choice(first, last))
    return *span, (Doubt("vague_time", "ruling", f"“{part}”没有确切的起止日期。", choices[0].text, choices),), False


def _year_part(part: str, year: int) -> _Read:
    months = {"early": (1, 3), "beginning of": (1, 1), "start of": (1, 1), "late": (10, 12)}.get(part, (6, 6))
    span = (date(year, months[0], 1), last_of_month(year, months[1]))
    choices = (span_choice(*span), day_choice(span[1]))
    return *span, (Doubt("vague_time", "ruling", f"“{part}”没有确切的起止日期。", choices[0].text, choices),), False


def _season(word: str, year: int) -> _Read:
    months = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[word]
    first = date(year, months, 1)
    last = last_of_month(year + (months == 12), (months + 1) % 12 + 1)
    choices = (span_choice(first, last),)
    return (
        first,
        last,
        (Doubt("vague_time", "ruling", f"“{word}”没有确切的起止日期。", choices[0].text, choices),),
        False,
    )
