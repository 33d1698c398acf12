"""A sub-duty as a project of its own: its row, and the rules under which the department that gave it supervises."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, TypeVar

from domain.ids import DepartmentId, MilestoneId, ProjectId, milestone_id_for
from domain.project import KeyProject, Milestone, SourceSpan
from domain.rules.ladder_rules import EscalationStep
from domain.rules.life_cycle import OF_THE_SUPERVISORS, LifeCycleRules, Limits, LimitStep
from domain.rules.policy import SupervisionPolicy
from domain.state import GivenPart, ProjectState

_Step = TypeVar("_Step", EscalationStep, LimitStep)


def sub_duties_of(state: ProjectState) -> Iterator[tuple[MilestoneId, GivenPart]]:
    """Every part that was given to a unit, each with the milestone that it is of."""
    for milestone_id, milestone in state.milestones.items():
        for each in milestone.sub_duties or ():
            yield milestone_id, each


def never_started(state: ProjectState, known: Container[ProjectId]) -> Iterator[tuple[MilestoneId, GivenPart]]:
    """The parts that were given, are still to be done, and are no project that is known."""
    for milestone_id, given in () if state.closed else sub_duties_of(state):
        if given.project_id not in known and state.milestones[milestone_id].stage != "withdrawn":
            yield milestone_id, given


def not_started_text(milestone_id: MilestoneId, given: GivenPart) -> str:
    """What is said of a part that was never started, and what to do."""
    return (
        f"{milestone_id} 分解给{given.unit}的任务 {given.project_id} 没有启动："
        "请把在办的清单再启动一次（duban start），它会补上"
    )


def sub_duty_row(state: ProjectState, milestone_id: MilestoneId, given: GivenPart) -> KeyProject:
    """A sub-duty as a project: one milestone, led by its unit."""
    window = f"{given.due_on.year}年{given.due_on.month}月{given.due_on.day}日前"
    clause = f"{window}：{given.description}"
    whole = state.project
    return KeyProject(
        project_id=given.project_id,
        serial=whole.serial,
        title=given.description,
        main_content=f"{given.by}分解的任务：{whole.title}（{milestone_id}）",
        lead_department=given.unit,
        schedule_text=clause,
        milestones=(
            Milestone(
                milestone_id=milestone_id_for(given.project_id, 1),
                description=given.description,
                window_text=window,
                starts_on=None,
                due_on=given.due_on,
                assigned="window",
                quota=given.quota,
                source=SourceSpan(start=0, end=len(clause)),
            ),
        ),
        category=whole.category,
        priority=whole.priority,
        source=whole.source,
        responsible_leader=whole.responsible_leader,
        above=(given.by, *(whole.above or ())),
    )


def rules_below(policy: SupervisionPolicy, milestone_id: MilestoneId, by: DepartmentId) -> SupervisionPolicy:
    """The rules of a milestone's sub-duties: the milestone's own, with the department in the supervisors' place.

    What the supervisors must answer is the department's to answer; where it does not, its own supervisors hear of it.
    An order that goes to a superior of the unit goes there; one that goes to the office's leaders goes to the
    department, which answers to them for the whole.
    """
    rules = policy.rules_for(milestone_id)
    return policy.model_copy(
        update={
            "rules": rules.model_copy(update={"escalation": _turned(rules.escalation, by)}),
            "projects": {},
            "milestones": {},
            "life_cycle": _life_cycle(policy.life_cycle, by),
        }
    )


def _life_cycle(rules: LifeCycleRules, by: DepartmentId) -> LifeCycleRules:
    limits: dict[str, Any] = {}
    for kind in Limits.model_fields:
        limit = getattr(rules.limits, kind)
        if kind in OF_THE_SUPERVISORS:
            steps = tuple(step.model_copy(update={"to": rules.supervision_section}) for step in limit.escalation)
        else:
            steps = _turned(limit.escalation, by)
        limits[kind] = limit.model_copy(update={"escalation": steps})
    parts = rules.participants.model_copy(update={"escalation": _turned(rules.participants.escalation, by)})
    return rules.model_copy(
        update={
            "supervision_section": by,
            "limits": Limits(**limits),
            "participants": parts,
            "inspection_plan": (),
        }
    )


def _turned(steps: tuple[_Step, ...], to: DepartmentId) -> tuple[_Step, ...]:
    """The steps of a ladder, with those that name nobody of the unit itself turned to another."""
    return tuple(step if "{" in step.to else step.model_copy(update={"to": to}) for step in steps)
