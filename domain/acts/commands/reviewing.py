"""What a reviewer and the supervisor do with a completion."""

from __future__ import annotations

from typing import Literal

from domain.acts.commands.command import Command
from domain.ids import MilestoneId
from domain.texts import Text


class AcceptCompletion(Command):
    """A reviewer accepts a completion."""

    type: Literal["AcceptCompletion"] = "AcceptCompletion"
    milestone_id: MilestoneId
    note: Text | None = None


class ReturnForRework(Command):
    """A reviewer sends a completion back, with the reason."""

    type: Literal["ReturnForRework"] = "ReturnForRework"
    milestone_id: MilestoneId
    reason: Text


class StrikeOff(Command):
    """The supervisor strikes a completed milestone off; not the person who accepted it."""

    type: Literal["StrikeOff"] = "StrikeOff"
    milestone_id: MilestoneId
