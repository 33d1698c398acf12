"""Who had a duty in a project and as what, from day to day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from domain.ids import DepartmentId

Role = Literal["lead", "participant"]


@dataclass
class HeldRoles:
    """Who had which role of a project, from the first to the last day."""

    held: list[tuple[DepartmentId, Role, date, date]] = field(default_factory=list)

    def begin(self, department: DepartmentId, role: Role, on: date) -> None:
        """A department has a role from a day on."""
        self.held.append((department, role, on, date.max))

    def end(self, department: DepartmentId, role: Role, on: date) -> None:
        """A department has a role no more; the day itself is its last one."""
        self.held = [
            (name, of, since, on if (name, of, until) == (department, role, date.max) else until)
            for name, of, since, until in self.held
        ]

    def between(self, first: date, last: date) -> dict[DepartmentId, Role]:
        """Who had a duty on any of some days, and as what: who led on one of them led."""
        roles: dict[DepartmentId, Role] = {}
        for name, role, since, until in self.held:
            if since <= last and until >= first and roles.get(name) != "lead":
                roles[name] = role
        return roles

    def last_until(self, day: date) -> dict[DepartmentId, Role]:
        """What everybody was last who had a duty by the end of a day."""
        return {name: role for name, role, since, _ in self.held if since <= day}
