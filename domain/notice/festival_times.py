"""Times that a festival names: its days, the eve of it, several feasts under one word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.points import around, point_at
from domain.notice.windows import (
    Basis,
    Doubt,
    TimeContext,
    TimeReading,
    Window,
    day_choice,
    last_of_month,
    span_choice,
    spoken,
)

_CLOSE_FEASTS = 31
DURING = regex(
    r"(?<=假期|假日|节日)间?(?!\s*(?:[之以]?[前后]|结束|左右|期间))|\s*(?:期间|前后|这一天|当天|当日|当月|当季度?)"
)
"""Behind a feast or a time, the words that it is meant whole (`期间`, `假期`)."""


def festival_time(end: int, point: Point) -> TimeReading:
    """The time of a festival: a statutory week, a school holiday, or the days that lead up to the day."""
    name = point.word.removesuffix("节")
    if _unknown(point):
        return TimeReading(0, end, (Window(),), Basis.DATED, point.doubts, deadline=True)
    if _of_a_school(point):
        return TimeReading(0, end, (Window(starts_on=point.first, due_on=point.last),), Basis.DATED, deadline=True)
    if name in ("国庆", "十一", "春节"):
        week = around(point, 0, 6) if name != "春节" else around(point, 1, 5)
        choices = (span_choice(week.first, week.last),)
        doubt = Doubt("festival_time", "note", f"“{point.word}期间”按法定假期理解。", choices[0].text, choices)
        return TimeReading(
            0, end, (Window(starts_on=week.first, due_on=week.last),), Basis.DATED, (doubt,), deadline=True
        )
    days = around(point, 3, 0)
    month = span_choice(
        date(point.first.year, point.first.month, 1), last_of_month(point.first.year, point.first.month)
    )
    either = (span_choice(days.first, days.last), span_choice(point.first, point.last), month)
    doubt = Doubt("festival_time", "ruling", f"“{point.word}”前后没有确切的起止日期。", either[0].text, either)
    return TimeReading(0, end, (Window(starts_on=days.first, due_on=days.last),), Basis.DATED, (doubt,), deadline=True)


def _unknown(point: Point) -> bool:
    """Whether nobody has said on which day the feast falls: then nothing is assumed."""
    return any(doubt.code == "unknown_festival" for doubt in point.doubts)


def _of_a_school(point: Point) -> bool:
    return any(doubt.code == "school_holiday" for doubt in point.doubts)


def before_festival(end: int, point: Point, context: TimeContext) -> TimeReading:
    """By the eve of a festival; one that was over when the list was issued may be next year's."""
    due = point.first - timedelta(days=1)
    if _unknown(point):
        return TimeReading(0, end, (Window(),), Basis.DATED, point.doubts, deadline=True)
    if _of_a_school(point):
        # `暑假前`: schools say on which day it begins, and nobody else does.
        asked = (
            replace(doubt, severity="ruling", choices=(day_choice(due),)) if doubt.code == "school_holiday" else doubt
            for doubt in point.doubts
        )
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, tuple(asked), deadline=True)
    over = context.issued_on is not None and due < context.issued_on
    if point.year_given or point.doubts or not (over or due.year < context.year):
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, point.doubts, deadline=True)
    following = point_at(point.word, 0, replace(context, year=context.year + 1))
    later = following.first - timedelta(days=1) if following is not None and not following.doubts else due
    taken = later if due.year < context.year else due
    choices = tuple(day_choice(day) for day in dict.fromkeys((taken, due, later)))
    doubt = Doubt("which_festival", "ruling", f"可能指今年的{point.word}，也可能指下一年的。", choices[0].text, choices)
    return TimeReading(0, end, (Window(due_on=taken),), Basis.DATED, (doubt,), deadline=True)


def before_feasts(reading: TimeReading) -> TimeReading:
    """`中秋、国庆前`: feasts that follow one another closely may be one deadline, or one before each."""
    days = sorted(window.due_on for window in reading.windows if window.due_on is not None)
    if len(days) < 2 or len(days) != len(reading.windows) or (days[-1] - days[0]).days > _CLOSE_FEASTS:
        return reading
    earliest = Window(due_on=days[0])
    choices = (day_choice(days[0]), day_choice(days[-1]))
    text = "几个相近的节日共用一个“前”，可能是一个时限，也可能各有一个。"
    doubt = Doubt("several_feasts", "ruling", text, spoken((earliest,)), choices)
    told = (replace(doubt, about=None) for doubt in reading.doubts)
    return replace(reading, windows=(earliest,), doubts=(*dict.fromkeys(told), doubt))
