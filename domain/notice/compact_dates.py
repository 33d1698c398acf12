"""Days written in digits alone: `20240630`, `24.6.30`, `6/30`, `202406`, and the number of a day in a spreadsheet."""

from __future__ import annotations

import re
from datetime import date, timedelta

from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.windows import Doubt, TimeContext, day_choice, last_of_month

_EIGHT = regex(r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)(?:日(?!常))?")
_SIX = regex(r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?!\d)(?=\s*(?:$|[前底末至到起完\-:;,。、)\n]|(?:之|以)前))")
_SHORT_YEAR = regex(
    r"['’]?(?P<a>\d{1,2})\s?(?P<sign>[./-])\s?(?P<b>\d{1,2})\s?(?P=sign)\s?(?P<c>\d{2}|\d)(?![\d./])(?!(?<=-\d\d)-\d|(?<=-\d)-\d)(?:日(?!常))?"
)
_SHORT_MONTH = regex(r"['’]?(?P<y>\d{2})\.(?P<m>1[0-2]|0[1-9]|[1-9])\s*$")
_MONTH_DAY = regex(
    r"(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/%])(?=\s*(?:$|[日号]?\s*(?:之|以)?前|[;,。、):\n\-]|至|到|完成))"
)
# `3.15` is a day where a second one or a limit stands beside it, and asked about where it stands alone.
_DOTTED_DAY = r"(?:1[0-2]|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9])(?![\d.%]|\s*月)"
_DOTTED = regex(
    rf"(?P<m>1[0-2]|0?[1-9])\.(?P<d>3[01]|[12]\d|0?[1-9])(?![\d.%]|\s*月)(?:(?P<sure>\s*(?:-+|至|到|[、,和及/])\s*{_DOTTED_DAY}|\s*[日号]?\s*(?:之|以)?前)|(?P<alone>\s*$))?"
)
_BESIDE = regex(rf"{_DOTTED_DAY}\s*(?:之|以)?前?\s*(?:-+|至|到|[、,和及/])\s*$|[-至到\s]$")
# `4.15：完成许可；6.30：完成桩基`: days that open their parts; numbers of sections have no second figure of two digits.
_OPENING_DAYS = regex(rf"(?:^|(?<=[;。,\n]))\s*(?P<day>{_DOTTED_DAY})(?P<mark>\s*:|[ \t]+(?=[一-鿿]))")
_LONGEST_NUMBER = 10
_DAY_WORD = regex(r"[日号](?=\s*(?:之|以)?前)")
_SERIAL = regex(r"\s*(?P<n>4\d{4}|5[0-4]\d{3})(?:\.0+)?\s*$")
_BEFORE = regex(r"(?:^|[\s:(,;、。至到\-]|前|于|在|by|before)\s*$", re.IGNORECASE)
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_YEARS_AROUND = 5


def compact_at(  # noqa: PLR0911 - one exit for each form
    text: str, at: int, context: TimeContext
) -> Point | None:
    """The day or month that a run of digits names at an offset of the folded text, or `None`."""
    before = text[at - 1 : at] if at else ""
    if before.isdigit() or before in (".", "/") or at >= len(text) or not (text[at].isdigit() or text[at] in "'’ "):
        return None
    opens = at <= 2 and not text[:at].strip()
    if (match := _EIGHT.match(text, at)) is not None:
        return _day_point(at, match.end(), _real(int(match["y"]), int(match["m"]), int(match["d"])))
    if (match := _SIX.match(text, at)) is not None or (opens and (match := _SHORT_MONTH.match(text, at)) is not None):
        year = int(match["y"])
        year = year if year > 99 else 2000 + year
        if abs(year - context.year) > _YEARS_AROUND:
            return None
        month = int(match["m"])
        return Point(at, match.end(), date(year, month, 1), last_of_month(year, month), "month", True)
    if (match := _SHORT_YEAR.match(text, at)) is not None:
        return _short_year(at, match, context)
    if opens and (match := _SERIAL.match(text, at)) is not None:
        return _serial(at, match, context)
    if (match := _DOTTED.match(text, at)) is not None:
        return _dotted(text, at, match, context)
    if _BEFORE.search(text[max(0, at - 8) : at]) is not None and (match := _MONTH_DAY.match(text, at)) is not None:
        return _month_day(at, match, context)
    return None


