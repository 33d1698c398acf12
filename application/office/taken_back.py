"""What a reopening of a year takes back: what its last mass act ended, and not what was withdrawn by itself before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.office.acts_on_parts import WITH_THE_WHOLE
from application.office.withdrawing import WITH_THE_LIST
from domain.events import ProjectWithdrawn
from domain.ids import ProjectId, parent_milestone_of, project_of
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_events
from domain.rungs.ladder import LIST_REQUEST, REQUEST_CAUSE
from domain.state import ProjectState

_CLOSED: Final = "close-year"
_MASS: Final = (_CLOSED, WITH_THE_LIST, LIST_REQUEST)


@dataclass(frozen=True, slots=True)
class _End:
    """How a project ended: by which kind of act (none where by one of its own), when, and for a list by which one."""

    kind: str
    at: datetime
    by_list: str = ""

    @property
    def act(self) -> tuple[str, str]:
        """The mass act that it belongs to."""
        return self.kind, self.by_list


def taken_back(ledger: Ledger, states: Iterable[ProjectState], named: Collection[ProjectId]) -> list[ProjectState]:
    """The projects that a reopening takes back, in their order: those `named`, or else what the year's last mass act
    ended; in either case with the parts that ended together with their whole."""
    ended = {state.project_id: state for state in states if state.before_the_end is not None}
    ends = {project_id: end for project_id, state in ended.items() if (end := _end_of(ledger, state)) is not None}
    mass = [end for end in ends.values() if end.kind in _MASS]
    last = max(mass, key=lambda end: end.at).act if mass and not named else None
    back = {each for each, end in ends.items() if each in named or end.act == last}
    for each in sorted(ends, key=len):  # a part's name is longer than that of its whole
        if _ended_with_its_whole(each, ends, back):
            back.add(each)
    return [state for project_id, state in ended.items() if project_id in back]


def _end_of(ledger: Ledger, state: ProjectState) -> _End | None:
    if state.before_the_end is None:
        return None
    at = state.before_the_end.ended_at
    if not state.withdrawn:
        return _End(_CLOSED, at)
    events = recorded_events(ledger, state.project_id)
    last = [event for event in events if isinstance(event, ProjectWithdrawn)][-1]
    cause = last.cause.removeprefix(REQUEST_CAUSE)
    kind = next((each for each in (WITH_THE_LIST, WITH_THE_WHOLE, LIST_REQUEST) if cause.startswith(each)), "")
    return _End(kind, at, last.reason if kind == LIST_REQUEST else "")


def _ended_with_its_whole(project_id: ProjectId, ends: Mapping[ProjectId, _End], back: Collection[ProjectId]) -> bool:
    above = parent_milestone_of(project_id)
    if above is None or project_of(above) not in back:
        return False
    own, whole = ends[project_id], ends[project_of(above)]
    same = own.kind in _MASS and own.act == whole.act
    return same or (own.kind == WITH_THE_WHOLE and own.at >= whole.at)
