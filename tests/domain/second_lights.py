"""What makes a light of a duty that is not due yet, counted day by day, apart from the core."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from domain.rungs.reporting_periods import periods_in
from domain.state import MilestoneState, ProjectState

BEHIND_YELLOW, BEHIND_RED = 10, 30
"""So many hundredths behind the calendar a counted delivery is yellow, and above so many red."""


def points_behind(state: ProjectState, milestone: MilestoneState, today: date) -> int:
    """How many hundredths a counted delivery is behind, its days counted one by one."""
    issued, end = state.issued(milestone.milestone_id), milestone.answer_by
    start = issued.starts_on or milestone.added_on or state.docketed_at.date()
    periodic = issued.recurrence is not None and issued.recurrence.every_months is not None
    counted = issued.recurrence.count if issued.recurrence is not None and not periodic else 0
    target = issued.quota.value if issued.quota is not None else counted
    if not target or end is None or start > end:
        return 0
    if today <= first_report_by(state, milestone):
        return 0
    days = _days(start, end)
    over = len([day for day in days if day <= today])
    return over * 100 // len(days) - min(100, (milestone.quantity or 0) * 100 // target)


@cache
def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def first_report_by(state: ProjectState, milestone: MilestoneState) -> date:
    """The day by whose end a first report is due: the end of a period, or twenty working days counted one by one."""
    assigned = milestone.added_on or state.docketed_at.date()
    for period in periods_in(state, milestone.milestone_id):
        if period.ends_on >= assigned:
            return period.ends_on
    day, left = assigned, 20
    while left:
        day += timedelta(days=1)
        left -= state.calendar.is_working_day(day)
    return day


def receipt_is_over(state: ProjectState, milestone: MilestoneState, today: date) -> bool:
    """Whether the lead has not signed for a milestone though the limit of its receipt is over and runs."""
    if milestone.signed:
        return False
    ours = (limit for limit in state.limits.values() if limit.kind == "receipt" and limit.owner == state.lead)
    return any(limit.stopped_on is None and limit.due_on < today for limit in ours)
