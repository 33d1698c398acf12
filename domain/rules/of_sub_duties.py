"""The rules of a sub-duty: those of its whole, with the department that supervises it in the supervisors' place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from domain.ids import DepartmentId, MilestoneId
from domain.rules.ladder_rules import EscalationStep, Role
from domain.rules.life_cycle import OF_THE_SUPERVISORS, Limits, LimitStep
from domain.rules.policy import SupervisionPolicy

_Step = TypeVar("_Step", EscalationStep, LimitStep)


def rules_below(policy: SupervisionPolicy, milestone_id: MilestoneId, by: DepartmentId) -> SupervisionPolicy:
    """The rules of a milestone's sub-duties: the milestone's own, with the department in the supervisors' place.

    What the supervisors must answer is the department's to answer; where it does not, its own supervisors hear of it.
    An order that goes to a superior of the unit goes there; one that goes to the office's leaders goes to the
    department, which answers to them for the whole.
    """
    rules, section = policy.rules_for(milestone_id), policy.life_cycle.supervision_section

    def turned(to: Role) -> Role:
        return to if "{" in to else by

    below = _with_addressees(policy.having(rules=rules), by, turned, lambda _: section)
    life_cycle = below.life_cycle.having(inspection_plan=())
    return below.having(projects={}, milestones={}, life_cycle=life_cycle)


def turned_over(policy: SupervisionPolicy, to: Mapping[DepartmentId, DepartmentId]) -> SupervisionPolicy:
    """The rules of a sub-duty with the departments above it in the place of those that they took over from."""

    def turned(role: Role) -> Role:
        return to.get(role, role)

    section = policy.life_cycle.supervision_section
    return _with_addressees(policy, to.get(section, section), turned, turned)


def _with_addressees(
    policy: SupervisionPolicy, section: DepartmentId, unit_s: Callable[[Role], Role], section_s: Callable[[Role], Role]
) -> SupervisionPolicy:
    """The same rules with another section and other superiors: of the unit, and of the section itself."""
    rules, life_cycle = policy.rules, policy.life_cycle
    limits: dict[str, Any] = {}
    for kind in Limits.model_fields:
        limit, to = getattr(life_cycle.limits, kind), section_s if kind in OF_THE_SUPERVISORS else unit_s
        limits[kind] = limit.having(escalation=_to(limit.escalation, to))
    parts = life_cycle.participants
    update: dict[str, Any] = {
        "supervision_section": section,
        "limits": Limits(**limits),
        "participants": parts.having(escalation=_to(parts.escalation, unit_s)),
    }
    return policy.having(
        rules=rules.having(escalation=_to(rules.escalation, unit_s)), life_cycle=life_cycle.model_copy(update=update)
    )


def _to(steps: tuple[_Step, ...], turned: Callable[[Role], Role]) -> tuple[_Step, ...]:
    return tuple(step.having(to=turned(step.to)) for step in steps)
