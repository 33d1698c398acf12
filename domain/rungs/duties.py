"""Which duties a department has in a project, and which of them it has not signed for."""

from __future__ import annotations

from datetime import datetime

from domain.ids import DepartmentId, MilestoneId
from domain.record.recorder import EventRecorder
from domain.rungs.matters import end_limit
from domain.state import CLOSED_STAGES, ProjectState


def departments_of(state: ProjectState, milestone_id: MilestoneId) -> set[DepartmentId]:
    """The participating departments that were not released from a milestone."""
    parts = state.milestones[milestone_id].parts
    return {name for name, part in parts.items() if part.stage != "released"}


def duties_in_scope(
    state: ProjectState, department: DepartmentId, milestone_id: MilestoneId | None
) -> tuple[MilestoneId, ...]:
    """The milestones that are not closed in which a department has a duty: of one, or of all."""
    ids = state.milestones if milestone_id is None else (milestone_id,)
    return tuple(
        each
        for each in ids
        if state.milestones[each].stage not in CLOSED_STAGES
        and (department == state.lead or department in departments_of(state, each))
    )


def unsigned_duties(
    state: ProjectState, department: DepartmentId, milestone_id: MilestoneId | None
) -> tuple[MilestoneId, ...]:
    """Those of them that it has not signed for."""
    participant = None if department == state.lead else department
    return tuple(
        each for each in duties_in_scope(state, department, milestone_id) if not state.duty_of(each, participant).signed
    )


def end_needless_receipts(recorder: EventRecorder, now: datetime) -> None:
    """Let a receipt fall away that a department has nothing left to sign for: what was unsigned is over."""
    state = recorder.project
    for limit in state.limits.values():
        if limit.kind == "receipt" and not unsigned_duties(state, limit.owner, None):
            end_limit(recorder, limit, now, answered=False)
