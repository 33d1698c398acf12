"""Scheduled progress (序时进度): the reporting periods of a long milestone, and how far it should be by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.ids import MilestoneId
from domain.project import Milestone
from domain.rules.life_cycle import LifeCycleRules
from domain.rungs.limits import shifted
from domain.state import ProjectState, target_of

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period: its number from one, its first and its last day."""

    number: int
    starts_on: date
    ends_on: date


def periods_of(milestone: Milestone, rules: LifeCycleRules) -> tuple[Period, ...]:
    """The reporting periods of a milestone that comes back or goes on; none for one that is done once.

    A recurring one has as many as the notice says, where it says how often; an ongoing one has one every few months.
    The last ends with the window.
    """
    start, end = milestone.starts_on, milestone.due_on
    if start is None or end is None:
        return ()
    if milestone.recurrence is not None:
        months, most = milestone.recurrence.every_months, milestone.recurrence.count
    elif milestone.ongoing:
        months, most = rules.ongoing_report_every_months, None
    else:
        return ()
    if months is None:
        return ()
    periods: list[Period] = []
    first = start
    while first <= end and (most is None or len(periods) < most):
        last = min(_end_of_month(first, months), end)
        periods.append(Period(len(periods) + 1, first, last))
        first = last + timedelta(days=1)
    if periods and periods[-1].ends_on != end:
        periods[-1] = Period(periods[-1].number, periods[-1].starts_on, end)
    return tuple(periods)


def periods_in(state: ProjectState, milestone_id: MilestoneId) -> tuple[Period, ...]:
    """The reporting periods of a milestone as they hold: each ends later by the working days that were excused."""
    excused = state.milestones[milestone_id].working_days_excused
    held: list[Period] = []
    for period in periods_of(state.issued(milestone_id), state.policy.life_cycle):
        first = held[-1].ends_on + timedelta(days=1) if held else period.starts_on
        # One that was over before the project was assigned stays where it was: nobody had to report for it.
        over = period.ends_on < state.assigned_on(milestone_id)
        held.append(Period(period.number, first, shifted(state.calendar, period.ends_on, 0 if over else excused)))
    return tuple(held)


def _end_of_month(first: date, months: int) -> date:
    index = first.year * _DECEMBER + first.month - 1 + months
    return date(index // _DECEMBER, index % _DECEMBER + 1, 1) - timedelta(days=1)


def period_at(periods: tuple[Period, ...], day: date) -> Period | None:
    """The period that runs on a day: the first one before any has begun, the last one after the end."""
    for period in periods:
        if day <= period.ends_on:
            return period
    return periods[-1] if periods else None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What should be delivered by a day, of how much, in which unit."""

    by_then: int
    target: int
    unit: str


def share_day(state: ProjectState, milestone_id: MilestoneId, percent: int) -> date | None:
    """The working day on which so many in a hundred of a milestone's window have passed; none without a due date."""
    window = _window(state, milestone_id)
    if window is None:
        return None
    days = (window[1] - window[0]).days + 1
    return state.calendar.on_or_after(window[0] + timedelta(days=days * percent // 100))


def scheduled_progress(state: ProjectState, milestone_id: MilestoneId, on: date) -> Scheduled | None:
    """How far a milestone should be by the end of a day; none where nothing is counted or no date is set."""
    target, window = target_of(state.issued(milestone_id)), _window(state, milestone_id)
    if target is None or window is None:
        return None
    elapsed, days = (on - window[0]).days + 1, (window[1] - window[0]).days + 1
    by_then = target[0] if on >= window[1] else max(0, target[0] * elapsed // days)
    return Scheduled(by_then, *target)


def next_step(state: ProjectState, milestone_id: MilestoneId, after: date) -> date | None:
    """The next day by whose end more should be delivered than by the end of `after`; none where nothing is to come."""
    plan, window = scheduled_progress(state, milestone_id, after), _window(state, milestone_id)
    if plan is None or window is None or after >= window[1]:
        return None
    days = (window[1] - window[0]).days + 1
    # The first elapsed day on which target * elapsed // days is one more.
    elapsed = -(-(plan.by_then + 1) * days // plan.target) if plan.target else days
    return min(window[0] + timedelta(days=elapsed - 1), window[1])


def _window(state: ProjectState, milestone_id: MilestoneId) -> tuple[date, date] | None:
    # Work without a printed start begins with its assignment; a later date that holds, granted or by the days for
    # which the clock stood still, stretches the schedule.
    milestone, issued = state.milestones[milestone_id], state.issued(milestone_id)
    start, end = issued.starts_on or state.assigned_on(milestone_id), milestone.answer_by
    return (start, end) if end is not None and start <= end else None
