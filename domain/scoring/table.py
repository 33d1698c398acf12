"""The table of a period: each assignment's score with its points, each department's score as their weighted mean.

Departments stand in the order of their names, never in that of their scores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from domain.events import DomainEvent
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, ProjectId
from domain.names import same_name
from domain.rules.score_rules import ScoreRules
from domain.scoring.period import Period
from domain.scoring.points import ADDED, PointRule, ScorePoint, account_of
from domain.scoring.roles import Role

HUNDREDTHS = 100
Names = Mapping[DepartmentId, DepartmentId]
"""By a name that a department had before the one under which it stands in the table."""
Corrections = Mapping[str, int]
"""By the key of a point the points that hold instead."""


class AssignmentScore(Frozen):
    """One project of one department in a period: with what it began, each point, and the score.

    It has no `base` where nothing of it was due from the department in the period: `score` is that of its points then.
    """

    project_id: ProjectId
    role: Role
    weight: int
    base: int | None
    points: tuple[ScorePoint, ...]
    score: int


class DepartmentScore(Frozen):
    """A department in a period; `score` is in hundredths."""

    department: DepartmentId
    score: int
    assignments: tuple[AssignmentScore, ...]
    formerly: tuple[DepartmentId, ...] | None = added_later()
    """The names that it had before, under which some of its duties ran."""

    def is_of(self, name: DepartmentId) -> bool:
        """Whether a name is the department's: its own, or one that its duties ran under."""
        return any(same_name(name, each) for each in (self.department, *(self.formerly or ())))

    @property
    def leads(self) -> int:
        """In how many projects that count with their base it leads."""
        return sum(each.role == "lead" for each in self.assignments if each.base is not None)

    @property
    def takes_part(self) -> int:
        """In how many projects that count with their base it takes part."""
        return sum(each.role != "lead" for each in self.assignments if each.base is not None)

    @property
    def points(self) -> tuple[ScorePoint, ...]:
        """All its points."""
        return tuple(point for assignment in self.assignments for point in assignment.points)


