"""What time alone brings: the rungs that are due at an instant, when the next one is, and what they do.

Papers are issued only inside working hours of a working day: a rung whose instant falls outside them (an engine that
was away) waits for the next opening. The breach is a fact and no paper: it is recorded when the due day is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from domain.actors import ENGINE
from domain.calendar import end_of, office_instant
from domain.events import (
    DeadlineBreached,
    DomainEvent,
    EscalationOrderIssued,
    InspectionOpened,
    NoReportReceived,
    NoticeNotSent,
    ReminderIssued,
    UrgeIssued,
)
from domain.ids import MilestoneId
from domain.ladder import BREACH, RUNG_CAUSE, Rung, deadline_of, ladder
from domain.papers import NotSentReason, PaperKind
from domain.recorder import EventRecorder
from domain.state import OPEN_STAGES, MilestoneState, ProjectState

_PAPER_OF_RUNG: dict[str, PaperKind] = {"reminder": "reminder", "urge": "urge", "order": "escalation_order"}


@dataclass(frozen=True, slots=True)
class DueRung:
    """A rung that was not taken yet, with the instant from which it may be."""

    at: datetime
    milestone_id: MilestoneId
    rung: Rung


def rungs_of(state: ProjectState, milestone: MilestoneState) -> tuple[Rung, ...]:
    """All rungs of a milestone's present round (none when nothing is to be waited for)."""
    if milestone.answer_by is None or milestone.retrospective:
        return ()
    rules = state.policy.rules_for(milestone.milestone_id)
    return ladder(rules, state.calendar, milestone.answer_by, milestone.rework)


def nominal_instant(state: ProjectState, rung: Rung) -> datetime:
    """The instant that a rung is meant for: its day's opening (the breach: the end of the due day), and the spread."""
    spread = state.policy.spread_for(state.project.project_id)
    if rung.kind == "breach":
        return end_of(rung.day) + spread
    return office_instant(rung.day, state.policy.working_hours_open) + spread


def pending_rungs(state: ProjectState, now: datetime) -> list[DueRung]:
    """Every rung of an open milestone that was not taken yet, in the order in which they are to be taken."""
    if state.closed:
        return []
    pending = [
        (_allowed_instant(state, rung, nominal, now), nominal, milestone.milestone_id, rung)
        for milestone in state.milestones.values()
        if milestone.stage in OPEN_STAGES
        for rung in rungs_of(state, milestone)
        if rung.name not in milestone.taken
        for nominal in (nominal_instant(state, rung),)
    ]
    pending.sort(key=itemgetter(0, 1, 2))
    return [DueRung(at, milestone_id, rung) for at, _, milestone_id, rung in pending]


def _allowed_instant(state: ProjectState, rung: Rung, nominal: datetime, now: datetime) -> datetime:
    if rung.kind == "breach" or nominal > now or state.policy.within_working_hours(now, state.calendar):
        return nominal
    opening = state.policy.next_opening(now, state.calendar)
    return opening + state.policy.spread_for(state.project.project_id)


def due_actions(state: ProjectState, now: datetime) -> list[DueRung]:
    """The rungs to be taken at `now`, in order."""
    return [due for due in pending_rungs(state, now) if due.at <= now]


def next_wakeup(state: ProjectState, now: datetime) -> datetime | None:
    """The next instant at which something comes due, or none when there is nothing to wait for."""
    pending = pending_rungs(state, now)
    return pending[0].at if pending else None


def wake(state: ProjectState, now: datetime) -> tuple[DomainEvent, ...]:
    """The events of everything that is due at `now`: one decision, however many rungs of however many milestones."""
    due = due_actions(state, now)
    recorder = EventRecorder(state, now, ENGINE, RUNG_CAUSE)
    for each in due:
        later = [other.rung for other in due if other.milestone_id == each.milestone_id]
        _take(recorder, each, later[later.index(each.rung) + 1 :])
    return tuple(recorder.events)


def take_overdue_breaches(recorder: EventRecorder, milestone_id: MilestoneId, now: datetime, cause: str) -> None:
    """Record a breach that happened before the spread wake-up came to record it, so that no command slips past it."""
    state = recorder.state
    assert state is not None
    milestone = state.milestones[milestone_id]
    if milestone.stage not in OPEN_STAGES:
        return
    for rung in rungs_of(state, milestone):
        if rung.kind == "breach" and rung.name not in milestone.taken and end_of(rung.day) <= now:
            _breach(recorder, milestone, rung, cause)


def _take(recorder: EventRecorder, due: DueRung, later: list[Rung]) -> None:
    state = recorder.state
    assert state is not None
    milestone = state.milestones[due.milestone_id]
    rung, cause = due.rung, f"{RUNG_CAUSE}{due.rung.name}"
    if (reason := _overtaken(rung, later, milestone)) is not None:
        recorder.record(
            NoticeNotSent,
            cause=cause,
            milestone_id=milestone.milestone_id,
            kind=_PAPER_OF_RUNG[rung.kind],
            rung=rung.name,
            round=milestone.round,
            reason=reason,
        )
        return
    deadline = deadline_in(state, milestone)
    about: dict[str, Any] = {"milestone_id": milestone.milestone_id, "due_on": deadline, "round": milestone.round}
    match rung.kind:
        case "reminder":
            recorder.record(ReminderIssued, cause=cause, working_days_before=rung.working_days, **about)
        case "breach":
            _breach(recorder, milestone, rung, cause)
        case "urge":
            recorder.record(UrgeIssued, cause=cause, **about)
        case "order":
            step = rung.step
            assert step is not None
            lead = state.project.lead_department
            recorder.record(EscalationOrderIssued, cause=cause, level=step.level, to=step.superior_of(lead), **about)
            if step.opens_inspection:
                recorder.record(InspectionOpened, cause=cause, level=step.level, **about)


def _overtaken(rung: Rung, later: list[Rung], milestone: MilestoneState) -> NotSentReason | None:
    # Only an engine that was away finds several rungs of one milestone due at once. A reminder that a later one or the
    # due date has overtaken says nothing any more, and an order says all that the urge before it would have said;
    # every order is still issued, for each goes to another superior.
    kinds = {other.kind for other in later}
    # The breach of a night is recorded before the office opens, so it may have been taken in an earlier decision.
    if rung.kind == "reminder" and (kinds & {"reminder", "breach"} or BREACH in milestone.taken):
        return "stale"
    if rung.kind == "urge" and "order" in kinds:
        return "superseded"
    return None


def _breach(recorder: EventRecorder, milestone: MilestoneState, rung: Rung, cause: str) -> None:
    happened = end_of(rung.day)
    recorder.record(
        DeadlineBreached,
        occurred_at=happened,
        cause=cause,
        milestone_id=milestone.milestone_id,
        due_on=rung.day,
        round=milestone.round,
    )
    if milestone.reports == 0:
        recorder.record(
            NoReportReceived, occurred_at=happened, cause=cause, milestone_id=milestone.milestone_id, due_on=rung.day
        )


def deadline_in(state: ProjectState, milestone: MilestoneState) -> date | None:
    """The day that counts as due in a milestone's present round; none while its date waits for a ruling."""
    if milestone.answer_by is None:
        return None
    return deadline_of(milestone.answer_by, state.policy.rules_for(milestone.milestone_id), state.calendar)
