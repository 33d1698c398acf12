"""What a reviewer and the supervisor do with a completion."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.acts.commands.command import Command, Who
from domain.confidence import Step
from domain.ids import MilestoneId
from domain.rules.own_key_rules import Weight
from domain.texts import Text


class AcceptCompletion(Command):
    """A reviewer accepts a completion."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["AcceptCompletion"] = "AcceptCompletion"
    milestone_id: MilestoneId
    note: Text | None = None


class AssessConfidence(Command):
    """A reviewer says how sure he is that a milestone will be done in time, and why: five is very sure."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["AssessConfidence"] = "AssessConfidence"
    milestone_id: MilestoneId
    step: Step
    reason: Text


class ReturnForRework(Command):
    """A reviewer sends a completion back, with the reason."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["ReturnForRework"] = "ReturnForRework"
    milestone_id: MilestoneId
    reason: Text


class StrikeOff(Command):
    """The supervisor strikes a completed milestone off; not the person who accepted it."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    weight: ClassVar[Weight | None] = "strike_off"
    type: Literal["StrikeOff"] = "StrikeOff"
    milestone_id: MilestoneId


ReviewingCommand = AcceptCompletion | ReturnForRework | StrikeOff | AssessConfidence
