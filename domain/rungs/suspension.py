"""How a suspension begins and ends: every clock and every limit in its scope stands still meanwhile."""

from __future__ import annotations

from datetime import date, datetime

from domain.events import Resumed, Suspended
from domain.ids import MilestoneId
from domain.record.recorder import EventRecorder
from domain.rungs.going_on import limits_gone_on
from domain.rungs.stops import first_day_on, milestones_in_scope, resume_clock, stop_clock
from domain.state import Pause, ProjectState


def suspend(recorder: EventRecorder, milestone_id: MilestoneId | None, reason: str, until: date | None) -> None:
    """Suspend a milestone, or the whole project."""
    recorder.record(Suspended, milestone_id=milestone_id, reason=reason, until=until)
    state = recorder.project
    for each in milestones_in_scope(state, milestone_id):
        stop_clock(recorder, each, "suspension")


def resume(
    recorder: EventRecorder,
    milestone_id: MilestoneId | None,
    reason: str,
    last: date,
    *,
    cause: str | None = None,
    at: datetime | None = None,
) -> None:
    """End a suspension: dates and limits move by the working days that it lasted, until its last day.

    `at` is the instant at which it ended, where that is recorded later.
    """
    state = recorder.project
    pause = pause_of(state, milestone_id)
    if pause is None:
        return
    days = state.calendar.working_days_between(pause.since, last)
    first = first_day_on(state, last, at)
    limits = limits_gone_on(state, milestone_id, days, None)
    recorder.because(cause, at).record(
        Resumed,
        milestone_id=milestone_id,
        reason=reason,
        working_days=days,
        not_before=first if limits != limits_gone_on(state, milestone_id, days, first) else None,
    )
    for each in milestones_in_scope(state, milestone_id):
        # A milestone that is suspended by itself stays so when the whole project goes on, and the other way round.
        if not recorder.project.suspended(each):
            resume_clock(recorder, each, "suspension", last, cause=cause, at=at)


def pause_of(state: ProjectState, milestone_id: MilestoneId | None) -> Pause | None:
    """The suspension of the project, or of one milestone by itself."""
    if milestone_id is None:
        return state.suspension
    return state.milestones[milestone_id].suspension
