"""What a department says of its work."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from domain.acts.commands.command import MOST_EVIDENCE, Command, Who
from domain.bounds import Day, Quantity, Target
from domain.frozen import added_later
from domain.ids import MilestoneId
from domain.texts import Evidence, Text


class ReportProgress(Command):
    """A department reports how a milestone stands; `quantity` is the total delivered so far.

    `forecast_on` is the date that it expects itself, `period` the reporting period (the one that runs when absent).
    `corrects` says that the total reported before was too high: without it none may be lower.
    """

    who: ClassVar[Who] = "department"
    type: Literal["ReportProgress"] = "ReportProgress"
    milestone_id: MilestoneId
    text: Text
    done_on: Day | None = None
    quantity: Quantity | None = None
    corrects: bool | None = added_later()
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=MOST_EVIDENCE)
    forecast_on: Day | None = None
    period: Target | None = None


class RequestCompletion(Command):
    """A department says that a milestone was done on `done_on` (today when absent) and asks for the review.

    A participating department says so of its own part.
    """

    who: ClassVar[Who] = "department"
    type: Literal["RequestCompletion"] = "RequestCompletion"
    milestone_id: MilestoneId
    text: Text
    done_on: Day | None = None
    quantity: Quantity | None = None
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=MOST_EVIDENCE)


ReportingCommand = ReportProgress | RequestCompletion
