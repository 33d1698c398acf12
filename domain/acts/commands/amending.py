"""How a running project is changed by the list, by the calendar, or taken out of supervision."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.acts.commands.command import Command, Who
from domain.frozen import added_later
from domain.ids import MilestoneId
from domain.project import KeyProject, RuledReading
from domain.rules.calendar import WorkingCalendar
from domain.rules.own_key_rules import Weight
from domain.texts import Text


class Withdraw(Command):
    """An operator takes a milestone, or the whole project when no milestone is named, out of supervision."""

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    weight: ClassVar[Weight | None] = "withdrawal"
    type: Literal["Withdraw"] = "Withdraw"
    milestone_id: MilestoneId | None = None
    reason: Text


class AmendProject(Command):
    """An operator makes a running project what it should be: `basis` names the notice, or gives the reason.

    `rulings` are those that the new reading stands on. Milestones are matched by what they say, for a list that was
    compiled anew has ordinals of its own; `by_identity` says that they are the running ones.
    """

    who: ClassVar[Who] = "operator"
    weight: ClassVar[Weight | None] = "mass_act"
    type: Literal["AmendProject"] = "AmendProject"
    basis: Text
    project: KeyProject
    rulings: tuple[RuledReading, ...] = ()
    by_identity: bool = False


class ChangeCalendar(Command):
    """An operator puts the project under a published or changed working calendar.

    One that changes a year that is over, or is more than a year ahead, needs a reason of its own (`despite_period`).
    """

    who: ClassVar[Who] = "operator"
    weight: ClassVar[Weight | None] = "mass_act"
    type: Literal["ChangeCalendar"] = "ChangeCalendar"
    reason: Text
    calendar: WorkingCalendar
    despite_period: Text | None = added_later()


AmendingCommand = Withdraw | AmendProject | ChangeCalendar
