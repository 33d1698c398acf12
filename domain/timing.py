"""When, on its day, a rung is taken: papers only in working hours, facts as soon as the day is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.calendar import end_of, office_instant
from domain.ids import DepartmentId, MilestoneId
from domain.ladder import FACTS, Rung, deadline_of
from domain.state import ProjectState


@dataclass(frozen=True, slots=True)
class DueRung:
    """A rung that was not taken yet, with the instant from which it may be, and whose it is.

    `department` names a participant (none: the lead), `limit_id` the matter; `milestone_id` is empty for what concerns
    the whole project.
    """

    at: datetime
    milestone_id: MilestoneId
    rung: Rung
    department: DepartmentId | None = None
    limit_id: str | None = None

    @property
    def ladder(self) -> tuple[str, str | None, str | None]:
        """The one ladder that the rung belongs to, among all of a project."""
        return self.milestone_id, self.department, self.limit_id


def later_by(state: ProjectState, milestone_id: MilestoneId, day: date | None, working_days: int) -> date | None:
    """A milestone's date, later by the working days for which its clock stood still.

    They are counted from the day that counts as due, so that none is lost where it lies after the date itself.
    """
    if day is None or working_days <= 0:
        return day
    return state.calendar.working_day(
        deadline_of(day, state.policy.rules_for(milestone_id), state.calendar), working_days
    )


def nominal_instant(state: ProjectState, rung: Rung) -> datetime:
    """The instant that a rung is meant for: its day's opening (a fact: the end of its day), and the spread."""
    spread = state.policy.spread_for(state.project.project_id)
    if rung.kind in FACTS:
        return end_of(rung.day) + spread
    return office_instant(rung.day, state.policy.working_hours_open) + spread


def allowed_instant(state: ProjectState, rung: Rung, now: datetime) -> datetime:
    """The instant from which a rung may be taken: one that is late waits for the next opening, unless it is a fact."""
    at = nominal_instant(state, rung)
    if rung.kind in FACTS or at > now or state.policy.within_working_hours(now, state.calendar):
        return at
    opening = state.policy.next_opening(now, state.calendar)
    return opening + state.policy.spread_for(state.project.project_id)
