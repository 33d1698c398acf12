"""Inspections, from opening to closing."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from domain.acts.commands.command import MOST_EVIDENCE, Command, Who
from domain.bounds import Day, Quantity
from domain.ids import MilestoneId
from domain.texts import Evidence, Text


class OpenInspection(Command):
    """An operator opens an inspection. `this_month` is how many the department has had this month in all projects, as
    the register counts them; above the cap, `despite_cap` must say why."""

    counted: ClassVar[frozenset[str]] = frozenset({"this_month"})
    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["OpenInspection"] = "OpenInspection"
    milestone_id: MilestoneId
    reason: Text
    this_month: Quantity = 0
    despite_cap: Text | None = None


class RecordFinding(Command):
    """An inspector records a finding, with its working papers."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["RecordFinding"] = "RecordFinding"
    milestone_id: MilestoneId
    text: Text
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=MOST_EVIDENCE)


class ConcludeInspection(Command):
    """An inspector concludes an inspection; `rectify` asks that what was found is put right, by a date or the limit."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["ConcludeInspection"] = "ConcludeInspection"
    milestone_id: MilestoneId
    conclusion: Text
    rectify: bool = False
    rectify_by: Day | None = None


class AnswerInspection(Command):
    """The inspected department answers the conclusion."""

    who: ClassVar[Who] = "lead"
    type: Literal["AnswerInspection"] = "AnswerInspection"
    milestone_id: MilestoneId
    text: Text
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=MOST_EVIDENCE)


class ReportRectification(Command):
    """The inspected department says that what was found is put right."""

    who: ClassVar[Who] = "lead"
    type: Literal["ReportRectification"] = "ReportRectification"
    milestone_id: MilestoneId
    text: Text
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=MOST_EVIDENCE)


class CheckRectification(Command):
    """The supervision section checks what was put right: it holds and closes the inspection, or goes back."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["CheckRectification"] = "CheckRectification"
    milestone_id: MilestoneId
    holds: bool
    note: Text
    rectify_by: Day | None = None


class CloseInspection(Command):
    """The supervision section closes an inspection that asks for nothing more."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["CloseInspection"] = "CloseInspection"
    milestone_id: MilestoneId
    note: Text | None = None


InspectingCommand = (
    OpenInspection
    | RecordFinding
    | ConcludeInspection
    | AnswerInspection
    | ReportRectification
    | CheckRectification
    | CloseInspection
)
