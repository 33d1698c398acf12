"""How a department takes its assignment, and what the assigning side rules."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.acts.commands.command import Command, Who
from domain.ids import DepartmentId, MilestoneId
from domain.rules.own_key_rules import Weight
from domain.texts import Text


class SignReceipt(Command):
    """A department signs that it has its assignment: of one milestone, or of all its duties where none is named."""

    who: ClassVar[Who] = "department"
    type: Literal["SignReceipt"] = "SignReceipt"
    milestone_id: MilestoneId | None = None


class AcknowledgeReminder(Command):
    """A department acknowledges that it has seen the last reminder or urge about a milestone that went to it."""

    who: ClassVar[Who] = "department"
    type: Literal["AcknowledgeReminder"] = "AcknowledgeReminder"
    milestone_id: MilestoneId


class DeclineAssignment(Command):
    """A department sends its assignment back with the reason: of one milestone, or of the project."""

    who: ClassVar[Who] = "department"
    type: Literal["DeclineAssignment"] = "DeclineAssignment"
    milestone_id: MilestoneId | None = None
    reason: Text


class InsistOnAssignment(Command):
    """The assigning side upholds an assignment that `department` has declined."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    weight: ClassVar[Weight | None] = "ruling"
    type: Literal["InsistOnAssignment"] = "InsistOnAssignment"
    milestone_id: MilestoneId | None = None
    department: DepartmentId
    reason: Text


class ReassignLead(Command):
    """The assigning side gives the project to another lead department, with everything that is open."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    weight: ClassVar[Weight | None] = "ruling"
    type: Literal["ReassignLead"] = "ReassignLead"
    to: DepartmentId
    reason: Text


class ReplaceParticipant(Command):
    """The assigning side releases a participating department, and gives its duty to another where `to` names one.

    Of one milestone, or of the whole project.
    """

    who: ClassVar[Who] = "operator"
    weight: ClassVar[Weight | None] = "ruling"
    type: Literal["ReplaceParticipant"] = "ReplaceParticipant"
    milestone_id: MilestoneId | None = None
    department: DepartmentId
    to: DepartmentId | None = None
    reason: Text


class RaiseDispute(Command):
    """A department of the project disputes a duty with another one and asks the assigning side to decide."""

    who: ClassVar[Who] = "department"
    type: Literal["RaiseDispute"] = "RaiseDispute"
    milestone_id: MilestoneId
    against: DepartmentId
    text: Text


class RuleOnDispute(Command):
    """The assigning side decides a dispute: whose duty it is."""

    who: ClassVar[Who] = "operator"
    weight: ClassVar[Weight | None] = "ruling"
    type: Literal["RuleOnDispute"] = "RuleOnDispute"
    milestone_id: MilestoneId
    responsible: DepartmentId
    reason: Text


ReceivingCommand = (
    SignReceipt
    | AcknowledgeReminder
    | DeclineAssignment
    | InsistOnAssignment
    | ReassignLead
    | ReplaceParticipant
    | RaiseDispute
    | RuleOnDispute
)
