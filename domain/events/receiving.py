"""How a department takes its assignment: receipt, a declined assignment, a dispute, what the assigning side rules."""

from __future__ import annotations

from typing import Literal

from domain.events.event import Event
from domain.ids import DepartmentId, MilestoneId


class ReceiptSigned(Event):
    """A department signed that it has its assignment for these milestones. A receipt is not an answer."""

    type: Literal["ReceiptSigned"] = "ReceiptSigned"
    department: DepartmentId
    milestone_ids: tuple[MilestoneId, ...]


class AssignmentDeclined(Event):
    """A department sent its assignment back with the reason: of one milestone, or of the whole project."""

    type: Literal["AssignmentDeclined"] = "AssignmentDeclined"
    department: DepartmentId
    milestone_id: MilestoneId | None
    reason: str


class AssignmentInsisted(Event):
    """The assigning side upheld an assignment that a department had declined."""

    type: Literal["AssignmentInsisted"] = "AssignmentInsisted"
    department: DepartmentId
    milestone_id: MilestoneId | None
    reason: str


class ParticipantReplaced(Event):
    """A participating department was released from its duty, which another one takes where `after` names it.

    Of one milestone, or of the whole project. What the department before had reported or missed stays.
    """

    type: Literal["ParticipantReplaced"] = "ParticipantReplaced"
    milestone_id: MilestoneId | None
    basis: str
    before: DepartmentId
    after: DepartmentId | None


class DisputeRaised(Event):
    """A department of the project disputes a duty with another one; the assigning side decides within a limit."""

    type: Literal["DisputeRaised"] = "DisputeRaised"
    milestone_id: MilestoneId
    department: DepartmentId
    against: DepartmentId
    text: str


class DisputeRuled(Event):
    """The assigning side decided a dispute: whose duty it is, and why."""

    type: Literal["DisputeRuled"] = "DisputeRuled"
    milestone_id: MilestoneId
    responsible: DepartmentId
    reason: str
