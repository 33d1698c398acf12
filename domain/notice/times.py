"""Whatever time a text names at an offset: counted from another one, dated, in English, or as many times a year."""

from __future__ import annotations

from dataclasses import replace

from domain.notice.english_times import english_at
from domain.notice.expressions import dated_at
from domain.notice.numerals import number
from domain.notice.open_times import relative_at
from domain.notice.recurrences import TIMES_A_YEAR
from domain.notice.windows import TimeContext, TimeReading


def time_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """Whatever time the folded text names at an offset, in Chinese or English."""
    found = (read(text, at, context) for read in (relative_at, dated_at, english_at, _so_often_at))
    readings = [reading for reading in found if reading is not None and reading.end > at]
    return max(readings, key=lambda reading: reading.end) if readings else None


def _so_often_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    often = TIMES_A_YEAR.match(text, at)
    reading = dated_at(text, often.end(), context) if often is not None else None
    if often is None or reading is None or not text.startswith(")", reading.end):
        return None
    told = number(often["times"]) == len(reading.windows)
    return replace(reading, start=at, end=reading.end + 1) if told else None


def time_within(text: str, at: int, end: int, context: TimeContext) -> TimeReading | None:
    """The time that the folded text names at an offset, not read on behind `end`."""
    reading = time_at(text, at, context)
    if reading is not None and reading.end > end:
        return time_at(text[:end], at, context)
    return reading
