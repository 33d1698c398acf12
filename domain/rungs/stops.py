"""The clock that stops and goes on, and notices that are held back: the same mechanism whatever the reason.

While a reason stands, no rung of the duty is due and no day counts as late. When the last one falls away, the date
moves by the working days for which the clock stood still: they are excused by rule, and the event says how many. What
was not over when it stopped is never over at the instant at which it goes on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from domain.events import ClockResumed, ClockStopped, StopReason
from domain.ids import DepartmentId, MilestoneId
from domain.record.recorder import EventRecorder
from domain.rungs.going_on import with_clock_gone_on
from domain.rungs.timing import gone_on, later_by
from domain.state import CLOSED_STAGES, ProjectState, Silence


class GoingOn(NamedTuple):
    """How a clock goes on: after how many excused days, to which date, and the day before which nothing ends."""

    days: int
    answer_by: date | None
    not_before: date | None


def stop_clock(
    recorder: EventRecorder, milestone_id: MilestoneId, because: StopReason, department: DepartmentId | None = None
) -> None:
    """Stop a milestone's clock, of one participant or of all.

    Nothing when it stands still for that reason already, or runs no more because the milestone is completed.
    """
    state = recorder.project
    if state.milestones[milestone_id].stage == "completed":
        return
    if because not in state.duty_of(milestone_id, department).stops:
        recorder.record(ClockStopped, milestone_id=milestone_id, department=department, because=because)


def resume_clock(
    recorder: EventRecorder,
    milestone_id: MilestoneId,
    because: StopReason,
    until: date,
    department: DepartmentId | None = None,
    *,
    cause: str | None = None,
    at: datetime | None = None,
) -> None:
    """Take one reason away; when it was the last, the date moves by the working days that are excused.

    `until` is the last day for which the clock stood still and `at` the instant at which it went on, where that is
    recorded later.
    """
    state = recorder.project
    duty = state.duty_of(milestone_id, department)
    if because not in duty.stops:
        return
    goes_on = going_on(state, milestone_id, because, until, department, first_day_on(state, until, at))
    recorder.because(cause, at).record(
        ClockResumed,
        milestone_id=milestone_id,
        department=department,
        because=because,
        working_days_excused=goes_on.days,
        answer_by=goes_on.answer_by,
        not_before=goes_on.not_before,
    )


def first_day_on(state: ProjectState, until: date, at: datetime | None = None) -> date:
    """The first working day on which a clock goes on that stood still until a day: that day itself, where a person let
    it go on; the one after it, where it went on by itself as that day was over (`at`)."""
    return state.calendar.on_or_after(until if at is None else until + timedelta(days=1))


def going_on(
    state: ProjectState,
    milestone_id: MilestoneId,
    because: StopReason,
    until: date,
    department: DepartmentId | None,
    first: date,
) -> GoingOn:
    """How a clock goes on as a reason falls away (`first` being the first working day on which it does)."""
    milestone, duty = state.milestones[milestone_id], state.duty_of(milestone_id, department)
    days = working_days_excused(state, milestone_id, because, until, department)
    later = later_by(state, milestone_id, duty.answer_by, days)
    if set(duty.stops) != {because} or (department is not None and milestone.stops):
        return GoingOn(days, later, None)
    if department is not None:
        answer_by = gone_on(state, milestone_id, duty, days, duty.stops[because], first)
        return GoingOn(days, answer_by, first if answer_by != later else None)
    after = with_clock_gone_on(state, milestone, days, first)
    changes = after != with_clock_gone_on(state, milestone, days, None)
    return GoingOn(days, after.answer_by, first if changes else None)


def working_days_excused(
    state: ProjectState,
    milestone_id: MilestoneId,
    because: StopReason,
    until: date,
    department: DepartmentId | None = None,
) -> int:
    """How many working days are excused as a reason falls away, `until` being its last day: none while others stand."""
    milestone, duty = state.milestones[milestone_id], state.duty_of(milestone_id, department)
    if set(duty.stops) != {because}:
        return 0
    since = milestone.stopped_on if department is None else duty.stops[because]
    if department is not None and milestone.stopped_on is not None:
        # The days from here on come with the whole milestone's own resumption.
        until = min(until, milestone.stopped_on)
    return state.calendar.working_days_between(since or until, until)


def milestones_in_scope(state: ProjectState, milestone_id: MilestoneId | None) -> tuple[MilestoneId, ...]:
    """The milestones that are not closed among those that an act is about: one, or all of the project."""
    ids = state.milestones if milestone_id is None else (milestone_id,)
    return tuple(each for each in ids if state.milestones[each].stage not in CLOSED_STAGES)


def silence_of(state: ProjectState, milestone_id: MilestoneId | None, on: date) -> Silence | None:
    """The silence that holds notices about a milestone (or the project) back on a day, if one does."""
    own = state.milestones[milestone_id].silence if milestone_id else None
    for silence in (own, state.silence):
        if silence is not None and on <= silence.until:
            return silence
    return None
