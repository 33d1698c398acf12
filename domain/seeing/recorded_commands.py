"""The commands that a record's events were the answers to, made again from the events alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

from domain.actors import actor_from_text
from domain.acts.commands import (
    AcceptCompletion,
    AnswerDirective,
    AnswerInspection,
    AnyCommand,
    AppointDeputy,
    ChangeCalendar,
    CheckRectification,
    CloseInspection,
    CloseYear,
    ConcludeInspection,
    DeclineAssignment,
    DismissDeputy,
    EndSilence,
    GrantGrace,
    InsistOnAssignment,
    IssueDirective,
    OpenInspection,
    PublishBulletin,
    RaiseDispute,
    ReassignLead,
    RecordFinding,
    ReplaceParticipant,
    ReportProgress,
    ReportRectification,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReturnForRework,
    ReviewExtension,
    RuleOnDispute,
    RuleOnExtension,
    SignReceipt,
    SilenceNotices,
    StrikeOff,
    SupplementExtension,
    Suspend,
    Urge,
    Withdraw,
)
from domain.acts.commands.command import Command
from domain.events import (
    AssignmentDeclined,
    AssignmentInsisted,
    BulletinPublished,
    CalendarChanged,
    CompletionRequested,
    DeadlineExtended,
    DeputyAppointed,
    DeputyDismissed,
    DirectiveAnswered,
    DirectiveIssued,
    DisputeRaised,
    DisputeRuled,
    DomainEvent,
    Event,
    ExtensionMoreAsked,
    ExtensionRefused,
    ExtensionRequested,
    ExtensionReviewed,
    ExtensionSupplemented,
    FindingRecorded,
    GraceGranted,
    InspectionAnswered,
    InspectionClosed,
    InspectionConcluded,
    InspectionOpened,
    LeadReassigned,
    LimitEnded,
    MilestoneCarriedOver,
    MilestoneCompleted,
    MilestoneEnded,
    MilestoneReturnedForRework,
    MilestoneStruckOff,
    MilestoneWithdrawn,
    NoticesSilenced,
    PartDelivered,
    ParticipantReplaced,
    ProgressReported,
    ProjectWithdrawn,
    ReceiptSigned,
    RectificationReported,
    RectificationReturned,
    Resumed,
    SilenceEnded,
    Suspended,
    UrgeIssued,
)
from domain.rungs.ladder import REQUEST_CAUSE
from domain.state import ProjectState

Group = Sequence[DomainEvent]
Facts = dict[str, Any]


def command_of(group: Group, before: ProjectState) -> AnyCommand | None:
    """The command that one request's events were the answer to; none for a change of the list, which is no one command.

    `before` is the recorded state that it met: what it left to the rules of then is left to the rules again.
    """
    for event in group:
        if not event.cause.startswith(REQUEST_CAUSE) or type(event) not in COMMANDS:
            continue
        command, facts = COMMANDS[type(event)]
        if isinstance(event, InspectionClosed) and _ends_a_check(group):
            command, facts = CheckRectification, _check_held
        given = facts(event, group, before)
        made = command(
            request_id=event.cause.removeprefix(REQUEST_CAUSE),
            by=actor_from_text(event.actor),
            on_behalf_of=actor_from_text(event.on_behalf_of) if event.on_behalf_of else None,
            **given,
        )
        return cast(AnyCommand, made)
    return None


def _of_event(*names: str, **named: str) -> Callable[[Any, Group, ProjectState], Facts]:
    """The event's own facts: some under their names, some under the command's."""

    def facts(event: Any, _group: Group, _before: ProjectState) -> Facts:
        return {
            **{name: getattr(event, name) for name in names},
            **{given: getattr(event, name) for given, name in named.items()},
        }

    return facts


def _receipt(event: ReceiptSigned, _group: Group, _before: ProjectState) -> Facts:
    # One milestone alone is asked for by its name; signing the rest of all duties at once comes to the same.
    return {"milestone_id": event.milestone_ids[0] if len(event.milestone_ids) == 1 else None}


def _ruling(event: Any, _group: Group, _before: ProjectState) -> Facts:
    match event:
        case DeadlineExtended():
            given: Facts = {"ruling": "grant", "new_due_on": event.after, "reason": event.reason}
        case ExtensionRefused():
            given = {"ruling": "refuse", "reason": event.reason}
        case _:
            given = {"ruling": "ask_more", "reason": event.question}
    return {"milestone_id": event.milestone_id, **given}


def _conclusion(event: InspectionConcluded, _group: Group, before: ProjectState) -> Facts:
    return {
        "milestone_id": event.milestone_id,
        "conclusion": event.conclusion,
        "rectify": event.rectify_by is not None,
        "rectify_by": _set_by_a_person(event.rectify_by, event, before),
    }


def _check_failed(event: RectificationReturned, _group: Group, before: ProjectState) -> Facts:
    rectify_by = _set_by_a_person(event.rectify_by, event, before)
    return {"milestone_id": event.milestone_id, "holds": False, "note": event.reason, "rectify_by": rectify_by}


def _set_by_a_person(day: date | None, event: Event, before: ProjectState) -> date | None:
    rules = before.policy.life_cycle
    if day is None or rules is None:
        return day
    by_rule = before.calendar.working_day(event.decided_at.date(), rules.limits.rectification.working_days)
    return None if day == by_rule else day


def _ends_a_check(group: Group) -> bool:
    return any(isinstance(event, LimitEnded) and event.kind == "rectification_check" for event in group)


def _check_held(event: InspectionClosed, _group: Group, _before: ProjectState) -> Facts:
    return {"milestone_id": event.milestone_id, "holds": True, "note": event.note}


def _year(event: Any, group: Group, before: ProjectState) -> Facts:
    carried = next((each.to_year for each in group if isinstance(each, MilestoneCarriedOver)), before.year + 1)
    ended = tuple(each.milestone_id for each in group if isinstance(each, MilestoneEnded))
    return {"reason": event.reason, "to_year": carried, "ended": ended}


def _deputy(event: DeputyAppointed | DeputyDismissed, _group: Group, _before: ProjectState) -> Facts:
    pair: Facts = {"principal": actor_from_text(event.principal), "deputy": actor_from_text(event.deputy)}
    if isinstance(event, DeputyAppointed):
        pair |= {"from_on": event.from_on, "until_on": event.until_on}
    return {**pair, "reason": event.reason}


_REPORT = ("milestone_id", "text", "done_on", "quantity", "evidence")
_ANSWER = ("milestone_id", "text", "evidence")
_WHY = ("milestone_id", "reason")
COMMANDS: dict[type[Event], tuple[type[Command], Callable[[Any, Group, ProjectState], Facts]]] = {
    ProgressReported: (ReportProgress, _of_event(*_REPORT, "forecast_on", "period")),
    CompletionRequested: (RequestCompletion, _of_event(*_REPORT)),
    PartDelivered: (RequestCompletion, _of_event("milestone_id", "text", "done_on", "evidence")),
    MilestoneCompleted: (AcceptCompletion, _of_event("milestone_id", "note")),
    MilestoneReturnedForRework: (ReturnForRework, _of_event(*_WHY)),
    MilestoneStruckOff: (StrikeOff, _of_event("milestone_id")),
    ReceiptSigned: (SignReceipt, _receipt),
    AssignmentDeclined: (DeclineAssignment, _of_event(*_WHY)),
    AssignmentInsisted: (InsistOnAssignment, _of_event(*_WHY, "department")),
    LeadReassigned: (ReassignLead, _of_event(to="after", reason="basis")),
    ParticipantReplaced: (
        ReplaceParticipant,
        _of_event("milestone_id", department="before", to="after", reason="basis"),
    ),
    DisputeRaised: (RaiseDispute, _of_event("milestone_id", "against", "text")),
    DisputeRuled: (RuleOnDispute, _of_event(*_WHY, "responsible")),
    ExtensionRequested: (RequestExtension, _of_event(*_WHY, "progress", new_due_on="requested_due_on")),
    ExtensionSupplemented: (SupplementExtension, _of_event("milestone_id", "text")),
    ExtensionReviewed: (ReviewExtension, _of_event("milestone_id", "recommended_due_on", "opinion")),
    DeadlineExtended: (RuleOnExtension, _ruling),
    ExtensionRefused: (RuleOnExtension, _ruling),
    ExtensionMoreAsked: (RuleOnExtension, _ruling),
    GraceGranted: (GrantGrace, _of_event(*_WHY, new_due_on="after")),
    InspectionOpened: (OpenInspection, _of_event(*_WHY, "despite_cap")),
    FindingRecorded: (RecordFinding, _of_event(*_ANSWER)),
    InspectionConcluded: (ConcludeInspection, _conclusion),
    InspectionAnswered: (AnswerInspection, _of_event(*_ANSWER)),
    RectificationReported: (ReportRectification, _of_event(*_ANSWER)),
    RectificationReturned: (CheckRectification, _check_failed),
    InspectionClosed: (CloseInspection, _of_event("milestone_id", "note")),
    UrgeIssued: (Urge, _of_event(*_WHY, "department")),
    DirectiveIssued: (IssueDirective, _of_event("milestone_id", "leader", "text", "answer_by")),
    DirectiveAnswered: (AnswerDirective, _of_event(*_ANSWER, "directive")),
    BulletinPublished: (PublishBulletin, _of_event("milestone_id", "kind", "department", "text")),
    Suspended: (Suspend, _of_event(*_WHY, "until")),
    Resumed: (Resume, _of_event(*_WHY)),
    NoticesSilenced: (SilenceNotices, _of_event(*_WHY, "until")),
    SilenceEnded: (EndSilence, _of_event(*_WHY)),
    DeputyAppointed: (AppointDeputy, _deputy),
    DeputyDismissed: (DismissDeputy, _deputy),
    CalendarChanged: (ChangeCalendar, _of_event("reason", "calendar")),
    MilestoneWithdrawn: (Withdraw, _of_event(*_WHY)),
    ProjectWithdrawn: (Withdraw, _of_event("reason")),
    MilestoneCarriedOver: (CloseYear, _year),
    MilestoneEnded: (CloseYear, _year),
}
"""What each event's command was, and what of the event it said."""
