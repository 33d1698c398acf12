"""What amendments, a new lead, another calendar and the ends of supervision change."""

from __future__ import annotations

from datetime import date
from typing import Any

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
from domain.evolution.assigning import opened, opened_part
from domain.evolution.change import Change, Fold, each_milestone, milestone_change
from domain.evolution.extending import moved_part
from domain.evolution.standstill import with_date_set_anew
from domain.ids import DepartmentId
from domain.project import KeyProject
from domain.rules.calendar import WorkingCalendar
from domain.rungs.limits import LIMIT_PASSED, shifted
from domain.state import Limit, MilestoneState, PartState, ProjectState


def _reassigned(state: ProjectState, event: LeadReassigned) -> Change:
    def hand_over(milestone: MilestoneState) -> dict[str, Any]:
        # The new lead signs for itself; where it was a participant, its part goes into the whole, and stays on record.
        parts = {name: _released(part) if name == event.after else part for name, part in milestone.parts.items()}
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
        # The sample of a planned day is drawn on that day: who leads later was not in it.
        today, plan = event.decided_at.date(), state.policy.life_cycle.inspection_plan
        over = {planned.on for planned in plan if state.calendar.on_or_after(planned.on) <= today}
        changed["planned_inspections_taken"] = tuple(sorted({*state.planned_inspections_taken, *over}))
    return changed


def _released(part: PartState) -> PartState:
    return part.model_copy(update={"stage": "released", "stops": {}})


def _handed_over(state: ProjectState, event: DutyHandedOver) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    return milestone_change(
        state,
        event.milestone_id,
        **with_date_set_anew(state, before, event.decided_at.date()),
        answer_by=event.answer_by,
        round=event.round,
        amended_round=event.round,
        taken=(),
    )


def _text_amended(state: ProjectState, event: ProjectAmended) -> Change:
    project = _with_text(state.project, event)
    changed: Change = {"project": project}
    if state.policy.life_cycle:
        before, after = (set(text.participating_departments) for text in (event.before, event.after))
        gone, new = before - after, sorted(after - before - {project.lead_department})
        changed.update(each_milestone(state, lambda milestone: {"parts": _parts(milestone, gone, new)}))
    return changed


def _parts(
    milestone: MilestoneState, gone: set[DepartmentId], new: list[DepartmentId]
) -> dict[DepartmentId, PartState]:
    # Only what the list changes: a department that was released from one milestone by hand stays so.
    parts = {name: _released(part) if name in gone else part for name, part in milestone.parts.items()}
    for name in new:
        if name not in parts or parts[name].stage == "released":
            parts[name] = opened_part(parts.get(name), name, milestone.answer_by)
    return parts


def _with_text(project: KeyProject, event: ProjectAmended) -> KeyProject:
    milestones = tuple(
        milestone.model_copy(update={"source": event.sources.get(milestone.milestone_id, milestone.source)})
        for milestone in project.milestones
    )
    # What an event of before did not know of stays as it is.
    changed = {name: value for name, value in event.after if value != getattr(event.before, name)}
    return project.model_copy(update={**changed, "milestones": milestones})


def _added(state: ProjectState, event: MilestoneAdded) -> Change:
    milestones = (*state.project.milestones, event.milestone)
    return {
        "project": state.project.model_copy(update={"milestones": milestones}),
        "milestones": {
            **state.milestones,
            event.milestone_id: opened(event.milestone, state.project, state.policy).model_copy(
                update={"added_on": event.decided_at.date()}
            ),
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
    today = event.decided_at.date()
    if event.round != before.round:
        changed.update(
            milestone_change(
                state,
                event.milestone_id,
                **{
                    **with_date_set_anew(state, before, today),
                    "parts": {
                        name: moved_part(part, event.after.due_on, event.round, today)
                        for name, part in before.parts.items()
                    },
                },
                approved_due_on=event.after.due_on,
                answer_by=event.after.due_on,
                round=event.round,
                amended_round=event.round,
                taken=(),
                retrospective=False,
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
    """The day on which a limit runs out by a calendar; a date that a person set stays, and one that is over."""
    if limit.working_days is None or LIMIT_PASSED in limit.taken:
        return limit.due_on
    return shifted(calendar, calendar.working_day(limit.set_on, limit.working_days), limit.extra_working_days)


def _milestone_withdrawn(state: ProjectState, event: MilestoneWithdrawn) -> Change:
    changed = milestone_change(
        state, event.milestone_id, stage="withdrawn", closed_at=event.decided_at, stops={}, stopped_on=None
    )
    # A leader's directive about it has nothing left to be answered for.
    kept = {number: each for number, each in state.directives.items() if each.milestone_id != event.milestone_id}
    return {**changed, "directives": kept}


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
