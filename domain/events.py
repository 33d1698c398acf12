"""What happened, in the past tense: the only truth about a project. Everything else is derived from these.

Every event says who acted, when it happened (`occurred_at`), when the workflow decided it (`decided_at`) and why
(`cause`: `request:ID` for a command, `rung:NAME` for a rule that came due, `start` for the start of the year). The
names in `type` are kept for ever; a changed shape gets a new version `v` and an upcast in `domain/upcasts.py`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from domain.calendar import WorkingCalendar
from domain.ids import DepartmentId, MilestoneId
from domain.papers import NotSentReason, PaperKind
from domain.policy import Level, SupervisionPolicy
from domain.project import Frozen, KeyProject, Milestone, RuledReading, SourceSpan


class Event(Frozen):
    """What every event has: its place in its project's stream (dense from 0), its instants, its actor, its cause."""

    v: int = 1
    seq: int = Field(ge=0)
    occurred_at: AwareDatetime
    decided_at: AwareDatetime
    actor: str
    cause: str


class ProjectDocketed(Event):
    """A key project was taken into supervision: as issued, with the rules and the calendar that it starts under."""

    type: Literal["ProjectDocketed"] = "ProjectDocketed"
    year: int
    list_title: str
    document_number: str | None
    issued_on: date
    project: KeyProject
    policy: SupervisionPolicy
    calendar: WorkingCalendar


class ProjectAssigned(Event):
    """The project was given to its lead department by a supervision order."""

    type: Literal["ProjectAssigned"] = "ProjectAssigned"
    lead_department: DepartmentId
    participating_departments: tuple[DepartmentId, ...]


class ReadingRuled(RuledReading, Event):
    """The operator ruled how doubtful words of the notice are read: the words, what was assumed, who ruled what."""

    type: Literal["ReadingRuled"] = "ReadingRuled"


class RetrospectiveReportRequested(Event):
    """A milestone's window was over before supervision began: what was done, and when, is asked for without alarm."""

    type: Literal["RetrospectiveReportRequested"] = "RetrospectiveReportRequested"
    milestone_id: MilestoneId
    due_on: date


class ReminderIssued(Event):
    """The lead department was reminded, neutrally, that a milestone will be due."""

    type: Literal["ReminderIssued"] = "ReminderIssued"
    milestone_id: MilestoneId
    due_on: date
    working_days_before: int
    round: int


class NoticeNotSent(Event):
    """A paper that a rule foresaw did not go out, for this reason (charter, principle 7)."""

    type: Literal["NoticeNotSent"] = "NoticeNotSent"
    milestone_id: MilestoneId
    kind: PaperKind
    rung: str
    round: int
    reason: NotSentReason


class DeadlineBreached(Event):
    """A due date passed without a completion request. It stays in the record whatever follows."""

    type: Literal["DeadlineBreached"] = "DeadlineBreached"
    milestone_id: MilestoneId
    due_on: date
    round: int


class NoReportReceived(Event):
    """A due date passed and the department had reported nothing at all: silence, which is not a refusal."""

    type: Literal["NoReportReceived"] = "NoReportReceived"
    milestone_id: MilestoneId
    due_on: date


class UrgeIssued(Event):
    """The lead department was urged by document: by the ladder, or by an operator who gives a reason.

    `due_on` is absent where an operator urges for a milestone whose date waits for a ruling.
    """

    type: Literal["UrgeIssued"] = "UrgeIssued"
    milestone_id: MilestoneId
    due_on: date | None
    round: int
    reason: str | None = None


class EscalationOrderIssued(Event):
    """An order of this level went to a superior, because the milestone stayed late."""

    type: Literal["EscalationOrderIssued"] = "EscalationOrderIssued"
    milestone_id: MilestoneId
    due_on: date
    round: int
    level: Level
    to: DepartmentId


class InspectionOpened(Event):
    """An inspection of the lead department was opened for a milestone."""

    type: Literal["InspectionOpened"] = "InspectionOpened"
    milestone_id: MilestoneId
    due_on: date
    round: int
    level: Level | None


class ProgressReported(Event):
    """A department reported progress. `quantity` is the total delivered so far where the milestone has a quota."""

    type: Literal["ProgressReported"] = "ProgressReported"
    milestone_id: MilestoneId
    department: DepartmentId
    text: str
    done_on: date | None
    quantity: int | None
    evidence: tuple[str, ...]