class ScoreTable(Frozen):
    """The scores of a period by `rules`, as far as it had gone by `until`."""

    period: Period
    until: date
    rules: ScoreRules
    departments: tuple[DepartmentScore, ...]

    @property
    def projects(self) -> frozenset[ProjectId]:
        """The projects that it scores."""
        return frozenset(each.project_id for row in self.departments for each in row.assignments)

    def digest(self) -> str:
        """The hash of all that it says."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def point(self, key: str) -> ScorePoint | None:
        """A point by its key; none where the table has no such point."""
        return next((each for row in self.departments for each in row.points if each.key == key), None)


def score_table(
    projects: Iterable[Iterable[DomainEvent]],
    rules: ScoreRules,
    period: Period,
    until: date,
    corrections: Corrections | None = None,
    falsified: Sequence[ScorePoint] = (),
    names: Names = MappingProxyType({}),
) -> ScoreTable:
    """The table of a period, from the events of all projects; `falsified` are the points of false reports.

    A project counts for a department with its base where something of it is due from it in the period; any other one
    with its points alone, as what the department was there last. A department that has other `names` in the record has
    one row under the one that they lead to.
    """
    rows: dict[DepartmentId, list[AssignmentScore]] = {}
    formerly: dict[DepartmentId, set[DepartmentId]] = {}
    last = min(until, period.to_on)
    for events in projects:
        account = account_of(events)
        if not account.project_id:
            continue
        points = [*account.points(rules, period, last)]
        points += [each for each in falsified if each.project_id == account.project_id and period.has(each.on)]
        due = _by_present_name(account.due_from(period), names, formerly)
        whose = {names.get(each.department, each.department) for each in points} - due.keys()
        scored = {
            name: role
            for name, role in account.roles.last_until(period.to_on).items()
            if names.get(name, name) in whose
        }
        roles = due | _by_present_name(scored, names, formerly)
        for name, role in roles.items():
            own = tuple(
                _corrected(each, corrections or {})
                for each in points
                if names.get(each.department, each.department) == name
            )
            formerly[name].update(each.department for each in own)
            rows.setdefault(name, []).append(_assignment(account.project_id, role, own, rules, due=name in due))
    departments = [
        DepartmentScore(
            department=name,
            score=_score(assignments, rules),
            assignments=tuple(assignments),
            formerly=tuple(sorted(formerly[name] - {name})) or None,
        )
        for name, assignments in sorted(rows.items())
    ]
    return ScoreTable(period=period, until=last, rules=rules, departments=tuple(departments))


def _by_present_name(
    roles: Mapping[DepartmentId, Role], names: Names, formerly: dict[DepartmentId, set[DepartmentId]]
) -> dict[DepartmentId, Role]:
    merged: dict[DepartmentId, Role] = {}
    for held, role in roles.items():
        name = names.get(held, held)
        merged[name] = role if merged.get(name) != "lead" else "lead"
        formerly.setdefault(name, set()).add(held)
    return merged


def _corrected(point: ScorePoint, corrections: Corrections) -> ScorePoint:
    return point.having(corrected=corrections[point.key]) if point.key in corrections else point


def _assignment(
    project_id: ProjectId, role: Role, points: tuple[ScorePoint, ...], rules: ScoreRules, *, due: bool
) -> AssignmentScore:
    added = sum(each.holds for each in points if each.rule in ADDED)
    deducted = sum(each.holds for each in points if each.rule not in ADDED)
    sum_of_points = min(added, rules.added_at_most) + deducted
    return AssignmentScore(
        project_id=project_id,
        role=role,
        weight=rules.lead_weight if role == "lead" else rules.participant_weight,
        base=rules.base if due else None,
        points=points,
        score=max(rules.lowest, min(rules.highest, rules.base + sum_of_points)) if due else sum_of_points,
    )


def _score(assignments: Sequence[AssignmentScore], rules: ScoreRules) -> int:
    """The weighted mean of what counts with its base, or the base where nothing does; the points of what has none move
    it as they would if that began with this mean: a deduction never raises it, nor does an addition lower it."""
    counted = [each for each in assignments if each.base is not None]
    weight, of_all = sum(each.weight for each in counted), sum(each.weight for each in assignments)
    total, moved = (
        sum(each.weight * each.score for each in some)
        for some in (counted, [each for each in assignments if each.base is None])
    )
    if not weight:
        weight, total = 1, rules.base
    # Half a hundredth is rounded up: whole numbers alone, so that every program comes to the same.
    over, under = total * of_all + moved * weight, weight * of_all
    score = (2 * HUNDREDTHS * over + under) // (2 * under)
    return max(HUNDREDTHS * rules.lowest, min(HUNDREDTHS * rules.highest, score))


class ScoreDifference(Frozen):
    """What another rule would make of one department: its score before and after, none where it has nothing due and no
    point, and the points by rule."""

    department: DepartmentId
    was: int | None
    would_be: int | None
    rules: dict[PointRule, tuple[int, int]]


def differences(was: ScoreTable, would_be: ScoreTable) -> list[ScoreDifference]:
    """What differs between two tables of the same events, department by department; nothing of what does not."""
    rows, others = ({row.department: row for row in table.departments} for table in (was, would_be))
    found = []
    for name in sorted({*rows, *others}):
        row, other = rows.get(name), others.get(name)
        before, then = _by_rule(row), _by_rule(other)
        changed = {
            rule: (before.get(rule, 0), then.get(rule, 0))
            for rule in sorted({*before, *then})
            if before.get(rule, 0) != then.get(rule, 0)
        }
        score, instead = (None if each is None else each.score for each in (row, other))
        if changed or score != instead:
            found.append(ScoreDifference(department=name, was=score, would_be=instead, rules=changed))
    return found


class ScoreRuleEffect(Frozen):
    """What one changed rule alone would make different: how many departments have another score, how many points are
    others, and by how much all points together. Rules that cannot stand alone are told together."""

    rules: tuple[str, ...]
    departments: int
    points: int
    sum: int


def effect_of(rules: tuple[str, ...], was: ScoreTable, would_be: ScoreTable) -> ScoreRuleEffect:
    """What the rules of the second table make different from the first one."""
    before, then = _holding(was), _holding(would_be)
    return ScoreRuleEffect(
        rules=rules,
        departments=len(differences(was, would_be)),
        points=sum(before.get(point, 0) != then.get(point, 0) for point in {*before, *then}),
        sum=sum(then.values()) - sum(before.values()),
    )


def _holding(table: ScoreTable) -> dict[tuple[DepartmentId, str], int]:
    return {(row.department, each.key): each.holds for row in table.departments for each in row.points}


def _by_rule(row: DepartmentScore | None) -> dict[PointRule, int]:
    totals: dict[PointRule, int] = {}
    for point in row.points if row else ():
        totals[point.rule] = totals.get(point.rule, 0) + point.holds
    return totals


def in_points(hundredths: int) -> str:
    """A score as people read it: `97.50`."""
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"
