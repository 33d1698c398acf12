"""Extensions: asked, reviewed, ruled on; and grace."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.acts.commands.command import Command, Who
from domain.bounds import Day
from domain.frozen import added_later
from domain.ids import MilestoneId
from domain.rules.own_key_rules import Weight
from domain.texts import Text


class RequestExtension(Command):
    """The lead department asks, before the due date, for a later one."""

    who: ClassVar[Who] = "lead"
    type: Literal["RequestExtension"] = "RequestExtension"
    milestone_id: MilestoneId
    reason: Text
    new_due_on: Day
    progress: Text


class SupplementExtension(Command):
    """The lead department says more about the extension that it asks for."""

    who: ClassVar[Who] = "lead"
    type: Literal["SupplementExtension"] = "SupplementExtension"
    milestone_id: MilestoneId
    text: Text


class ReviewExtension(Command):
    """The first review: recommends a date, or (none given) advises against it."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["ReviewExtension"] = "ReviewExtension"
    milestone_id: MilestoneId
    recommended_due_on: Day | None = None
    opinion: Text


class RuleOnExtension(Command):
    """The ruling, by another person than the first reviewer: grants exactly `new_due_on`, refuses, or asks for more."""

    counted: ClassVar[frozenset[str]] = frozenset({"whole_due_on"})
    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    weight: ClassVar[Weight | None] = "ruling"
    type: Literal["RuleOnExtension"] = "RuleOnExtension"
    milestone_id: MilestoneId
    ruling: Literal["grant", "refuse", "ask_more"]
    new_due_on: Day | None = None
    reason: Text
    whole_due_on: Day | None = added_later()


class GrantGrace(Command):
    """After the due date, sets a later one as an act of grace; the breach stays."""

    counted: ClassVar[frozenset[str]] = frozenset({"whole_due_on"})
    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    weight: ClassVar[Weight | None] = "ruling"
    type: Literal["GrantGrace"] = "GrantGrace"
    milestone_id: MilestoneId
    new_due_on: Day
    reason: Text
    whole_due_on: Day | None = added_later()


ExtendingCommand = RequestExtension | SupplementExtension | ReviewExtension | RuleOnExtension | GrantGrace
