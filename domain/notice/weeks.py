"""Weeks by their number (`第24周`, `W24`), counted as the calendar of the standard ISO 8601 does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from domain.notice.numerals import number
from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.windows import Doubt, TimeContext, span_choice

_N = r"(?:\d{1,2}|[一二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NUMBERED = regex(
    rf"(?:(?P<year>20\d{{2}})\s*年\s*的?)?第?\s*(?<=第)\s*(?P<n>{_N})\s*(?:周?\s*(?:-+|至|到)\s*第?\s*(?P<last>{_N})\s*)?"
    r"(?P<school>教学|校历|学)?(?:周|星期)(?!期|年|岁|边|围|报|刊|末|转|密|全|到|例会)"
    rf"|(?:(?P<year2>20\d{{2}})\s*-?\s*)?(?:W|wk\.?\s?|CW\s?)(?P<n2>\d{{1,2}})(?!\d)(?:\s*-\s*W?(?P<last2>\d{{1,2}})(?!\d))?",
    re.IGNORECASE,
)
_WEEKS_OF_A_TERM = 20
# `9月5日所在周`, `国庆节当周`: a day that says which week.
_ITS_WEEK = regex(r"\s*(?:所在的?(?:那一?|这一?)?|当)(?:周|星期)(?![一二三四五六日天])")


# `9月2日、9月10日所在周`, `9月5日至9月6日所在周`: nobody says whether the week is of each of them.
_MORE_DAYS = regex(r"(?:[日号节]|\d)\s*(?:[、,，和及与至到]|-+)\s*$")
_LOOKS_BACK = 8


def week_at(text: str, at: int, context: TimeContext) -> Point | None:
    """The numbered week, or weeks, that the folded text names at an offset, or `None`."""
    if at and text[at - 1].isascii() and text[at - 1].isalnum():
        return None
    match = _NUMBERED.match(text, at)
    if match is None:
        return None
    first = number(match["n"] or match["n2"])
    last = number(match["last"] or match["last2"] or "") or first
    printed = match["year"] or match["year2"]
    year = int(printed) if printed else context.year
    try:
        monday = date.fromisocalendar(year, first or 0, 1)
        sunday = date.fromisocalendar(year, last or 0, 7)
    except ValueError:
        return None
    if sunday < monday:
        return None
    doubt = _doubt(match.group().strip(), monday, sunday, (last or 0) <= _WEEKS_OF_A_TERM, match["school"])
    return Point(at, match.end(), monday, sunday, "week", bool(printed), doubts=(doubt,), word=match.group())


def _doubt(printed: str, first: date, last: date, may_be_a_term: bool, school: str | None) -> Doubt:
    choice = span_choice(first, last)
    if school:
        return Doubt("which_week", "error", f"“{printed}”按校历计，要写明日期。", None, (choice,))
    if may_be_a_term and "第" in printed:
        text = f"“{printed}”按日历周（周一至周日）理解，也可能是教学周。"
        return Doubt("which_week", "ruling", text, choice.text, (choice,))
    return Doubt("calendar_week", "note", f"“{printed}”按日历周（周一至周日）理解。", choice.text, (choice,))


def in_its_week(text: str, point: Point) -> Point:
    """The point, or the week that it names (`9月5日所在周`)."""
    match = _ITS_WEEK.match(text, point.end) if point.unit in ("day", "festival") and not point.doubts else None
    if match is None:
        return point
    first, last = week_of(point.first)[0], week_of(point.last)[1]
    printed = text[point.start : match.end()].strip()
    doubt = _doubt(printed, first, last, False, None)
    if _MORE_DAYS.search(text, max(0, point.start - _LOOKS_BACK), point.start):
        choice = span_choice(first, last)
        told = f"“{printed}”前面还有日期，没有写明是不是也指那一周，这里只有最后一天按整周理解。"
        doubt = Doubt("which_week", "ruling", told, choice.text, (choice,))
    return replace(point, end=match.end(), first=first, last=last, unit="week", doubts=(doubt,))


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday of the week that a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
