"""Who had which role in a project, from day to day: the lead, and who takes part in which of its milestones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

Event = Mapping[str, Any]
_PARTICIPANT = "participant"


class Held(NamedTuple):
    """Who had which role, in a milestone or (none) by the list, from the first to the last day."""

    name: str
    role: str
    part: str | None
    first: date
    last: date = date.max


def held_roles(told: Sequence[Event], day_of: Callable[[Event], date]) -> list[Held]:
    """Who had which role from when to when: a participant in each milestone of which it has a part, and by the list."""
    roles = _Roles()
    for event in told:
        roles.take(event["type"], event["data"], day_of(event))
    return roles.held


@dataclass
class _Roles:
    held: list[Held] = field(default_factory=list)
    milestones: list[str] = field(default_factory=list)

    def take(self, kind: str, data: Mapping[str, Any], on: date) -> None:
        match kind:
            case "ProjectDocketed":
                self._begin(data["project"]["lead_department"], "lead", on)
                self._list(data["project"]["participating_departments"], on)
                for milestone in data["project"]["milestones"]:
                    self._add(milestone, on)
            case "MilestoneAdded":
                self._add(data["milestone"], on)
            case "LeadReassigned":
                self._end(data["before"], "lead", on)
                self._end(data["after"], _PARTICIPANT, on)
                self._begin(data["after"], "lead", on)
            case "ParticipantReplaced":
                parts = self._end(data["before"], _PARTICIPANT, on, data["milestone_id"])
                if data["after"] is not None:
                    self._begin(data["after"], _PARTICIPANT, on, {None, *parts})
            case "ProjectAmended":
                before, after = (data[when]["participating_departments"] for when in ("before", "after"))
                for name in set(before) - set(after):
                    self._end(name, _PARTICIPANT, on)
                self._list((name for name in after if name not in before), on)
            case _:
                pass

    def _list(self, names: Iterable[str], on: date) -> None:
        for name in names:
            self._begin(name, _PARTICIPANT, on, (None, *self.milestones))

    def _add(self, milestone: Mapping[str, Any], on: date) -> None:
        self.milestones.append(milestone["milestone_id"])
        for name in [each.name for each in self._now(_PARTICIPANT) if each.part is None]:
            if name not in (milestone.get("without") or ()):
                self._begin(name, _PARTICIPANT, on, self.milestones[-1:])

    def _begin(self, name: str, role: str, on: date, parts: Iterable[str | None] = (None,)) -> None:
        self.held += [Held(name, role, part, on) for part in parts]

    def _end(self, name: str, role: str, on: date, part: str | None = None) -> list[str | None]:
        """End a role with the day before, in one milestone or (none) at all, and tell in which it was held."""
        ends = [each for each in self._now(role) if each.name == name and part in (None, each.part)]
        self.held = [each._replace(last=on - timedelta(days=1)) if each in ends else each for each in self.held]
        return [each.part for each in ends]

    def _now(self, role: str) -> list[Held]:
        return [each for each in self.held if each.role == role and each.last == date.max]
