"""The rules of supervision: what a command makes happen, or which rule it breaks.

`decide(state, command, now)` answers the events, or raises the rejection. How a project is opened is in
`domain/docketing.py`, what time alone brings in `domain/wakeups.py`.

No clock, no IO: the instants come from the caller, in office time.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.actors import ENGINE
from domain.amending import amend
from domain.commands import (
    AcceptCompletion,
    AmendProject,
    AnyCommand,
    CommandOutcome,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.events import (
    CommandRejected,
    CompletionRequested,
    DomainEvent,
    MilestoneCompleted,
    MilestoneReturnedForRework,
    MilestoneStruckOff,
    MilestoneWithdrawn,
    ProgressReported,
    ProjectArchived,
    ProjectWithdrawn,
    UrgeIssued,
)
from domain.ids import event_id_for, supervision_workflow_id
from domain.ladder import REQUEST_CAUSE
from domain.recorder import EventRecorder
from domain.rejections import (
    BeforeWindowError,
    CompletionUnderReviewError,
    FutureDateError,
    MilestoneSettledError,
    NoQuotaError,
    NotAnOperatorError,
    NotCompletedError,
    NothingToReviewError,
    NotYourMilestoneError,
    ProjectClosedError,
    QuantityFallsError,
    QuotaNotReachedError,
    TrueDateMissingError,
    TwoPersonsError,
    UnknownMilestoneError,
)
from domain.state import CLOSED_STAGES, OPEN_STAGES, MilestoneState, ProjectState, target_of
from domain.wakeups import deadline_in, take_overdue_breaches


def decide(state: ProjectState, command: AnyCommand, now: datetime) -> tuple[DomainEvent, ...]:
    """The events that a command makes happen; none when the same request was applied before.

    Raises:
        RejectedError: the command breaks a rule; which one is the error's name (`domain/rejections.py`).
    """
    if command.request_id in state.applied:
        return ()
    if state.closed:
        raise ProjectClosedError(project_id=state.project.project_id, stage=state.stage)
    recorder = EventRecorder(state, now, command.by, f"{REQUEST_CAUSE}{command.request_id}")
    match command:
        case ReportProgress():
            _report(recorder, state, command, now)
        case RequestCompletion():
            _request_completion(recorder, state, command, now)
        case AcceptCompletion():
            _accept(recorder, state, command)
        case ReturnForRework():
            _return(recorder, state, command, now)
        case StrikeOff():
            _strike_off(recorder, state, command)
        case Urge():
            _urge(recorder, state, command, now)
        case Withdraw():
            _withdraw(recorder, state, command, now)
        case AmendProject():
            _must_be_operator(state, command)
            amend(recorder, command, now)
    _archive_when_nothing_is_open(recorder)
    return tuple(recorder.events)


def outcome_of(state: ProjectState, command: AnyCommand) -> CommandOutcome:
    """What an applied command answers; `state` is the one after it."""
    stream = supervision_workflow_id(state.project.project_id)
    applied = state.applied.get(command.request_id)
    seqs = range(applied.first_seq, applied.last_seq + 1) if applied else range(0)
    milestone = state.milestones.get(getattr(command, "milestone_id", None) or "")
    return CommandOutcome(
        event_ids=tuple(event_id_for(stream, seq) for seq in seqs),
        stage=milestone.stage if milestone else state.stage,
    )


def reject(state: ProjectState, rule: str, text: str, received: str, now: datetime) -> tuple[DomainEvent, ...]:
    """The record of a command that came by signal and was refused: its sender hears nothing, so the record tells."""
    recorder = EventRecorder(state, now, ENGINE, f"rejected:{rule}")
    recorder.record(CommandRejected, rule=rule, text=text, received=received[:2_000])
    return tuple(recorder.events)


def _report(recorder: EventRecorder, state: ProjectState, command: ReportProgress, now: datetime) -> None:
    milestone = _own_open_milestone(state, command)
    _check_done_on(state, milestone, command.done_on, now)
    _check_quantity(state, milestone, command.quantity)
    take_overdue_breaches(recorder, milestone.milestone_id, now, "rung:breach")
    recorder.record(
        ProgressReported,
        milestone_id=milestone.milestone_id,
        department=state.project.lead_department,
        text=command.text,
        done_on=command.done_on,
        quantity=command.quantity,
        evidence=command.evidence,
    )


def _request_completion(
    recorder: EventRecorder, state: ProjectState, command: RequestCompletion, now: datetime
) -> None:
    milestone = _own_open_milestone(state, command)
    if milestone.retrospective and command.done_on is None:
        raise TrueDateMissingError(milestone_id=milestone.milestone_id)
    done_on = command.done_on or now.date()
    _check_done_on(state, milestone, done_on, now)
    _check_quantity(state, milestone, command.quantity)
    quantity = command.quantity
    if (target := target_of(state.issued(milestone.milestone_id))) is not None:
        # A request without a number claims the whole of it; the reviewer checks the claim.
        quantity = max(target[0], milestone.quantity or 0) if quantity is None else quantity
        if quantity < target[0]:
            raise QuotaNotReachedError(
                milestone_id=milestone.milestone_id, quantity=quantity, target=target[0], unit=target[1]
            )
    take_overdue_breaches(recorder, milestone.milestone_id, now, "rung:breach")
    recorder.record(
        CompletionRequested,
        milestone_id=milestone.milestone_id,
        department=state.project.lead_department,
        done_on=done_on,
        text=command.text,
        quantity=quantity,
        evidence=command.evidence,
    )


def _accept(recorder: EventRecorder, state: ProjectState, command: AcceptCompletion) -> None:
    milestone = _under_review(state, command)
    assert milestone.done_on is not None
    recorder.record(
        MilestoneCompleted, milestone_id=milestone.milestone_id, done_on=milestone.done_on, note=command.note
    )


def _return(recorder: EventRecorder, state: ProjectState, command: ReturnForRework, now: datetime) -> None:
    milestone = _under_review(state, command)
    rules = state.policy.rules_for(milestone.milestone_id)
    rework_by = state.calendar.working_day(now.date(), rules.rework_working_days)
    # Sent back with time to spare, the due date stands; otherwise the department gets the days of rework.
    keeps_date = milestone.answer_by is not None and milestone.answer_by >= rework_by and not milestone.retrospective
    recorder.record(
        MilestoneReturnedForRework,
        milestone_id=milestone.milestone_id,
        reason=command.reason,
        round=milestone.round if keeps_date else milestone.round + 1,
        answer_by=milestone.answer_by if keeps_date else rework_by,
    )


def _strike_off(recorder: EventRecorder, state: ProjectState, command: StrikeOff) -> None:
    milestone = _milestone_for_operator(state, command)
    if milestone.stage in CLOSED_STAGES:
        raise MilestoneSettledError(milestone_id=milestone.milestone_id, stage=milestone.stage)
    if milestone.stage != "completed":
        raise NotCompletedError(milestone_id=milestone.milestone_id)
    if milestone.accepted_by == str(command.by):
        raise TwoPersonsError(milestone_id=milestone.milestone_id, person=command.by.name)
    recorder.record(MilestoneStruckOff, milestone_id=milestone.milestone_id)


def _urge(recorder: EventRecorder, state: ProjectState, command: Urge, now: datetime) -> None:
    milestone = _milestone_for_operator(state, command)
    _must_be_open(milestone)
    take_overdue_breaches(recorder, milestone.milestone_id, now, "rung:breach")
    recorder.record(
        UrgeIssued,
        milestone_id=milestone.milestone_id,
        due_on=deadline_in(state, milestone),
        round=milestone.round,
        reason=command.reason,
    )


def _withdraw(recorder: EventRecorder, state: ProjectState, command: Withdraw, now: datetime) -> None:
    if command.milestone_id is None:
        _must_be_operator(state, command)
        for milestone_id in state.milestones:
            take_overdue_breaches(recorder, milestone_id, now, "rung:breach")
        recorder.record(ProjectWithdrawn, reason=command.reason)
        return
    milestone = _milestone_for_operator(state, command)
    if milestone.stage in CLOSED_STAGES:
        raise MilestoneSettledError(milestone_id=milestone.milestone_id, stage=milestone.stage)
    take_overdue_breaches(recorder, milestone.milestone_id, now, "rung:breach")
    recorder.record(MilestoneWithdrawn, milestone_id=milestone.milestone_id, reason=command.reason)


def _archive_when_nothing_is_open(recorder: EventRecorder) -> None:
    state = recorder.state
    if state and not state.closed and all(m.stage in CLOSED_STAGES for m in state.milestones.values()):
        recorder.record(ProjectArchived)


def _milestone(state: ProjectState, milestone_id: str | None) -> MilestoneState:
    milestone = state.milestones.get(milestone_id or "")
    if milestone is None:
        raise UnknownMilestoneError(
            project_id=state.project.project_id,
            milestone_id=milestone_id or "",
            last=next(reversed(state.milestones), None),
        )
    return milestone


def _own_open_milestone(state: ProjectState, command: ReportProgress | RequestCompletion) -> MilestoneState:
    milestone = _milestone(state, command.milestone_id)
    lead = state.project.lead_department
    if command.by.role != "department" or command.by.department != lead:
        by = command.by.department or command.by.name
        raise NotYourMilestoneError(milestone_id=milestone.milestone_id, by=by, lead=lead)
    _must_be_open(milestone)
    return milestone


def _must_be_open(milestone: MilestoneState) -> None:
    if milestone.stage == "completion_requested":
        raise CompletionUnderReviewError(milestone_id=milestone.milestone_id)
    if milestone.stage not in OPEN_STAGES:
        raise MilestoneSettledError(milestone_id=milestone.milestone_id, stage=milestone.stage)


def _must_be_operator(state: ProjectState, command: AnyCommand) -> None:
    departments = {state.project.lead_department, *state.project.participating_departments}
    if command.by.role != "operator" or command.by.name in departments:
        raise NotAnOperatorError(by=command.by.department or command.by.name)


def _milestone_for_operator(
    state: ProjectState, command: AcceptCompletion | ReturnForRework | StrikeOff | Urge | Withdraw
) -> MilestoneState:
    _must_be_operator(state, command)
    return _milestone(state, command.milestone_id)


def _under_review(state: ProjectState, command: AcceptCompletion | ReturnForRework) -> MilestoneState:
    milestone = _milestone_for_operator(state, command)
    if milestone.stage in CLOSED_STAGES or milestone.stage == "completed":
        raise MilestoneSettledError(milestone_id=milestone.milestone_id, stage=milestone.stage)
    if milestone.stage != "completion_requested":
        raise NothingToReviewError(milestone_id=milestone.milestone_id)
    return milestone


def _check_done_on(state: ProjectState, milestone: MilestoneState, done_on: date | None, now: datetime) -> None:
    if done_on is None:
        return
    if done_on > now.date():
        raise FutureDateError(milestone_id=milestone.milestone_id, done_on=done_on, today=now.date())
    starts_on = state.issued(milestone.milestone_id).starts_on
    if starts_on is not None and done_on < starts_on:
        raise BeforeWindowError(milestone_id=milestone.milestone_id, done_on=done_on, starts_on=starts_on)


def _check_quantity(state: ProjectState, milestone: MilestoneState, quantity: int | None) -> None:
    if quantity is None:
        return
    target = target_of(state.issued(milestone.milestone_id))
    if target is None:
        raise NoQuotaError(milestone_id=milestone.milestone_id)
    # A claim that was sent back is the department's to correct, downwards too.
    if quantity < (milestone.quantity or 0) and milestone.stage != "returned_for_rework":
        raise QuantityFallsError(
            milestone_id=milestone.milestone_id, quantity=quantity, before=milestone.quantity or 0, unit=target[1]
        )
