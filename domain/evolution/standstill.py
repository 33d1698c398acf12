"""What stops a clock and sets it going, and the days that are excused for it: the lead and the participants."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.events import ClockResumed, ClockStopped, Event
from domain.evolution.change import Change, Fold, duty_change, milestone_change
from domain.ids import DepartmentId
from domain.rungs.timing import later_by
from domain.state import MilestoneState, PartState, ProjectState


def _stopped(state: ProjectState, event: ClockStopped) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    today = event.decided_at.date()
    if event.department is None:
        stops = {**before.stops, event.because: today}
        return milestone_change(state, event.milestone_id, stops=stops, stopped_on=before.stopped_on or today)
    part = before.parts.get(event.department)
    if part is None:
        return {}
    return duty_change(state, event.milestone_id, event.department, stops={**part.stops, event.because: today})


def _resumed(state: ProjectState, event: ClockResumed) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    if event.department is not None:
        part = before.parts.get(event.department)
        if part is None:
            return {}
        stops = {because: since for because, since in part.stops.items() if because != event.because}
        return duty_change(state, event.milestone_id, event.department, stops=stops, answer_by=event.answer_by)
    stops = {because: since for because, since in before.stops.items() if because != event.because}
    if stops:
        return milestone_change(state, event.milestone_id, stops=stops)
    return milestone_change(
        state,
        event.milestone_id,
        stops=stops,
        stopped_on=None,
        answer_by=event.answer_by,
        working_days_excused=before.working_days_excused + event.working_days_excused,
        parts=_with_excused_parts(state, before, event.working_days_excused),
    )


def _with_excused_parts(state: ProjectState, before: MilestoneState, excused: int) -> dict[DepartmentId, PartState]:
    # What stopped the whole milestone stopped every participant's clock; one that stands still for a reason of its own
    # too is excused for the days before that reason, and gets the others when the reason falls away.
    parts: dict[DepartmentId, PartState] = {}
    for name, part in before.parts.items():
        days = excused
        if part.stops and before.stopped_on is not None:
            days = min(days, state.calendar.working_days_between(before.stopped_on, min(part.stops.values())))
        answer_by = later_by(state, before.milestone_id, part.answer_by, days)
        parts[name] = part.model_copy(update={"answer_by": answer_by})
    return parts


def with_date_set_anew(state: ProjectState, before: MilestoneState, on: date) -> dict[str, Any]:
    """What changes when a milestone gets another date while its clock stands still.

    The date that is set is the lead's from that day on: the days before it are not excused again. The participants,
    whose dates may stay, are excused for them now.
    """
    if before.stopped_on is None or before.stopped_on >= on:
        return {}
    days = state.calendar.working_days_between(before.stopped_on, on)
    return {
        "stopped_on": on,
        "working_days_excused": before.working_days_excused + days,
        "parts": _with_excused_parts(state, before, days),
    }


FOLDS: dict[type[Event], Fold] = {
    ClockStopped: _stopped,
    ClockResumed: _resumed,
}
