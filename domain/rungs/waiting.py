"""What falls away when a milestone ends or its date moves: an extension nobody rules on any more, matters left open."""

from __future__ import annotations

from datetime import datetime

from domain.events import ExtensionLapsed, InspectionClosed
from domain.ids import DepartmentId, MilestoneId
from domain.record.recorder import EventRecorder
from domain.rules.life_cycle import LimitKind
from domain.rungs.matters import drop_limits, end_limit
from domain.rungs.stops import milestones_in_scope, resume_clock

OUTLIVING: tuple[LimitKind, ...] = ("inspection_answer", "rectification", "rectification_check", "directive_answer")
"""Matters that outlive the completion of the milestone that they came from."""
_OF_EXTENSIONS: tuple[LimitKind, ...] = ("extension_review", "extension_ruling")


def lapse_extension(recorder: EventRecorder, milestone_id: MilestoneId, now: datetime) -> None:
    """Let an extension fall away that nobody has to rule on any more; nothing where none is asked for."""
    state = recorder.project
    if state.milestones[milestone_id].extension is None:
        return
    recorder.record(ExtensionLapsed, milestone_id=milestone_id)
    for kind in _OF_EXTENSIONS:
        end_limit(recorder, state.open_limit(kind, milestone_id), now, answered=False)
    resume_clock(recorder, milestone_id, "extension", now.date())


def end_what_waits(recorder: EventRecorder, milestone_id: MilestoneId, now: datetime, *kept: LimitKind) -> None:
    """Let everything fall away that waits for an answer in a milestone that ends, but for the kinds that are kept."""
    lapse_extension(recorder, milestone_id, now)
    drop_limits(recorder, milestone_id, now, *kept)


def end_for_good(recorder: EventRecorder, milestone_id: MilestoneId, now: datetime) -> None:
    """Let everything fall away in a milestone that leaves supervision, an inspection that is under way included."""
    end_what_waits(recorder, milestone_id, now)
    state = recorder.project
    if state.milestones[milestone_id].inspection is not None:
        recorder.record(InspectionClosed, milestone_id=milestone_id, note=None)


def end_decline(
    recorder: EventRecorder, department: DepartmentId, milestone_id: MilestoneId | None, now: datetime
) -> None:
    """End a declined assignment that is ruled on: the department's clock goes on, unless it has declined that too by
    another letter. Nothing where none is waiting.
    """
    state = recorder.project
    limit = state.open_limit("declined_assignment", milestone_id, about=department)
    if limit is None:
        return
    end_limit(recorder, limit, now)
    participant = None if department == state.lead else department
    for each in milestones_in_scope(state, milestone_id):
        by_another = None if milestone_id is not None else each
        declined = recorder.project.open_limit("declined_assignment", by_another, about=department)
        if declined is None and (participant is None or participant in state.milestones[each].parts):
            resume_clock(recorder, each, "declined_assignment", now.date(), participant)


def end_declines_of(recorder: EventRecorder, department: DepartmentId, now: datetime) -> None:
    """Let every declined assignment of a department fall away that is released from the project."""
    state = recorder.project
    for limit in state.limits.values():
        if limit.kind == "declined_assignment" and limit.about == department:
            end_limit(recorder, limit, now, answered=False)
