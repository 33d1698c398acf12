"""Where the days of a project stand under another working calendar.

A day that the new calendar brings forward holds where its department learns of it before that day: its paper goes out
at once within working hours, else when the office opens next. A day that would come no later stays as it was told.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.rules.calendar import WorkingCalendar
from domain.rungs.ladder import deadline_of
from domain.rungs.limits import limit_due_on
from domain.rungs.reporting_periods import longer_periods
from domain.rungs.timing import is_over
from domain.state import CLOSED_STAGES, Limit, MilestoneState, PartState, ProjectFields, ProjectState


def under(state: ProjectState, calendar: WorkingCalendar, now: datetime) -> ProjectFields:
    """What changes of a project that is put under another calendar."""
    open_now = state.policy.within_working_hours(now, calendar)
    learns_on = now if open_now else state.policy.next_opening(now, calendar)
    not_before = calendar.working_day(learns_on.date(), 1)
    changed = state.having(calendar=calendar)
    milestones = {
        each.milestone_id: each if each.stage in CLOSED_STAGES else _milestone(state, changed, each, not_before, now)
        for each in state.milestones.values()
    }
    limits = {each.limit_id: _limit(each, calendar, not_before) for each in state.limits.values()}
    return {"calendar": calendar, "milestones": milestones, "limits": limits}


def _milestone(
    state: ProjectState, changed: ProjectState, milestone: MilestoneState, not_before: date, now: datetime
) -> MilestoneState:
    def stands(duty: MilestoneState | PartState) -> date | None:
        day, calendar = duty.answer_by, changed.calendar
        if day is None:
            return None
        rules = state.policy.rules_for(milestone.milestone_id)
        before, after = (deadline_of(day, rules, each) for each in (state.calendar, calendar))
        if is_over(state, milestone, now, duty):
            # Late by as many working days, whatever day it would have been.
            return day if after == before else calendar.on_or_before(before)
        # The day that was told; where it is no working day any more, the next one.
        return calendar.on_or_after(before) if after < min(before, not_before) else day

    parts = {name: part.having(answer_by=stands(part)) for name, part in milestone.parts.items()}
    longer = longer_periods(
        state, changed, milestone.milestone_id, lambda old, new: old.ends_on if new.ends_on < not_before else None
    )
    return milestone.having(answer_by=stands(milestone), parts=parts, periods_longer=longer)


def _limit(limit: Limit, calendar: WorkingCalendar, not_before: date) -> Limit:
    after = limit_due_on(limit, calendar)
    return limit if after < min(limit.due_on, not_before) else limit.having(due_on=after)
