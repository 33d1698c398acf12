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
from domain.scoring.points import ADDED, PointRule, ProjectAccount, ScorePoint, account_of
from domain.scoring.roles import Role

HUNDREDTHS = 100
Names = Mapping[DepartmentId, DepartmentId]
"""By a name that a department had before the one under which it stands in the table."""
Corrections = Mapping[str, int]
"""By the key of a point the points that hold instead."""


class AssignmentScore(Frozen):
    """One project of one department in a period: with what it began, each point, and the score."""

    project_id: ProjectId
    role: Role
    weight: int
    base: int
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

    A department that has other `names` in the record has one row under the one that they lead to. One that had let a
    project go before the period stands in it with what it was last, where it has points of it.
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
        roles: dict[DepartmentId, Role] = {}
        for held, role in _roles(account, period, points, names).items():
            name = names.get(held, held)
            roles[name] = role if roles.get(name) != "lead" else "lead"
            formerly.setdefault(name, set()).add(held)
        for name, role in roles.items():
            own = tuple(
                _corrected(each, corrections or {})
                for each in points
                if names.get(each.department, each.department) == name
            )
            formerly[name].update(each.department for each in own)
            rows.setdefault(name, []).append(_assignment(account.project_id, role, own, rules))
    departments = [
        DepartmentScore(
            department=name,
            score=_mean(assignments),
            assignments=tuple(assignments),
            formerly=tuple(sorted(formerly[name] - {name})) or None,
        )
        for name, assignments in sorted(rows.items())
    ]
    return ScoreTable(period=period, until=last, rules=rules, departments=tuple(departments))


def _roles(
    account: ProjectAccount, period: Period, points: Sequence[ScorePoint], names: Names
) -> dict[DepartmentId, Role]:
    # What is found or decided about work after its department has let it go costs, or brings, its points all the same.
    roles = account.roles.during(period)
    there = {names.get(name, name) for name in roles}
    late = {names.get(point.department, point.department) for point in points} - there
    return roles | {
        name: role for name, role in account.roles.last_until(period).items() if names.get(name, name) in late
    }


def _corrected(point: ScorePoint, corrections: Corrections) -> ScorePoint:
    return point.having(corrected=corrections[point.key]) if point.key in corrections else point


def _assignment(
    project_id: ProjectId, role: Role, points: tuple[ScorePoint, ...], rules: ScoreRules
) -> AssignmentScore:
    added = sum(each.holds for each in points if each.rule in ADDED)
    deducted = sum(each.holds for each in points if each.rule not in ADDED)
    score = rules.base + min(added, rules.added_at_most) + deducted
    return AssignmentScore(
        project_id=project_id,
        role=role,
        weight=rules.lead_weight if role == "lead" else rules.participant_weight,
        base=rules.base,
        points=points,
        score=max(rules.lowest, min(rules.highest, score)),
    )


def _mean(assignments: Sequence[AssignmentScore]) -> int:
    weight = sum(each.weight for each in assignments)
    total = sum(each.weight * each.score for each in assignments)
    # Half a hundredth is rounded up: whole numbers alone, so that every program comes to the same.
    return (2 * HUNDREDTHS * total + weight) // (2 * weight)


class ScoreDifference(Frozen):
    """What another rule would make of one department: its score before and after, and the points by rule."""

    department: DepartmentId
    was: int
    would_be: int
    rules: dict[PointRule, tuple[int, int]]


def differences(was: ScoreTable, would_be: ScoreTable) -> list[ScoreDifference]:
    """What differs between two tables of the same events, department by department; nothing of what does not."""
    after = {row.department: row for row in would_be.departments}
    found = []
    for row in was.departments:
        other = after[row.department]
        before, then = _by_rule(row), _by_rule(other)
        changed = {
            rule: (before.get(rule, 0), then.get(rule, 0))
            for rule in sorted({*before, *then})
            if before.get(rule, 0) != then.get(rule, 0)
        }
        if changed or row.score != other.score:
            found.append(ScoreDifference(department=row.department, was=row.score, would_be=other.score, rules=changed))
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


def _by_rule(row: DepartmentScore) -> dict[PointRule, int]:
    totals: dict[PointRule, int] = {}
    for point in row.points:
        totals[point.rule] = totals.get(point.rule, 0) + point.holds
    return totals


def in_points(hundredths: int) -> str:
    """A score as people read it: `97.50`."""
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"
