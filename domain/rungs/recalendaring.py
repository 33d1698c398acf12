"""What another working calendar moves: every rung and limit that is still to come, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.events import EarlierDay, MovedDate
from domain.rules.calendar import WorkingCalendar
from domain.rungs.due_dates import deadline_in
from domain.rungs.limits import LIMIT_PASSED
from domain.rungs.reporting_periods import periods_in
from domain.rungs.under_a_calendar import under
from domain.rungs.wakeups import pending_rungs
from domain.state import MilestoneState, PartState, ProjectState
from domain.state.running import lead_clock_runs, part_clock_runs


def moved_dates(state: ProjectState, calendar: WorkingCalendar, now: datetime) -> tuple[MovedDate, ...]:
    """The days that another calendar moves, of what was not taken yet; in the order of the days before."""
    after = {(due.ladder, due.rung.name): due.rung.day for due in pending_rungs(_under(state, calendar, now), now)}
    moved = []
    for due in pending_rungs(state, now):
        day = after.get((due.ladder, due.rung.name))
        if day is not None and day != due.rung.day:
            of = "/".join(part for part in (*due.ladder, due.rung.name) if part)
            moved.append(MovedDate(of=of, before=due.rung.day, after=day))
    return tuple(moved)


def earlier_days(state: ProjectState, calendar: WorkingCalendar, now: datetime) -> tuple[EarlierDay, ...]:
    """The days that another calendar brings forward for a department: of its duties, its reports and its answers."""
    return tuple(_earlier(state, _under(state, calendar, now)))


def _under(state: ProjectState, calendar: WorkingCalendar, now: datetime) -> ProjectState:
    return state.having(**under(state, calendar, now))


def _earlier(state: ProjectState, after: ProjectState) -> Iterator[EarlierDay]:
    for milestone_id, milestone in state.milestones.items():
        # Of a clock that stands still the day is told when it goes on; what was over before the order has none.
        if not lead_clock_runs(milestone) or milestone.retrospective:
            continue
        duties: list[tuple[str, MilestoneState | PartState]] = [(state.lead, milestone)]
        duties += [(name, part) for name, part in milestone.parts.items() if part_clock_runs(milestone, part)]
        for department, duty in duties:
            participant = None if department == state.lead else department
            days = (
                deadline_in(state, milestone, duty),
                deadline_in(after, after.milestones[milestone_id], after.duty_of(milestone_id, participant)),
            )
            if days[0] is not None and days[1] is not None and days[1] < days[0]:
                yield EarlierDay(department=department, milestone_id=milestone_id, before=days[0], after=days[1])
        settled = {*milestone.periods_reported, *milestone.periods_missed}
        for old, new in zip(periods_in(state, milestone_id), periods_in(after, milestone_id), strict=True):
            if not old.closing and old.number not in settled and new.ends_on < old.ends_on:
                yield EarlierDay(
                    department=state.lead,
                    milestone_id=milestone_id,
                    period=old.number,
                    before=old.ends_on,
                    after=new.ends_on,
                )
    for limit in state.limits.values():
        day = after.limits[limit.limit_id].due_on
        if LIMIT_PASSED not in limit.taken and day < limit.due_on and limit.stopped_on is None:
            yield EarlierDay(
                department=limit.owner,
                milestone_id=limit.milestone_id,
                kind=limit.kind,
                before=limit.due_on,
                after=day,
            )
