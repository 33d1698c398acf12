"""Who had a duty in a project and as what, from day to day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from domain.ids import DepartmentId, MilestoneId

Role = Literal["lead", "participant"]


class Held(NamedTuple):
    """That a department had a role from the first to the last day: in a milestone, or (none) by the list."""

    department: DepartmentId
    role: Role
    part: MilestoneId | None
    first: date
    last: date = date.max

    def is_now(self, department: DepartmentId, role: Role) -> bool:
        """Whether a department has the role, and nothing has ended it."""
        return (self.department, self.role, self.last) == (department, role, date.max)


@dataclass
class HeldRoles:
    """Who had which role of a project: the lead has it in all of its milestones, a participant in those of which it has
    a part; by its name in the list alone it has none."""

    held: list[Held] = field(default_factory=list)

    def begin(
        self, department: DepartmentId, role: Role, on: date, parts: Iterable[MilestoneId | None] = (None,)
    ) -> None:
        """A department has a role from a day on: in the milestones that are named, or (none) by the list."""
        self.held += [Held(department, role, part, on) for part in parts]

    def end(self, department: DepartmentId, role: Role, on: date, part: MilestoneId | None = None) -> None:
        """A department has a role no more, in one milestone or (none) at all: of the day itself whoever has it then
        answers."""
        last = on - timedelta(days=1)
        self.held = [
            each._replace(last=last) if each.is_now(department, role) and part in (None, each.part) else each
            for each in self.held
        ]

    def parts_now(self, department: DepartmentId) -> list[MilestoneId]:
        """The milestones of which a department has a part."""
        return [each.part for each in self.held if each.is_now(department, "participant") and each.part is not None]

    def listed_now(self) -> set[DepartmentId]:
        """The participants that the list names."""
        return {
            each.department for each in self.held if each.part is None and each.is_now(each.department, "participant")
        }

    def between(self, first: date, last: date, milestone_id: MilestoneId) -> dict[DepartmentId, Role]:
        """Who had a duty in a milestone on any of some days, and as what: who led on one of them led."""
        roles: dict[DepartmentId, Role] = {}
        for name, role, part, since, until in self.held:
            if since <= last and until >= first and (role == "lead" or part == milestone_id):
                roles[name] = "lead" if roles.get(name) == "lead" else role
        return roles

    def last_until(self, day: date) -> dict[DepartmentId, Role]:
        """What everybody was last who had a duty by the end of a day."""
        return {each.department: each.role for each in self.held if each.first <= day}
