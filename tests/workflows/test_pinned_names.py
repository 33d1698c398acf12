"""The names that stand in histories and ledgers for years: written down here, so that no change slips by."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from temporalio import workflow

from domain.acts.commands import AnyCommand
from domain.events import DomainEvent, Event
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from domain.papers.mail import MailEvent
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import Limits
from domain.rungs.ladder import REQUEST_CAUSE, RUNG_CAUSE, START_CAUSE, ladder, pace_rung
from domain.rungs.limits import limit_ladder
from tests.domain.samples import CALENDAR, START
from workflows.department_mailbox import DepartmentMailbox
from workflows.message_names import COMMAND, LOOK_AT_THE_CLOCK
from workflows.project_supervision import ProjectSupervision
from workflows.search_attributes import ALL_KEYS

EVENTS = {
    "ProjectDocketed", "ProjectAssigned", "ReadingRuled", "RetrospectiveReportRequested", "ReceiptSigned",
    "ReminderAcknowledged",
    "AssignmentDeclined", "AssignmentInsisted", "ParticipantReplaced", "DisputeRaised", "DisputeRuled",
    "ReminderIssued", "NoticeNotSent", "RungSkipped", "DeadlineBreached", "NoReportReceived", "UrgeIssued",
    "EscalationOrderIssued", "ProgressReported", "CompletionRequested", "PartDelivered", "ReportPeriodMissed",
    "PaceWarningIssued", "MilestoneReturnedForRework", "MilestoneCompleted", "MilestoneStruckOff", "LimitSet",
    "LimitReminderIssued", "LimitPassed", "LimitEscalated", "LimitEnded", "LimitNoticeNotSent", "ClockStopped",
    "ClockResumed", "Suspended", "Resumed", "NoticesSilenced", "SilenceEnded", "ExtensionRequested",
    "ExtensionReviewed", "ExtensionMoreAsked", "ExtensionSupplemented", "ExtensionRefused", "ExtensionLapsed",
    "DeadlineExtended", "GraceGranted", "InspectionOpened", "ConfidenceAssessed", "DutyDecomposed", "FindingRecorded",
    "SubDutyWithdrawn", "SubDutyRestored", "SubDutyReassigned", "SubDutiesHandedOver", "AssigningDepartmentChanged",
    "InspectionConcluded",
    "InspectionAnswered", "RectificationReported", "RectificationReturned", "InspectionClosed",
    "InspectionNotOpened", "DirectiveIssued", "DirectiveAnswered", "BulletinPublished", "MilestoneAmended",
    "MilestoneAdded", "LeadReassigned", "ProjectAmended", "DutyHandedOver", "CalendarChanged", "DeputyAppointed",
    "DeputyDismissed", "MilestoneWithdrawn", "ProjectWithdrawn", "ProjectArchived", "MilestoneCarriedOver",
    "MilestoneEnded", "YearClosed", "ProjectReopened", "CommandRejected",
}  # fmt: skip
COMMANDS = {
    "ReportProgress", "RequestCompletion", "AcceptCompletion", "ReturnForRework", "StrikeOff", "SignReceipt",
    "AcknowledgeReminder", "AssessConfidence", "DecomposeDuty", "NoteSubDuty",
    "ChangeAssigningDepartment",
    "DeclineAssignment", "InsistOnAssignment", "ReassignLead", "ReplaceParticipant", "RaiseDispute",
    "RuleOnDispute", "RequestExtension", "SupplementExtension", "ReviewExtension", "RuleOnExtension",
    "GrantGrace", "OpenInspection", "RecordFinding", "ConcludeInspection", "AnswerInspection",
    "ReportRectification", "CheckRectification", "CloseInspection", "Urge", "IssueDirective", "AnswerDirective",
    "PublishBulletin", "Suspend", "Resume", "SilenceNotices", "EndSilence", "AppointDeputy", "DismissDeputy",
    "Withdraw", "AmendProject", "ChangeCalendar", "CloseYear", "ReopenProject",
}  # fmt: skip


def members(union: Any) -> tuple[type[Any], ...]:
    """The classes of an annotated union."""
    return get_args(get_args(union)[0])


def test_the_types_of_events_and_commands_keep_their_names() -> None:
    """Each type says its own name, and the sets are those of the ledgers that exist."""
    for union, names in ((DomainEvent, EVENTS), (AnyCommand, COMMANDS), (MailEvent, {"NoticeSent", "NoticeWithheld"})):
        kept = {member.model_fields["type"].default: member.__name__ for member in members(union)}
        assert set(kept) == names
        assert all(name == class_name for name, class_name in kept.items())


def test_every_event_is_in_its_first_version() -> None:
    """A changed shape gets a new version; then this table changes with it."""
    assert {member.__name__: member.model_fields["v"].default for member in members(DomainEvent)} == dict.fromkeys(
        EVENTS, 1
    )
    added_later = {"on_behalf_of", "request_digest", "attested", "own_key", "by_person", "for_person", "seen"}
    assert set(Event.model_fields) == {"v", "seq", "occurred_at", "decided_at", "actor", "cause"} | added_later


def test_workflows_and_their_messages_keep_their_names() -> None:
    """Types, updates, signals and queries as running workflows and other systems know them."""
    found = {}
    for cls in (ProjectSupervision, DepartmentMailbox):
        definition = workflow._Definition.must_from_class(cls)
        found[definition.name] = (
            sorted(filter(None, definition.updates)),
            sorted(name or "*" for name in definition.signals),
            sorted(filter(None, definition.queries)),
        )
    assert found == {
        "ProjectSupervision": (["command"], ["*"], ["state", "status"]),
        "DepartmentMailbox": ([], ["collect", "know_years", "use_calendar"], []),
    }


def test_the_names_of_signals_are_those_that_others_send() -> None:
    """A command, and a look at the clock, by the names that a project knows."""
    assert (COMMAND, LOOK_AT_THE_CLOCK) == ("command", "look_at_the_clock")


def test_workflow_ids_keep_their_form() -> None:
    """The ids by which everybody finds a project and a mailbox."""
    assert supervision_workflow_id("2018-05a") == "key-project/2018/05a"
    assert mailbox_workflow_id("组织部") == "department-mailbox/40924d63ca9e9824"


def test_search_attributes_keep_their_names_and_types() -> None:
    """The filters of the engine's own lists."""
    assert {key.name: key.indexed_value_type.name for key in ALL_KEYS} == {
        "DubanYear": "INT",
    }


def test_causes_and_rungs_keep_their_names() -> None:
    """What an event says of its cause, and what the state remembers as taken."""
    rungs = [rung.name for rung in ladder(MilestoneRules(), CALENDAR, START.date(), False)]
    assert rungs == [
        "reminder-14", "reminder-7", "reminder-1", "breach", "urge", "order-blue", "order-yellow", "order-red",
    ]  # fmt: skip
    limits = limit_ladder(Limits().receipt, CALENDAR, START.date(), date(2018, 4, 28))
    assert [rung.name for rung in limits] == ["limit-reminder-1", "limit-passed", "limit-order-1", "limit-order-3"]
    assert pace_rung(50) == "pace-50"
    assert (REQUEST_CAUSE, RUNG_CAUSE, START_CAUSE) == ("request:", "rung:", "start")
