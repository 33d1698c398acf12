"""What the ladder of a due date brings: reminders, the breach, silence, urges and orders.

`department` names a participating department whose own duty it is about; it is absent for the lead department.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event, added_later
from domain.ids import DepartmentId, MilestoneId
from domain.names import Addressee
from domain.papers.paper import NotSentReason, PaperKind
from domain.rules.policy import Level


class ReminderIssued(Event):
    """A department was reminded, neutrally, that a milestone will be due."""

    type: Literal["ReminderIssued"] = "ReminderIssued"
    milestone_id: MilestoneId
    due_on: date
    working_days_before: int
    round: int
    department: DepartmentId | None = added_later()


class NoticeNotSent(Event):
    """A paper that a rule foresaw did not go out, for this reason (charter, principle 7)."""

    type: Literal["NoticeNotSent"] = "NoticeNotSent"
    milestone_id: MilestoneId
    kind: PaperKind
    rung: str
    round: int
    reason: NotSentReason
    department: DepartmentId | None = added_later()


class RungSkipped(Event):
    """Something that time brings could not be decided, for this problem: it counts as taken, and the project goes on.

    It belongs to a milestone's ladder (or a participating `department`'s), to that of a matter (`limit_id`), or to the
    whole project.
    """

    type: Literal["RungSkipped"] = "RungSkipped"
    milestone_id: MilestoneId | None
    rung: str
    kind: str
    problem: str
    department: DepartmentId | None = added_later()
    limit_id: str | None = added_later()


class DeadlineBreached(Event):
    """A due date passed without a completion request. It stays in the record whatever follows."""

    type: Literal["DeadlineBreached"] = "DeadlineBreached"
    milestone_id: MilestoneId
    due_on: date
    round: int
    department: DepartmentId | None = added_later()


class NoReportReceived(Event):
    """A due date passed and the department had reported nothing at all: silence, which is not a refusal."""

    type: Literal["NoReportReceived"] = "NoReportReceived"
    milestone_id: MilestoneId
    due_on: date
    department: DepartmentId | None = added_later()


class UrgeIssued(Event):
    """A department was urged by document: by the ladder, or by an operator who gives a reason.

    `due_on` is absent where an operator urges for a milestone whose date waits for a ruling.
    """

    type: Literal["UrgeIssued"] = "UrgeIssued"
    milestone_id: MilestoneId
    due_on: date | None
    round: int
    reason: str | None = None
    department: DepartmentId | None = added_later()


class EscalationOrderIssued(Event):
    """An order of this level went to a superior, because the milestone stayed late."""

    type: Literal["EscalationOrderIssued"] = "EscalationOrderIssued"
    milestone_id: MilestoneId
    due_on: date
    round: int
    level: Level
    to: Addressee
    department: DepartmentId | None = added_later()
