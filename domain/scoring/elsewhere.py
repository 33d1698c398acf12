"""What was corrected in a period that lies within another one: there it holds, in the longer one it does not.

A correction is not carried over by itself, for amounts may differ by period (the days of a breach); it is told instead.
"""

from __future__ import annotations

from typing import NamedTuple

from domain.scoring.points import ScorePoint
from domain.scoring.score_acts import ScoreBook, ScorePublished
from domain.scoring.table import ScoreTable


class CorrectedElsewhere(NamedTuple):
    """A point that a table counts by the record, and the period within its own in which it was corrected."""

    point: ScorePoint
    period: str


def corrected_elsewhere(book: ScoreBook, table: ScoreTable) -> tuple[CorrectedElsewhere, ...]:
    """The points of a table that an appeal or a correction changed in a period within its own, and not in it; none that
    has the same points by the record. Each stands once, with the last such period."""
    period, own = table.period, book.corrections(table.period.name)
    within = {
        act.period: book.corrections(act.period)
        for act in book.acts
        if isinstance(act, ScorePublished)
        and act.period != period.name
        and period.from_on <= act.from_on <= act.to_on <= period.to_on
    }
    found = {key: (name, points) for name, corrections in within.items() for key, points in corrections.items()}
    return tuple(
        CorrectedElsewhere(point, found[point.key][0])
        for row in table.departments
        for point in row.points
        if point.key in found and point.key not in own and found[point.key][1] != point.points
    )
