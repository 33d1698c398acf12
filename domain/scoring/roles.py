"""Who had a duty in a project and as what, from day to day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from domain.ids import DepartmentId, MilestoneId

Role = Literal["lead", "participant"]


@dataclass
class HeldRoles:
    """Who had which role of a project, from the first to the last day: the lead has it in all of its milestones, a
    participant in those of which it has a part; by its name in the list alone it has none."""

    held: list[tuple[DepartmentId, Role, MilestoneId | None, date, date]] = field(default_factory=list)

    def begin(
        self, department: DepartmentId, role: Role, on: date, parts: Iterable[MilestoneId | None] = (None,)
    ) -> None:
        """A department has a role from a day on: in the milestones that are named, or (none) by the list."""
        self.held += [(department, role, milestone_id, on, date.max) for milestone_id in parts]

    def end(self, department: DepartmentId, role: Role, on: date, part: MilestoneId | None = None) -> None:
        """A department has a role no more, in one milestone or (none) at all: of the day itself whoever
        has it then answers."""
        ended = [each for each in self._now(department, role) if part in (None, each[2])]
        last = on - timedelta(days=1)
        self.held = [(*each[:4], last) if each in ended else each for each in self.held]

    def parts_now(self, department: DepartmentId) -> list[MilestoneId]:
        """The milestones of which a department has a part."""
        return [part for _, _, part, _, _ in self._now(department, "participant") if part is not None]

    def listed_now(self) -> set[DepartmentId]:
        """The participants that the list names."""
        return {each[0] for each in self.held if each[1:3] == ("participant", None) and each[4] == date.max}

    def between(self, first: date, last: date, milestone_id: MilestoneId) -> dict[DepartmentId, Role]:
        """Who had a duty in a milestone on any of some days, and as what: who led on one of them led."""
        roles: dict[DepartmentId, Role] = {}
        for name, role, part, since, until in self.held:
            if since <= last and until >= first and (role == "lead" or part == milestone_id):
                roles[name] = "lead" if roles.get(name) == "lead" else role
        return roles

    def last_until(self, day: date) -> dict[DepartmentId, Role]:
        """What everybody was last who had a duty by the end of a day."""
        return {name: role for name, role, _, since, _ in self.held if since <= day}

    def _now(
        self, department: DepartmentId, role: Role
    ) -> list[tuple[DepartmentId, Role, MilestoneId | None, date, date]]:
        return [each for each in self.held if each[:2] == (department, role) and each[4] == date.max]