class CompletionRequested(Event):
    """A department says that a milestone is done, when it was done, and shows evidence."""

    type: Literal["CompletionRequested"] = "CompletionRequested"
    milestone_id: MilestoneId
    department: DepartmentId
    done_on: date
    text: str
    quantity: int | None
    evidence: tuple[str, ...]


class MilestoneReturnedForRework(Event):
    """A reviewer sent a completion back; the department answers again by `answer_by`."""

    type: Literal["MilestoneReturnedForRework"] = "MilestoneReturnedForRework"
    milestone_id: MilestoneId
    reason: str
    round: int
    answer_by: date


class MilestoneCompleted(Event):
    """A reviewer accepted the completion of a milestone."""

    type: Literal["MilestoneCompleted"] = "MilestoneCompleted"
    milestone_id: MilestoneId
    done_on: date
    note: str | None


class MilestoneStruckOff(Event):
    """A completed milestone was struck off the register, by another person than the one who completed it."""

    type: Literal["MilestoneStruckOff"] = "MilestoneStruckOff"
    milestone_id: MilestoneId


class MilestoneWithdrawn(Event):
    """A milestone was taken out of supervision, with the reason; its history stays."""

    type: Literal["MilestoneWithdrawn"] = "MilestoneWithdrawn"
    milestone_id: MilestoneId
    reason: str


class MilestoneAmended(Event):
    """A milestone was changed on this basis; its baseline and its breaches stay. A moved due date opens a new round."""

    type: Literal["MilestoneAmended"] = "MilestoneAmended"
    milestone_id: MilestoneId
    basis: str
    before: Milestone
    after: Milestone
    round: int


class MilestoneAdded(Event):
    """A milestone was added to a project that was running already, on this basis."""

    type: Literal["MilestoneAdded"] = "MilestoneAdded"
    milestone_id: MilestoneId
    basis: str
    milestone: Milestone


class LeadReassigned(Event):
    """Another department leads the project from now on, on this basis; what is open is handed over to it."""

    type: Literal["LeadReassigned"] = "LeadReassigned"
    basis: str
    before: DepartmentId
    after: DepartmentId


class ProjectText(Frozen):
    """What a list says of a project besides its lead and its milestones."""

    serial: str
    title: str
    main_content: str
    participating_departments: tuple[DepartmentId, ...]
    schedule_text: str


class ProjectAmended(Event):
    """A project's title, content, participants or schedule text was changed on this basis.

    `sources` says where the milestones stand in the new schedule text.
    """

    type: Literal["ProjectAmended"] = "ProjectAmended"
    basis: str
    before: ProjectText
    after: ProjectText
    sources: dict[MilestoneId, SourceSpan]


class ProjectWithdrawn(Event):
    """The whole project was taken out of supervision, with the reason; its history stays."""

    type: Literal["ProjectWithdrawn"] = "ProjectWithdrawn"
    reason: str


class ProjectArchived(Event):
    """Nothing of the project is open any more: its file is closed."""

    type: Literal["ProjectArchived"] = "ProjectArchived"


class CommandRejected(Event):
    """A command that came by signal broke a rule; a signal has no caller to tell, so the record tells."""

    type: Literal["CommandRejected"] = "CommandRejected"
    rule: str
    text: str
    received: str


DomainEvent = Annotated[
    ProjectDocketed
    | ProjectAssigned
    | ReadingRuled
    | RetrospectiveReportRequested
    | ReminderIssued
    | NoticeNotSent
    | DeadlineBreached
    | NoReportReceived
    | UrgeIssued
    | EscalationOrderIssued
    | InspectionOpened
    | ProgressReported
    | CompletionRequested
    | MilestoneReturnedForRework
    | MilestoneCompleted
    | MilestoneStruckOff
    | MilestoneWithdrawn
    | MilestoneAmended
    | MilestoneAdded
    | LeadReassigned
    | ProjectAmended
    | ProjectWithdrawn
    | ProjectArchived
    | CommandRejected,
    Field(discriminator="type"),
]
"""Any event of a project's stream."""

DOMAIN_EVENT: TypeAdapter[DomainEvent] = TypeAdapter(DomainEvent)
