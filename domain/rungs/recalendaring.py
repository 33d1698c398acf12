"""What another working calendar moves: every rung and limit that is still to come, before and after."""

from __future__ import annotations

from datetime import datetime

from domain.events import MovedDate
from domain.evolution.amending import limit_due_on
from domain.rules.calendar import WorkingCalendar
from domain.rungs.wakeups import pending_rungs
from domain.state import ProjectState


def moved_dates(state: ProjectState, calendar: WorkingCalendar, now: datetime) -> tuple[MovedDate, ...]:
    """The days that another calendar moves, of what was not taken yet; in the order of the days before."""
    limits = {
        limit_id: limit.model_copy(update={"due_on": limit_due_on(limit, calendar)})
        for limit_id, limit in state.limits.items()
    }
    after = {
        (due.ladder, due.rung.name): due.rung.day
        for due in pending_rungs(state.model_copy(update={"calendar": calendar, "limits": limits}), now)
    }
    moved = []
    for due in pending_rungs(state, now):
        day = after.get((due.ladder, due.rung.name))
        if day is not None and day != due.rung.day:
            of = "/".join(part for part in (*due.ladder, due.rung.name) if part)
            moved.append(MovedDate(of=of, before=due.rung.day, after=day))
    return tuple(moved)
