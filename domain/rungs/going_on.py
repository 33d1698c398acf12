"""What a clock brings that goes on: days later by those that are excused, and none that is over at that instant.

Where it goes on while nobody works, or by itself as a day ends, `not_before` is the first working day after that: what
had not ended when the clock stopped does not end before it.
"""

from __future__ import annotations

from datetime import date

from domain.ids import MilestoneId
from domain.rungs.reporting_periods import longer_periods
from domain.rungs.timing import gone_on
from domain.state import Limit, MilestoneState, Pause, ProjectState
from domain.state.change import with_milestone
from domain.state.rounds import with_excused_parts


def with_clock_gone_on(
    state: ProjectState, before: MilestoneState, excused: int, not_before: date | None
) -> MilestoneState:
    """A milestone whose clock goes on after so many working days: nothing of it ends before `not_before` that had not
    ended as it stopped."""
    after = before.having(
        stops={},
        stopped_on=None,
        answer_by=gone_on(state, before.milestone_id, before, excused, before.stopped_on, not_before),
        working_days_excused=before.working_days_excused + excused,
        parts=with_excused_parts(state, before, excused, not_before),
    )
    since = before.stopped_on
    if since is None or not_before is None:
        return after
    changed = state.having(**with_milestone(state, after))
    longer = longer_periods(
        state, changed, before.milestone_id, lambda old, _: not_before if since <= old.ends_on else None
    )
    return after.having(periods_longer=longer)


def limits_gone_on(
    state: ProjectState, milestone_id: MilestoneId | None, working_days: int, not_before: date | None
) -> dict[str, Limit]:
    """The limits as a suspension ends that lasted so many working days."""
    pause = state.suspension if milestone_id is None else state.milestones[milestone_id].suspension
    after = state.having(suspension=None)
    if milestone_id is not None:
        after = state.having(**with_milestone(state, state.milestones[milestone_id].having(suspension=None)))
    # A matter that the project's suspension and the milestone's own both hold goes on when the last of them ends.
    return {
        limit_id: limit
        if limit.stopped_on is None or pause is None or after.suspended(limit.milestone_id)
        else _gone_on(state, limit, limit.stopped_on, pause, working_days, not_before)
        for limit_id, limit in state.limits.items()
    }


def _gone_on(
    state: ProjectState, limit: Limit, stopped_on: date, pause: Pause, working_days: int, not_before: date | None
) -> Limit:
    # It stood still from its own first day of standstill, which may lie before or after that of this suspension.
    earlier = state.calendar.working_days_between(stopped_on, pause.since)
    later = state.calendar.working_days_between(pause.since, stopped_on)
    days = max(0, working_days + earlier - later)
    due_on = state.calendar.working_day(limit.due_on, days)
    if not_before is not None and stopped_on <= limit.due_on:
        days += (more := state.calendar.working_days_between(due_on, not_before))
        due_on = state.calendar.working_day(due_on, more)
    extra = limit.extra_working_days + days
    return limit.having(due_on=due_on, extra_working_days=extra, stopped_on=None)
