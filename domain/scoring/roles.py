"""Who had a duty in a project and as what, from day to day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from domain.ids import DepartmentId
from domain.scoring.period import Period

Role = Literal["lead", "participant"]


@dataclass
class HeldRoles:
    """Who had which role of a project, from the first to the last day, and when the project was over."""

    held: list[tuple[DepartmentId, Role, date, date]] = field(default_factory=list)
    over_on: date | None = None

    def begin(self, department: DepartmentId, role: Role, on: date) -> None:
        """A department has a role from a day on."""
        self.held.append((department, role, on, date.max))

    def end(self, department: DepartmentId, role: Role, on: date) -> None:
        """A department has a role no more; the day itself is its last one."""
        self.held = [
            (name, of, since, on if (name, of, until) == (department, role, date.max) else until)
            for name, of, since, until in self.held
        ]

    def during(self, period: Period) -> dict[DepartmentId, Role]:
        """Who had a duty in a period, and as what: who led on any of its days led."""
        if self.over_on is not None and self.over_on < period.from_on:
            return {}
        roles: dict[DepartmentId, Role] = {}
        for name, role, since, until in self.held:
            if since <= period.to_on and until >= period.from_on and roles.get(name) != "lead":
                roles[name] = role
        return roles

    def last_until(self, period: Period) -> dict[DepartmentId, Role]:
        """What everybody was last who had a duty by the end of a period."""
        return {name: role for name, role, since, _ in self.held if since <= period.to_on}
