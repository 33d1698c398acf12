"""What may be said to hold instead of a point: other points, of the same kind."""

from __future__ import annotations

from domain.scoring.point_names import point_name
from domain.scoring.points import ADDED, ScorePoint
from domain.scoring.refusals import AdditionDeductsError, DeductionAddsError, SamePointsError


def must_change(point: ScorePoint, points: int) -> None:
    """Refuse a correction that changes nothing, or makes another kind of the point (`ScoreRefusedError`)."""
    if points == point.holds:
        raise SamePointsError(point=point_name(point.key), points=points)
    must_stay_of_its_kind(point, points)


def must_stay_of_its_kind(point: ScorePoint, points: int) -> None:
    """Refuse to make of a deduction an addition, or the other way round (`ScoreRefusedError`)."""
    if point.rule in ADDED and points < 0:
        raise AdditionDeductsError(point=point_name(point.key), given=points)
    if point.rule not in ADDED and points > 0:
        raise DeductionAddsError(point=point_name(point.key), given=points)
