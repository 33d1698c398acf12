"""Suspension and silence: each with an owner, a reason and an end."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.acts.commands.command import Command, Who
from domain.bounds import Day
from domain.ids import MilestoneId
from domain.texts import Text


class Suspend(Command):
    """An operator suspends a milestone, or the whole project; `until` is the last suspended day."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["Suspend"] = "Suspend"
    milestone_id: MilestoneId | None = None
    reason: Text
    until: Day | None = None


class Resume(Command):
    """An operator ends a suspension."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["Resume"] = "Resume"
    milestone_id: MilestoneId | None = None
    reason: Text


class SilenceNotices(Command):
    """An operator holds back the notices about a milestone, or the whole project, up to and with `until`."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["SilenceNotices"] = "SilenceNotices"
    milestone_id: MilestoneId | None = None
    reason: Text
    until: Day


class EndSilence(Command):
    """An operator lets notices go out again."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["EndSilence"] = "EndSilence"
    milestone_id: MilestoneId | None = None
    reason: Text


PausingCommand = Suspend | Resume | SilenceNotices | EndSilence