def _day_point(start: int, end: int, day: date | None, doubts: tuple[Doubt, ...] = ()) -> Point | None:
    return Point(start, end, day, day, "day", True, doubts=doubts) if day is not None else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _short_year(at: int, match: re.Match[str], context: TimeContext) -> Point | None:
    """`24.6.30` opens with the year, `30/06/24` closes with it; what fits both ways is asked about."""
    a, b, c = (int(match[name]) for name in "abc")
    readings = {
        "year first": _real(2000 + a, b, c) if len(match["a"]) == 2 else None,
        "day first": _real(2000 + c, b, a) if len(match["c"]) == 2 else None,
        "month first": _real(2000 + c, a, b) if len(match["c"]) == 2 else None,
    }
    near = {
        name: day for name, day in readings.items() if day is not None and abs(day.year - context.year) <= _YEARS_AROUND
    }
    if not near:
        return None
    first = near.get("year first")
    if first is not None and (match["sign"] != "/" or first.year == context.year):
        return _day_point(at, match.end(), first)
    # Written with slashes, what closes with the list's own year goes before what opens with another.
    days = tuple(dict.fromkeys(sorted(near.values(), key=lambda day: abs(day.year - context.year))))
    return _day_point(at, match.end(), days[0], _either(days))


def _either(days: tuple[date, ...]) -> tuple[Doubt, ...]:
    if len(days) < 2:
        return ()
    choices = tuple(day_choice(day) for day in days)
    return (Doubt("day_or_month", "ruling", "日和月的先后不明。", choices[0].text, choices),)


def _serial(at: int, match: re.Match[str], context: TimeContext) -> Point | None:
    day = _SPREADSHEET_EPOCH + timedelta(days=int(match["n"]))
    if abs(day.year - context.year) > _YEARS_AROUND:
        return None
    text = f"“{match.group().strip()}”像是电子表格里日期的序号。"
    doubt = Doubt("spreadsheet_day", "ruling", text, day_choice(day).text, (day_choice(day),))
    return _day_point(at, match.end(), day, (doubt,))


def _dotted(text: str, at: int, match: re.Match[str], context: TimeContext) -> Point | None:
    day = _real(context.year, int(match["m"]), int(match["d"]))
    alone = match["alone"] is not None and not text[:at].strip()
    beside = match["sure"] is not None or _BESIDE.search(text[max(0, at - 12) : at]) is not None
    opening = _opens_a_part(text, at)
    beside = beside or opening is True
    if day is None or not (alone or beside or opening is False):
        return None
    doubt = Doubt(
        "day_or_number",
        "ruling",
        f"“{match.group().strip()}”可能是日期，也可能只是数字。",
        day_choice(day).text,
        (day_choice(day),),
    )
    end = _DAY_WORD.match(text, match.end("d"))
    return Point(at, end.end() if end else match.end("d"), day, day, "day", False, doubts=() if beside else (doubt,))


def _opens_a_part(text: str, at: int) -> bool | None:
    """Whether a dotted day opens a part of the text surely, beside others of later days; `None` where none does."""
    openings = list(_OPENING_DAYS.finditer(text))
    own = next((found for found in openings if found.start("day") == at), None)
    if own is None or all(int(found["day"].split(".")[1]) < _LONGEST_NUMBER for found in openings):
        return None
    days = [tuple(map(int, found["day"].split("."))) for found in openings]
    return len(days) > 1 and days == sorted(days) and ":" in own["mark"]


def _month_day(at: int, match: re.Match[str], context: TimeContext) -> Point | None:
    month, day = int(match["m"]), int(match["d"])
    first = _real(context.year, month, day)
    if first is None:
        return None
    other = _real(context.year, day, month) if day <= 12 else None
    point = _day_point(at, match.end(), first, _either(tuple(dict.fromkeys((first, other))) if other else ()))
    word = _DAY_WORD.match(match.string, match.end())
    end = word.end() if word is not None else match.end()
    return Point(at, end, first, first, "day", False, doubts=point.doubts if point is not None else ())
