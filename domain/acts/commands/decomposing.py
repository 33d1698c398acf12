"""What a department gives to the units below it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from domain.acts.commands.command import Command, Who
from domain.bounds import Day, Target
from domain.frozen import added_later
from domain.ids import DepartmentId, MilestoneId
from domain.texts import Text

__all__ = ["DecomposeDuty", "DecomposingCommand"]
MOST_UNITS = 100


class DecomposeDuty(Command):
    """A department gives its duty in a milestone, in parts, to units below it: each part is a duty of its own.

    `text` is what each unit has to do (what the milestone says where it is absent), `due_on` until when (the
    department's own date where it is absent), `quantity` how much of the milestone's number each unit delivers.
    `new_units` says that a unit of whom nobody has heard is no slip of the pen.
    """

    who: ClassVar[Who] = "department"
    type: Literal["DecomposeDuty"] = "DecomposeDuty"
    milestone_id: MilestoneId
    units: tuple[DepartmentId, ...] = Field(min_length=1, max_length=MOST_UNITS)
    text: Text | None = None
    due_on: Day | None = None
    quantity: Target | None = None
    new_units: bool | None = added_later()


DecomposingCommand = DecomposeDuty
