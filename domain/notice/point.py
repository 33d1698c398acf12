"""What one point of the calendar is, whatever words name it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from domain.notice.windows import Doubt, span_choice

Unit = Literal["day", "tenth", "week", "month", "quarter", "half", "year", "part_of_year", "festival"]


@dataclass(frozen=True, slots=True)
class Point:
    """A stretch of the calendar, `first` to `last`, read at `start`..`end` of the folded text.

    `end_only` marks a point that names an end without a start (`6月底`, `年底`).
    """

    start: int
    end: int
    first: date
    last: date
    unit: Unit
    year_given: bool
    end_only: bool = False
    doubts: tuple[Doubt, ...] = ()
    word: str = ""


def vague(point: Point, word: str, other_last: date) -> Point:
    """A point whose limits the words do not fix: read in the usual way, with a finding."""
    choices = (span_choice(point.first, point.last), span_choice(point.first, other_last))
    text = f"“{word}”没有确切的起止日期。"
    return replace(point, doubts=(*point.doubts, Doubt("vague_time", "ruling", text, choices[0].text, choices)))
