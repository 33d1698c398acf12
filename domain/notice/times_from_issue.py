"""Months, quarters and weeks counted from the day of issue: `本月底`, `下月中旬`, `本季度末`, `下周五`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from domain.notice.patterns import regex
from domain.notice.point import Point, vague
from domain.notice.weeks import week_of
from domain.notice.windows import Choice, Doubt, TimeContext, last_of_month, span_choice

_END = (
    r"(?=\s*(?:$|[,;:。、)\n\-]|前|之前|以前|起|内|至|到|完成|召开|开展|启动|形成|报送|提交|印发|制定|出台|组织|举办))"
)
_SPOKEN = regex(
    rf"(?P<which>本|这个?|下个?|(?<![\d一-鿿])(?=月内))(?P<unit>月份?|季度?|周|星期)(?P<part>底|末|初|上旬|中旬|下旬|\d{{1,2}}[日号]|[一二三四五六日天])?{_END}"
)
_WEEKDAYS = "一二三四五六日"


def from_issue_at(text: str, at: int, context: TimeContext) -> Point | None:
    """The month, quarter or week that the folded text counts from the day of issue at an offset, or `None`."""
    match = _SPOKEN.match(text, at)
    if match is None:
        return None
    later = match["which"].startswith("下")
    if context.issued_on is None:
        doubt = Doubt(
            "from_issue",
            "error",
            f"“{match.group()}”从印发日期算起，但不知道印发日期。",
            None,
            (Choice(key="M月D日前", text="写明到期日"),),
        )
        whole = date(context.year, 1, 1), date(context.year, 12, 31)
        return Point(at, match.end(), *whole, "year", True, end_only=True, doubts=(doubt,), word=match.group())
    point = _counted(at, match, context.issued_on, later)
    if point is None:
        return None
    choice = span_choice(point.first, point.last)
    note = Doubt("from_issue", "note", f"“{match.group()}”从印发日期算起。", choice.text, (choice,))
    return replace(point, doubts=(*point.doubts, note), word=match.group())


def _counted(  # noqa: PLR0911 - one exit for each unit
    at: int, match: re.Match[str], issued: date, later: bool
) -> Point | None:
    unit, part = match["unit"], match["part"] or ""
    end = match.end()
    if unit in ("周", "星期"):
        monday, sunday = week_of(issued + timedelta(days=7 * later))
        if part in ("", "末", "底"):
            return Point(at, end, monday, sunday, "week", True, end_only=bool(part))
        if part[0] not in "一二三四五六日天":
            return None
        day = monday + timedelta(days=_WEEKDAYS.index(part.replace("天", "日")))
        return Point(at, end, day, day, "day", True)
    if part and part in _WEEKDAYS + "天":
        return None
    if unit.startswith("季"):
        opening = issued.month - (issued.month - 1) % 3 + 3 * later
        first, last = _month_start(issued.year, opening), last_of_month(*_year_month(issued.year, opening + 2))
        whole = Point(at, end, first, last, "quarter", True)
        if part in ("底", "末"):
            return replace(whole, first=last.replace(day=1), end_only=True)
        return whole if not part else vague(whole, match.group(), last)
    year, month = _year_month(issued.year, issued.month + later)
    return _month(Point(at, end, date(year, month, 1), last_of_month(year, month), "month", True), part, match.group())


def _month(point: Point, part: str, word: str) -> Point | None:
    first, last = point.first, point.last
    if part in ("底", "末"):
        return replace(point, first=first.replace(day=21), unit="tenth", end_only=True)
    tenths = {"上旬": (first, first.replace(day=10)), "中旬": (first.replace(day=11), first.replace(day=20))}
    tenths["下旬"] = (first.replace(day=21), last)
    if part in tenths:
        return replace(point, first=tenths[part][0], last=tenths[part][1], unit="tenth")
    if part == "初":
        return vague(replace(point, last=first.replace(day=10), unit="tenth"), word, last)
    if part:
        day = int(part[:-1])
        if not 1 <= day <= last.day:
            return None
        return replace(point, first=first.replace(day=day), last=first.replace(day=day), unit="day")
    return point


def _year_month(year: int, month: int) -> tuple[int, int]:
    return year + (month - 1) // 12, (month - 1) % 12 + 1


def _month_start(year: int, month: int) -> date:
    return date(*_year_month(year, month), 1)
