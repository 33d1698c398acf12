"""What happened, in the past tense: the only truth about a project. Everything else is derived from these.

Every event says who acted, when it happened (`occurred_at`), when the workflow decided it (`decided_at`) and why
(`cause`: `request:ID` for a command, `rung:NAME` for a rule that came due, `start` for the start of the year). The
names in `type` are kept for ever; a changed shape gets a new version `v` and an upcast in `domain/upcasts.py`. One
module a family; a field that came later is absent where it says nothing (`domain/events/event.py`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from domain.events.amending import CalendarChanged as CalendarChanged
from domain.events.amending import DutyHandedOver as DutyHandedOver
from domain.events.amending import LeadReassigned as LeadReassigned
from domain.events.amending import MilestoneAdded as MilestoneAdded
from domain.events.amending import MilestoneAmended as MilestoneAmended
from domain.events.amending import MovedDate as MovedDate
from domain.events.amending import ProjectAmended as ProjectAmended
from domain.events.amending import ProjectText as ProjectText
from domain.events.assigning import ProjectAssigned as ProjectAssigned
from domain.events.assigning import ProjectDocketed as ProjectDocketed
from domain.events.assigning import ReadingRuled as ReadingRuled
from domain.events.assigning import RetrospectiveReportRequested as RetrospectiveReportRequested
from domain.events.bulletin_kind import BulletinKind as BulletinKind
from domain.events.closing import MilestoneCarriedOver as MilestoneCarriedOver
from domain.events.closing import MilestoneEnded as MilestoneEnded
from domain.events.closing import MilestoneWithdrawn as MilestoneWithdrawn
from domain.events.closing import ProjectArchived as ProjectArchived
from domain.events.closing import ProjectWithdrawn as ProjectWithdrawn
from domain.events.deputising import DeputyAppointed as DeputyAppointed
from domain.events.deputising import DeputyDismissed as DeputyDismissed
from domain.events.directing import BulletinPublished as BulletinPublished
from domain.events.directing import DirectiveAnswered as DirectiveAnswered
from domain.events.directing import DirectiveIssued as DirectiveIssued
from domain.events.event import Event as Event
from domain.events.extending import DeadlineExtended as DeadlineExtended
from domain.events.extending import ExtensionLapsed as ExtensionLapsed
from domain.events.extending import ExtensionMoreAsked as ExtensionMoreAsked
from domain.events.extending import ExtensionRefused as ExtensionRefused
from domain.events.extending import ExtensionRequested as ExtensionRequested
from domain.events.extending import ExtensionReviewed as ExtensionReviewed
from domain.events.extending import ExtensionSupplemented as ExtensionSupplemented
from domain.events.extending import GraceGranted as GraceGranted
from domain.events.inspecting import FindingRecorded as FindingRecorded
from domain.events.inspecting import InspectionAnswered as InspectionAnswered
from domain.events.inspecting import InspectionClosed as InspectionClosed
from domain.events.inspecting import InspectionConcluded as InspectionConcluded
from domain.events.inspecting import InspectionNotOpened as InspectionNotOpened
from domain.events.inspecting import InspectionOpened as InspectionOpened
from domain.events.inspecting import RectificationReported as RectificationReported
from domain.events.inspecting import RectificationReturned as RectificationReturned
from domain.events.ladder import DeadlineBreached as DeadlineBreached
from domain.events.ladder import EscalationOrderIssued as EscalationOrderIssued
from domain.events.ladder import NoReportReceived as NoReportReceived
from domain.events.ladder import NoticeNotSent as NoticeNotSent
from domain.events.ladder import ReminderIssued as ReminderIssued
from domain.events.ladder import RungSkipped as RungSkipped
from domain.events.ladder import UrgeIssued as UrgeIssued
from domain.events.limits import LimitEnded as LimitEnded
from domain.events.limits import LimitEscalated as LimitEscalated
from domain.events.limits import LimitNoticeNotSent as LimitNoticeNotSent
from domain.events.limits import LimitPassed as LimitPassed
from domain.events.limits import LimitReminderIssued as LimitReminderIssued
from domain.events.limits import LimitSet as LimitSet
from domain.events.pausing import ClockResumed as ClockResumed
from domain.events.pausing import ClockStopped as ClockStopped
from domain.events.pausing import NoticesSilenced as NoticesSilenced
from domain.events.pausing import Resumed as Resumed
from domain.events.pausing import SilenceEnded as SilenceEnded
from domain.events.pausing import StopReason as StopReason
from domain.events.pausing import Suspended as Suspended
from domain.events.receiving import AssignmentDeclined as AssignmentDeclined
from domain.events.receiving import AssignmentInsisted as AssignmentInsisted
from domain.events.receiving import DisputeRaised as DisputeRaised
from domain.events.receiving import DisputeRuled as DisputeRuled
from domain.events.receiving import ParticipantReplaced as ParticipantReplaced
from domain.events.receiving import ReceiptSigned as ReceiptSigned
from domain.events.rejecting import CommandRejected as CommandRejected
from domain.events.reporting import CompletionRequested as CompletionRequested
from domain.events.reporting import PaceWarningIssued as PaceWarningIssued
from domain.events.reporting import PartDelivered as PartDelivered
from domain.events.reporting import ProgressReported as ProgressReported
from domain.events.reporting import ReportPeriodMissed as ReportPeriodMissed
from domain.events.reviewing import MilestoneCompleted as MilestoneCompleted
from domain.events.reviewing import MilestoneReturnedForRework as MilestoneReturnedForRework
from domain.events.reviewing import MilestoneStruckOff as MilestoneStruckOff

DomainEvent = Annotated[
    ProjectDocketed
    | ProjectAssigned
    | ReadingRuled
    | RetrospectiveReportRequested
    | ReceiptSigned
    | AssignmentDeclined
    | AssignmentInsisted
    | ParticipantReplaced
    | DisputeRaised
    | DisputeRuled
    | ReminderIssued
    | NoticeNotSent
    | RungSkipped
    | DeadlineBreached
    | NoReportReceived
    | UrgeIssued
    | EscalationOrderIssued
    | ProgressReported
    | CompletionRequested
    | PartDelivered
    | ReportPeriodMissed
    | PaceWarningIssued
    | MilestoneReturnedForRework
    | MilestoneCompleted
    | MilestoneStruckOff
    | LimitSet
    | LimitReminderIssued
    | LimitPassed
    | LimitEscalated
    | LimitEnded
    | LimitNoticeNotSent
    | ClockStopped
    | ClockResumed
    | Suspended
    | Resumed
    | NoticesSilenced
    | SilenceEnded
    | ExtensionRequested
    | ExtensionReviewed
    | ExtensionMoreAsked
    | ExtensionSupplemented
    | ExtensionRefused
    | ExtensionLapsed
    | DeadlineExtended
    | GraceGranted
    | InspectionOpened
    | FindingRecorded
    | InspectionConcluded
    | InspectionAnswered
    | RectificationReported
    | RectificationReturned
    | InspectionClosed
    | InspectionNotOpened
    | DirectiveIssued
    | DirectiveAnswered
    | BulletinPublished
    | MilestoneAmended
    | MilestoneAdded
    | LeadReassigned
    | ProjectAmended
    | DutyHandedOver
    | CalendarChanged
    | DeputyAppointed
    | DeputyDismissed
    | MilestoneWithdrawn
    | ProjectWithdrawn
    | ProjectArchived
    | MilestoneCarriedOver
    | MilestoneEnded
    | CommandRejected,
    Field(discriminator="type"),
]
"""Any event of a project's stream."""

DOMAIN_EVENT: TypeAdapter[DomainEvent] = TypeAdapter(DomainEvent)
