"""Extensions: asked, reviewed, ruled on; and grace."""

from __future__ import annotations

from typing import Literal

from domain.acts.commands.command import Command
from domain.bounds import Day
from domain.ids import MilestoneId
from domain.texts import Text


class RequestExtension(Command):
    """The lead department asks, before the due date, for a later one."""

    type: Literal["RequestExtension"] = "RequestExtension"
    milestone_id: MilestoneId
    reason: Text
    new_due_on: Day
    progress: Text


class SupplementExtension(Command):
    """The lead department says more about the extension that it asks for."""

    type: Literal["SupplementExtension"] = "SupplementExtension"
    milestone_id: MilestoneId
    text: Text


class ReviewExtension(Command):
    """The first review: recommends a date, or (none given) advises against it."""

    type: Literal["ReviewExtension"] = "ReviewExtension"
    milestone_id: MilestoneId
    recommended_due_on: Day | None = None
    opinion: Text


class RuleOnExtension(Command):
    """The ruling, by another person than the first reviewer: grants exactly `new_due_on`, refuses, or asks for more."""

    type: Literal["RuleOnExtension"] = "RuleOnExtension"
    milestone_id: MilestoneId
    ruling: Literal["grant", "refuse", "ask_more"]
    new_due_on: Day | None = None
    reason: Text


class GrantGrace(Command):
    """After the due date, sets a later one as an act of grace; the breach stays."""

    type: Literal["GrantGrace"] = "GrantGrace"
    milestone_id: MilestoneId
    new_due_on: Day
    reason: Text
