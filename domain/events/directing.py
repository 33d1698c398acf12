"""What leaders and the supervision section say of a project by hand: directives and bulletins."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.bulletin_kind import BulletinKind
from domain.events.event import Event
from domain.ids import DepartmentId, MilestoneId


class DirectiveIssued(Event):
    """A leader's directive on a project or a milestone, in the leader's words.

    It is answered by `answer_by`, where a date is set.
    """

    type: Literal["DirectiveIssued"] = "DirectiveIssued"
    milestone_id: MilestoneId | None
    leader: str
    text: str
    answer_by: date | None


class DirectiveAnswered(Event):
    """A department reported what it did upon a directive. `directive` is the place in the stream that it answers."""

    type: Literal["DirectiveAnswered"] = "DirectiveAnswered"
    milestone_id: MilestoneId | None
    directive: int
    department: DepartmentId
    text: str
    evidence: tuple[str, ...]


class BulletinPublished(Event):
    """A bulletin praised or criticised a department in public, drafted from the events and signed by a person."""

    type: Literal["BulletinPublished"] = "BulletinPublished"
    milestone_id: MilestoneId | None
    kind: BulletinKind
    department: DepartmentId
    text: str
