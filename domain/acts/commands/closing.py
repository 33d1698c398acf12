"""The end of a year."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.actors import Actor
from domain.acts.commands.command import Command, Who
from domain.bounds import Year
from domain.ids import MilestoneId
from domain.rules.own_key_rules import Weight
from domain.texts import Text


class CloseYear(Command):
    """An operator closes a project's year: what is open is carried over to `to_year`, but for what is ruled to end.

    Before the last days of the year it needs a reason of its own (`despite_period`), and where the policy asks for two
    persons another one who confirms it.
    """

    who: ClassVar[Who] = "operator"
    weight: ClassVar[Weight | None] = "year_end"
    type: Literal["CloseYear"] = "CloseYear"
    reason: Text
    to_year: Year
    ended: tuple[MilestoneId, ...] = ()
    despite_period: Text | None = None
    confirmed_by: Actor | None = None


class ReopenProject(Command):
    """An operator takes back the closing of a project's year, or its withdrawal: supervision goes on from where it was.

    Where the policy asks for two persons another one confirms it. When the days for it are over, it needs a reason of
    its own (`despite_period`).
    """

    who: ClassVar[Who] = "operator"
    weight: ClassVar[Weight | None] = "year_end"
    type: Literal["ReopenProject"] = "ReopenProject"
    reason: Text
    despite_period: Text | None = None
    confirmed_by: Actor | None = None


ClosingCommand = CloseYear | ReopenProject
