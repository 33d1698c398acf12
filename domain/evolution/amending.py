"""What amendments, a new lead, another calendar and the ends of supervision change."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.calendar import WorkingCalendar
from domain.events import (
    CalendarChanged,
    DutyHandedOver,
    Event,
    LeadReassigned,
    MilestoneAdded,
    MilestoneAmended,
    MilestoneCarriedOver,
    MilestoneEnded,
    MilestoneWithdrawn,
    ProjectAmended,
    ProjectArchived,
    ProjectWithdrawn,
)
from domain.evolution.assigning import opened
from domain.evolution.change import Change, Fold, each_milestone, milestone_change
from domain.evolution.extending import moved_part
from domain.ids import DepartmentId
from domain.limits import shifted
from domain.project import KeyProject
from domain.state import Limit, MilestoneState, PartState, ProjectState


def _reassigned(state: ProjectState, event: LeadReassigned) -> Change:
    def hand_over(milestone: MilestoneState) -> dict[str, Any]:
        # The new lead signs for itself; where it was a participant, its part goes into the whole.
        parts = {name: part for name, part in milestone.parts.items() if name != event.after}
        return {"signed": False, "parts": parts}

    changed: Change = {"project": state.project.model_copy(update={"lead_department": event.after})}
    if state.policy.life_cycle:
        changed.update(each_milestone(state, hand_over))
        # What the department before was to answer is the new one's now; its own receipt stays its own.
        changed["limits"] = {
            limit_id: limit.model_copy(update={"owner": event.after})
            if limit.owner == event.before and limit.kind != "receipt"
            else limit
            for limit_id, limit in state.limits.items()
        }
    return changed


def _handed_over(state: ProjectState, event: DutyHandedOver) -> Change:
    return milestone_change(
        state,
        event.milestone_id,
        answer_by=event.answer_by,
        round=event.round,
        amended_round=event.round,
        taken=(),
    )


def _text_amended(state: ProjectState, event: ProjectAmended) -> Change:
    project = _with_text(state.project, event)
    changed: Change = {"project": project}
    if state.policy.life_cycle:
        names = tuple(name for name in project.participating_departments if name != project.lead_department)
        changed.update(each_milestone(state, lambda milestone: {"parts": _parts(milestone, names)}))
    return changed


def _parts(milestone: MilestoneState, names: tuple[DepartmentId, ...]) -> dict[DepartmentId, PartState]:
    parts = {
        name: part if name in names else part.model_copy(update={"stage": "released", "stops": {}})
        for name, part in milestone.parts.items()
    }
    for name in names:
        if name not in parts or parts[name].stage == "released":
            parts[name] = PartState(department=name, answer_by=milestone.answer_by, round=milestone.round)
    return parts


def _with_text(project: KeyProject, event: ProjectAmended) -> KeyProject:
    milestones = tuple(
        milestone.model_copy(update={"source": event.sources.get(milestone.milestone_id, milestone.source)})
        for milestone in project.milestones
    )
    return project.model_copy(update={**dict(event.after), "milestones": milestones})


def _added(state: ProjectState, event: MilestoneAdded) -> Change:
    milestones = (*state.project.milestones, event.milestone)
    return {
        "project": state.project.model_copy(update={"milestones": milestones}),
        "milestones": {
            **state.milestones,
            event.milestone_id: opened(event.milestone, state.project, state.policy),
        },
    }


def _amended(state: ProjectState, event: MilestoneAmended) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    milestones = tuple(
        event.after if milestone.milestone_id == event.milestone_id else milestone
        for milestone in state.project.milestones
    )
    changed: Change = {"project": state.project.model_copy(update={"milestones": milestones})}
    if event.round != before.round:
        changed.update(
            milestone_change(
                state,
                event.milestone_id,
                approved_due_on=event.after.due_on,
                answer_by=event.after.due_on,
                round=event.round,
                amended_round=event.round,
                taken=(),
                retrospective=False,
                parts={name: moved_part(part, event.after.due_on, event.round) for name, part in before.parts.items()},
            )
        )
    return changed


def _recalendared(state: ProjectState, event: CalendarChanged) -> Change:
    return {
        "calendar": event.calendar,
        "limits": {
            limit_id: limit.model_copy(update={"due_on": limit_due_on(limit, event.calendar)})
            for limit_id, limit in state.limits.items()
        },
    }


def limit_due_on(limit: Limit, calendar: WorkingCalendar) -> date:
    """The day on which a limit runs out by a calendar; a date that a person set stays."""
    if limit.working_days is None:
        return limit.due_on
    return shifted(calendar, calendar.working_day(limit.set_on, limit.working_days), limit.extra_working_days)


def _milestone_withdrawn(state: ProjectState, event: MilestoneWithdrawn) -> Change:
    return milestone_change(state, event.milestone_id, stage="withdrawn", closed_at=event.decided_at)


def _carried_over(state: ProjectState, event: MilestoneCarriedOver) -> Change:
    return milestone_change(
        state, event.milestone_id, stage="carried_over", closed_at=event.decided_at, carried_to=event.to_year
    )


def _milestone_ended(state: ProjectState, event: MilestoneEnded) -> Change:
    return milestone_change(state, event.milestone_id, stage="ended", closed_at=event.decided_at)


def _project_withdrawn(state: ProjectState, event: ProjectWithdrawn) -> Change:
    return {"withdrawn": True}


def _archived(state: ProjectState, event: ProjectArchived) -> Change:
    return {"archived": True}


FOLDS: dict[type[Event], Fold] = {
    LeadReassigned: _reassigned,
    DutyHandedOver: _handed_over,
    ProjectAmended: _text_amended,
    MilestoneAdded: _added,
    MilestoneAmended: _amended,
    CalendarChanged: _recalendared,
    MilestoneWithdrawn: _milestone_withdrawn,
    MilestoneCarriedOver: _carried_over,
    MilestoneEnded: _milestone_ended,
    ProjectWithdrawn: _project_withdrawn,
    ProjectArchived: _archived,
}
