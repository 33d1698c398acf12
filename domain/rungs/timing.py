"""When, on its day, a rung is taken: papers only in working hours, facts as soon as the day is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.ids import DepartmentId, MilestoneId
from domain.rules.calendar import end_of, office_instant
from domain.rungs.ladder import BREACH, FACTS, Rung, deadline_of
from domain.state import MilestoneState, PartState, ProjectState
from domain.state.running import stopped_since

_MOST_PROBLEM = 200


@dataclass(frozen=True, slots=True)
class DueRung:
    """A rung that was not taken yet, with the instant from which it may be, and whose it is.

    `nominal` is the instant that it is meant for. `department` names a participant (none: the lead), `limit_id` the
    matter; `milestone_id` is empty for what concerns the whole project. A rung whose instant cannot be worked out has
    the `problem`, and is due at once: to be skipped.
    """

    at: datetime
    nominal: datetime
    milestone_id: MilestoneId
    rung: Rung
    department: DepartmentId | None = None
    limit_id: str | None = None
    problem: str | None = None

    @property
    def ladder(self) -> tuple[str, str | None, str | None]:
        """The one ladder that the rung belongs to, among all of a project."""
        return self.milestone_id, self.department, self.limit_id

    def is_over(self, now: datetime) -> bool:
        """Whether the day of the rung is over; one that cannot be worked out is over at once."""
        return self.problem is not None or end_of(self.rung.day) <= now


def due_rung(
    state: ProjectState,
    rung: Rung,
    now: datetime,
    milestone_id: MilestoneId,
    department: DepartmentId | None = None,
    limit_id: str | None = None,
) -> DueRung:
    """A rung with the instant from which it may be taken. Total: the next alarm is asked for after every event."""
    try:
        nominal = nominal_instant(state, rung)
        at = _allowed(state, rung, nominal, now)
    except (ArithmeticError, ValueError) as error:
        return DueRung(now, now, milestone_id, rung, department, limit_id, problem_of(error))
    return DueRung(at, nominal, milestone_id, rung, department, limit_id)


def problem_of(error: Exception) -> str:
    """What kept a rule from being decided, as the record has it: its kind and its first words."""
    words = " ".join(str(error).split())[:_MOST_PROBLEM]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def later_by(state: ProjectState, milestone_id: MilestoneId, day: date | None, working_days: int) -> date | None:
    """A milestone's date, later by the working days for which its clock stood still.

    They are counted from the day that counts as due, so that none is lost where it lies after the date itself.
    """
    if day is None or working_days <= 0:
        return day
    return state.calendar.working_day(
        deadline_of(day, state.policy.rules_for(milestone_id), state.calendar), working_days
    )


def gone_on(
    state: ProjectState,
    milestone_id: MilestoneId,
    duty: MilestoneState | PartState,
    working_days: int,
    since: date | None,
    not_before: date | None,
) -> date | None:
    """A duty's date as its clock goes on: later by the excused days, and no sooner than `not_before`, the first
    working day on which it goes on, where it was not late `since` it stopped."""
    later = later_by(state, milestone_id, duty.answer_by, working_days)
    if later is None or since is None or not_before is None or late_before(state, milestone_id, duty, since):
        return later
    after = deadline_of(later, state.policy.rules_for(milestone_id), state.calendar)
    return not_before if after < not_before else later


def late_before(
    state: ProjectState, milestone_id: MilestoneId, duty: MilestoneState | PartState, since: date | None
) -> bool:
    """Whether a duty whose clock stands still since a day was late before that day."""
    if duty.answer_by is None or since is None:
        return False
    due_on = deadline_of(duty.answer_by, state.policy.rules_for(milestone_id), state.calendar)
    # Excused days may have moved the date of what was late by days off alone up to the stop: its breach tells. Where
    # one stop of a part ended within another they did so of what was in time: days off between them tell nothing.
    last = state.calendar.on_or_before(since) if isinstance(duty, PartState) else since
    return BREACH in duty.taken or due_on < last


def is_over(
    state: ProjectState, milestone: MilestoneState, now: datetime, duty: MilestoneState | PartState | None = None
) -> bool:
    """Whether the day that counts as due is over; a clock that stands still keeps from lateness only what was not late
    when it stopped."""
    duty = duty or milestone
    if duty.answer_by is None:
        return False
    rules = state.policy.rules_for(milestone.milestone_id)
    since = stopped_since(milestone, duty)
    over = end_of(deadline_of(duty.answer_by, rules, state.calendar)) <= now
    return over and (since is None or late_before(state, milestone.milestone_id, duty, since))


def nominal_instant(state: ProjectState, rung: Rung) -> datetime:
    """The instant that a rung is meant for: its day's opening (a fact: the end of its day), and the spread."""
    spread = state.policy.spread_for(state.project_id)
    if rung.kind in FACTS:
        return end_of(rung.day) + spread
    return office_instant(rung.day, state.policy.working_hours_open) + spread


def _allowed(state: ProjectState, rung: Rung, nominal: datetime, now: datetime) -> datetime:
    """The instant from which a rung may be taken: one that is late waits for the next opening, unless it is a fact."""
    if rung.kind in FACTS or nominal > now or state.policy.within_working_hours(now, state.calendar):
        return nominal
    opening = state.policy.next_opening(now, state.calendar)
    return opening + state.policy.spread_for(state.project_id)
