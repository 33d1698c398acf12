"""What was corrected in a period that lies within another one: there it holds, in the longer one it does not.

A correction is not carried over by itself, for amounts may differ by period (the days of a breach); it is told instead.
"""

from __future__ import annotations

from typing import NamedTuple

from domain.scoring.points import ScorePoint
from domain.scoring.score_acts import ScoreBook, ScorePublished
from domain.scoring.table import ScoreTable


class CorrectedElsewhere(NamedTuple):
    """A point that a table counts by the record, the period within its own in which it was corrected, and to what."""

    point: ScorePoint
    period: str
    holds: int


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
    found: list[CorrectedElsewhere] = []
    for point in (each for row in table.departments for each in row.points if each.key not in own):
        said = ((name, corrections.get(point.key, point.points)) for name, corrections in within.items())
        otherwise = [(name, points) for name, points in said if points != point.points]
        found += [CorrectedElsewhere(point, *each) for each in otherwise[-1:]]
    return tuple(found)
