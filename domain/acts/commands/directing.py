"""What leaders and the supervision section say of a project by hand."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from domain.acts.commands.command import MOST_EVIDENCE, Command, Who
from domain.bounds import Day, Place
from domain.bulletin_kind import BulletinKind
from domain.ids import DepartmentId, MilestoneId
from domain.texts import Evidence, Text


class Urge(Command):
    """An operator urges a department by hand, with the reason: the lead, or a participating one that is named."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["Urge"] = "Urge"
    milestone_id: MilestoneId
    reason: Text
    department: DepartmentId | None = None


class IssueDirective(Command):
    """A leader's directive on a milestone, or on the project, entered by an operator in the leader's words."""

    who: ClassVar[Who] = "operator"
    type: Literal["IssueDirective"] = "IssueDirective"
    milestone_id: MilestoneId | None = None
    leader: Text
    text: Text
    answer_by: Day | None = None


class AnswerDirective(Command):
    """The lead department reports what it did upon a directive (of several that wait, on the one that is named)."""

    who: ClassVar[Who] = "lead"
    type: Literal["AnswerDirective"] = "AnswerDirective"
    milestone_id: MilestoneId | None = None
    directive: Place | None = None
    text: Text
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=MOST_EVIDENCE)


class PublishBulletin(Command):
    """An operator publishes a bulletin that praises or criticises a department of the project."""

    who: ClassVar[Who] = "operator"
    type: Literal["PublishBulletin"] = "PublishBulletin"
    milestone_id: MilestoneId | None = None
    kind: BulletinKind
    department: DepartmentId
    text: Text


DirectingCommand = Urge | IssueDirective | AnswerDirective | PublishBulletin
