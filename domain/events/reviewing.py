"""What becomes of a completion: returned for rework, completed, struck off."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event
from domain.ids import MilestoneId


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
