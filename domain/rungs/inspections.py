"""Inspections that the ladder or the yearly plan foresees, and why one of them is not opened."""

from __future__ import annotations

from datetime import date, datetime

from domain.events import InspectionNotOpened, InspectionOpened
from domain.events.inspecting import InspectionNotOpenedReason
from domain.record.recorder import EventRecorder
from domain.rules.ladder_rules import Level
from domain.state import MilestoneState, ProjectState


def open_foreseen(
    recorder: EventRecorder,
    milestone: MilestoneState | None,
    rung: str,
    now: datetime,
    *,
    cause: str,
    due_on: date | None,
    level: Level | None = None,
    planned_on: date | None = None,
) -> None:
    """Open the inspection that a rung foresees for a milestone (none: no milestone is open), or record why not."""
    elsewhere = recorder.inspections_elsewhere
    reason = _why_not(recorder.project, milestone, now.date(), elsewhere)
    if milestone is None or reason is not None:
        recorder.because(cause).record(
            InspectionNotOpened,
            milestone_id=milestone.milestone_id if milestone else None,
            rung=rung,
            planned_on=planned_on,
            reason=reason or "nothing_open",
            elsewhere=elsewhere if reason == "burden_cap" and elsewhere else None,
        )
        return
    recorder.because(cause).record(
        InspectionOpened,
        milestone_id=milestone.milestone_id,
        due_on=due_on,
        round=milestone.round,
        level=level,
        planned_on=planned_on,
    )


def _why_not(
    state: ProjectState, milestone: MilestoneState | None, today: date, elsewhere: int
) -> InspectionNotOpenedReason | None:
    if milestone is None:
        return None
    if milestone.inspection is not None:
        return "already_open"
    this_month = inspections_in_month(state, today) + elsewhere
    return "burden_cap" if this_month >= state.policy.life_cycle.inspections_per_month else None


def inspections_in_month(state: ProjectState, day: date) -> int:
    """How many inspections of the project were opened in the month of a day."""
    month = (day.year, day.month)
    return sum((on.year, on.month) == month for m in state.milestones.values() for on in m.inspected_on)
