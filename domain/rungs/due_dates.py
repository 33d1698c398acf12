"""The ladder of a due date: the lead department's, and the lighter one of each participating department."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TypedDict

from domain import events as e
from domain.frozen import shared
from domain.ids import DepartmentId, MilestoneId
from domain.papers.paper import NotSentReason, PaperKind
from domain.record.recorder import EventRecorder
from domain.rules.calendar import end_of
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import ParticipantRules
from domain.rungs.inspections import open_foreseen
from domain.rungs.ladder import BREACH, RUNG_CAUSE, Rung, deadline_of, ladder, untaken
from domain.rungs.stops import silence_of
from domain.rungs.timing import DueRung, due_rung, nominal_instant
from domain.state import MilestoneState, PartState, ProjectState
from domain.state.running import part_clock_runs

_PAPER_OF_RUNG: dict[str, PaperKind] = {"reminder": "reminder", "urge": "urge", "order": "escalation_order"}


def rungs_of(state: ProjectState, milestone: MilestoneState) -> tuple[Rung, ...]:
    """All rungs of a milestone's present round (none when nothing is to be waited for)."""
    if milestone.answer_by is None or milestone.retrospective:
        return ()
    rules = state.policy.rules_for(milestone.milestone_id)
    return ladder(rules, state.calendar, milestone.answer_by, milestone.rework)


def rungs_of_part(state: ProjectState, milestone: MilestoneState, part: PartState) -> tuple[Rung, ...]:
    """All rungs of a participating department's own duty in its present round."""
    if part.answer_by is None or milestone.retrospective:
        return ()
    rules = _rules_of_part(state.policy.life_cycle.participants, state.policy.rules_for(milestone.milestone_id))
    return ladder(rules, state.calendar, part.answer_by)


@lru_cache(maxsize=1_024)
def _rules_of_part(participants: ParticipantRules, rules: MilestoneRules) -> MilestoneRules:
    return shared(participants.over(rules))


def pending(
    state: ProjectState, milestone: MilestoneState, now: datetime, until: date | None = None
) -> Iterator[DueRung]:
    """Every rung of a milestone whose clock runs that was not taken yet; beyond `until` the first of each ladder
    alone."""
    for rung in untaken(rungs_of(state, milestone), milestone.taken, until):
        yield due_rung(state, rung, now, milestone.milestone_id)
    for name, part in milestone.parts.items():
        if part_clock_runs(milestone, part):
            for rung in untaken(rungs_of_part(state, milestone, part), part.taken, until):
                yield due_rung(state, rung, now, milestone.milestone_id, name)


def take(recorder: EventRecorder, due: DueRung, later: Sequence[Rung], now: datetime) -> None:
    """Take a rung of a due date; `later` are those of the same ladder that are due at the same time."""
    state = recorder.project
    milestone = state.milestones[due.milestone_id]
    duty = state.duty_of(due.milestone_id, due.department)
    rung, cause = due.rung, f"{RUNG_CAUSE}{due.rung.name}"
    if rung.kind == "breach":
        _breach(recorder, milestone, duty, due.department, rung)
        return
    reason = _overtaken(rung, later, duty)
    if reason is None and silence_of(state, due.milestone_id, now.date()):
        reason = "silenced"
    if reason is not None:
        recorder.because(cause).record(
            e.NoticeNotSent,
            milestone_id=milestone.milestone_id,
            kind=_PAPER_OF_RUNG[rung.kind],
            rung=rung.name,
            round=duty.round,
            reason=reason,
            department=due.department,
        )
        return
    due_on = _deadline(state, milestone.milestone_id, duty)
    assert due_on is not None
    about: _About = {
        "milestone_id": milestone.milestone_id,
        "due_on": due_on,
        "round": duty.round,
        "department": due.department,
    }
    match rung.kind:
        case "reminder":
            recorder.because(cause).record(e.ReminderIssued, working_days_before=rung.working_days, **about)
        case "urge":
            recorder.because(cause).record(e.UrgeIssued, **about)
        case _:
            _order(recorder, due, about, cause, now)


class _About(TypedDict):
    milestone_id: MilestoneId
    due_on: date
    round: int
    department: DepartmentId | None


def _order(recorder: EventRecorder, due: DueRung, about: _About, cause: str, now: datetime) -> None:
    step = due.rung.step
    assert step is not None
    to = step.superior_of(recorder.project.lead, due.department)
    recorder.because(cause).record(e.EscalationOrderIssued, level=step.level, to=to, **about)
    if step.opens_inspection:
        milestone = recorder.project.milestones[due.milestone_id]
        due_on = about["due_on"]
        open_foreseen(recorder, milestone, due.rung.name, now, cause=cause, due_on=due_on, level=step.level)


def pass_over_reminders(
    recorder: EventRecorder, milestone_id: MilestoneId, now: datetime, reason: NotSentReason
) -> None:
    """Record the reminders of a new round whose instant is over as not sent: the paper that tells of it says all.

    Nothing of a clock that stands still, for its days are still to move.
    """
    state = recorder.project
    milestone = state.milestones[milestone_id]
    if milestone.stops:
        return
    passed: list[tuple[DepartmentId | None, MilestoneState | PartState, Rung]] = [
        (None, milestone, rung) for rung in rungs_of(state, milestone)
    ]
    for name, part in milestone.parts.items():
        if part_clock_runs(milestone, part):
            passed.extend((name, part, rung) for rung in rungs_of_part(state, milestone, part))
    for department, duty, rung in passed:
        if rung.kind == "reminder" and rung.name not in duty.taken and nominal_instant(state, rung) <= now:
            recorder.record(
                e.NoticeNotSent,
                milestone_id=milestone_id,
                kind="reminder",
                rung=rung.name,
                round=duty.round,
                reason=reason,
                department=department,
            )


def _overtaken(rung: Rung, later: Sequence[Rung], duty: MilestoneState | PartState) -> NotSentReason | None:
    # Only an engine that was away finds several rungs of one milestone due at once. A reminder that a later one or the
    # due date has overtaken says nothing any more, and an order says all that the urge before it would have said;
    # every order is still issued, for each goes to another superior.
    kinds = {other.kind for other in later}
    # The breach of a night is recorded before the office opens, so it may have been taken in an earlier decision.
    if rung.kind == "reminder" and (kinds & {"reminder", "breach"} or BREACH in duty.taken):
        return "stale"
    if rung.kind == "urge" and "order" in kinds:
        return "superseded"
    return None


def _breach(
    recorder: EventRecorder,
    milestone: MilestoneState,
    duty: MilestoneState | PartState,
    department: DepartmentId | None,
    rung: Rung,
) -> None:
    late = recorder.because(f"{RUNG_CAUSE}{rung.name}", end_of(rung.day))
    milestone_id = milestone.milestone_id
    late.record(e.DeadlineBreached, round=duty.round, milestone_id=milestone_id, due_on=rung.day, department=department)
    if duty.reports == 0:
        late.record(e.NoReportReceived, milestone_id=milestone_id, due_on=rung.day, department=department)


def deadline_in(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState | None = None
) -> date | None:
    """The day that counts as due in the present round of a milestone, or of one duty in it; none while its date waits
    for a ruling."""
    return _deadline(state, milestone.milestone_id, duty or milestone)


def _deadline(state: ProjectState, milestone_id: MilestoneId, duty: MilestoneState | PartState) -> date | None:
    if duty.answer_by is None:
        return None
    return deadline_of(duty.answer_by, state.policy.rules_for(milestone_id), state.calendar)
