"""What a department gives to the units below it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from domain.acts.commands.command import Command, Who
from domain.bounds import Day, Target
from domain.frozen import added_later
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.rules.own_key_rules import Weight
from domain.texts import Text

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


class ChangeAssigningDepartment(Command):
    """A sub-duty is supervised by another department from now on, which took over the duty that it is a part of.

    `above` are the departments through which it is given now, the nearest first. No person asks for it by itself: it
    follows from what was decided of the whole.
    """

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    weight: ClassVar[Weight | None] = "ruling"
    type: Literal["ChangeAssigningDepartment"] = "ChangeAssigningDepartment"
    above: tuple[DepartmentId, ...] = Field(min_length=1)
    reason: Text


class NoteSubDuty(Command):
    """How a part stands is noted in its whole: whose it is now, and whether it was withdrawn.

    No person asks for it by itself: it follows from what was done with the part.
    """

    who: ClassVar[Who] = "operator"
    of_the_assigning: ClassVar[bool] = True
    type: Literal["NoteSubDuty"] = "NoteSubDuty"
    milestone_id: MilestoneId
    sub_duty: ProjectId
    unit: DepartmentId
    withdrawn: bool


DecomposingCommand = DecomposeDuty | ChangeAssigningDepartment | NoteSubDuty
