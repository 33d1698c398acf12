"""When a view changes without an event: the next day at whose beginning a light, a sentence or a count may differ.

It may name a day on which nothing differs after all; it never names one that is too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from domain.clock import office_day
from domain.rules.calendar import end_of, office_instant
from domain.rungs.ladder import deadline_of
from domain.rungs.reporting_periods import lag_of, next_percent, next_step, schedule_judged_after
from domain.seeing.lights import silent_from, unsigned_limit
from domain.state import OPEN_PART_STAGES, OPEN_STAGES, Limit, MilestoneState, PartState, ProjectState

_ONE_DAY = timedelta(days=1)


def changes_at(state: ProjectState, now: datetime) -> datetime | None:
    """The instant until which the view of a project at `now` holds if nothing happens; none if it holds for ever."""
    today = office_day(now)
    if state.closed:
        # Silences and deputies of what is over still end on their day; nothing else of it changes.
        days = [day for day in _of_persons(state) if day > today]
        return office_instant(min(days), time.min) if days else None
    days = [day for day in _days(state, now, today) if day > today]
    return office_instant(min(days), time.min) if days else None


def colour_changes_on(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, now: datetime
) -> date | None:
    """The first day after that of `now` on which a duty may have another colour if nothing happens; none if it never
    has."""
    today, open_stages = now.date(), OPEN_STAGES if duty is milestone else OPEN_PART_STAGES
    if milestone.stage not in OPEN_STAGES or duty.stage not in open_stages:
        return None
    if milestone.retrospective or duty.answer_by is None:
        return None
    rules = state.policy.rules_for(milestone.milestone_id)
    if end_of(deadline_of(duty.answer_by, rules, state.calendar)) <= now:
        # It is late, or its clock stood still before it was: another day changes the sentence alone.
        return None
    days = [*_by_date(state, milestone, duty, now, today)]
    if duty is milestone:
        days += filter(None, _by_schedule(state, milestone, today))
    return min((day for day in days if day > today), default=None)


def _of_persons(state: ProjectState) -> Iterator[date]:
    for silence in (state.silence, *(milestone.silence for milestone in state.milestones.values())):
        if silence is not None:
            yield silence.until + _ONE_DAY
    for deputy in state.deputies:
        yield deputy.until_on + _ONE_DAY


def _days(state: ProjectState, now: datetime, today: date) -> Iterator[date]:
    yield from _of_persons(state)
    for limit in state.limits.values():
        yield from _late(state, limit, today)
    for milestone in state.milestones.values():
        yield from filter(None, _by_schedule(state, milestone, today))
        if milestone.stage in OPEN_STAGES:
            yield from _by_date(state, milestone, milestone, now, today)
            for part in milestone.parts.values():
                if part.stage in OPEN_PART_STAGES:
                    yield from _by_date(state, milestone, part, now, today)


def _by_schedule(state: ProjectState, milestone: MilestoneState, today: date) -> tuple[date | None, date | None]:
    return next_step(state, milestone.milestone_id, today), next_percent(state, milestone.milestone_id, today)


def _late(state: ProjectState, limit: Limit, today: date) -> Iterator[date]:
    if limit.stopped_on is None or today < limit.stopped_on:
        yield state.calendar.working_day(max(today, limit.due_on), 1)


def _by_date(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, now: datetime, today: date
) -> Iterator[date]:
    if milestone.retrospective or duty.answer_by is None:
        return
    rules = state.policy.rules_for(milestone.milestone_id)
    deadline = deadline_of(duty.answer_by, rules, state.calendar)
    if end_of(deadline) <= now:
        yield state.calendar.working_day(today, 1)
        return
    yield deadline + _ONE_DAY
    if (limit := unsigned_limit(state, duty)) is not None:
        yield limit.due_on + _ONE_DAY
    if (silent := silent_from(state, milestone, duty)) is not None:
        yield silent
    if duty is milestone and lag_of(state, milestone.milestone_id, today) is not None:
        judged_after = schedule_judged_after(state, milestone.milestone_id)
        yield today if judged_after is None else judged_after + _ONE_DAY
    if duty is milestone and rules.yellow_light_working_days_before:
        yield state.calendar.working_day(deadline, -rules.yellow_light_working_days_before)
