"""How often a department is inspected this month in other projects: what one project cannot know by itself.

Whoever records a decision asks here before an inspection that a rule foresees is recorded. Projects whose rungs are due
at the same time do not wait for one another: they are ordered by the instant at which each was due, then by identity.
An earlier one that is not recorded yet is computed from the ledger. So all come to the same answer, whichever is
recorded first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.actors import ENGINE
from domain.clock import office_day
from domain.events import DomainEvent, InspectionOpened, LeadReassigned, ProjectDocketed
from domain.ids import DepartmentId, ProjectId, supervised_project_id
from domain.ports.ledger import Decision, Ledger
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project, recorded_state
from domain.rungs.inspections import inspections_in_month
from domain.rungs.wakeups import due_actions, wake
from domain.state import ProjectState

_COUNTED = frozenset({"ProjectDocketed", "LeadReassigned", "InspectionOpened"})
Place = tuple[datetime, ProjectId]
"""Where a project stands in the order of those that open inspections."""


@dataclass(frozen=True, slots=True)
class _Opened:
    project_id: ProjectId
    lead: DepartmentId
    at: datetime
    foreseen: bool


class InspectionBook:
    """The inspections of every department, for one who asks one question after another: only what is new is read.

    `named` tells at an instant what each department is called that had another name before: it has one cap.
    """

    def __init__(self, ledger: Ledger, named: Callable[[datetime], Mapping[DepartmentId, DepartmentId]]) -> None:
        self._ledger = ledger
        self._named = named
        self._names: Mapping[DepartmentId, DepartmentId] = {}
        self._read = -1
        self._leads: dict[ProjectId, DepartmentId] = {}
        self._opened: list[_Opened] = []

    def above_the_cap(self, decision: Decision) -> int | None:
        """How many inspections the lead has this month in other projects, where those that the decision foresees would
        be more than the rules allow; none where they may be opened, or were decided with a count already."""
        foreseen = [each for each in decision.events if is_foreseen(each)]
        if not foreseen or any(taken.elsewhere is not None for taken in decision.taken):
            return None
        project_id = supervised_project_id(decision.stream)
        self._catch_up()
        state = recorded_state(self._ledger, project_id)
        if state is None:
            return None
        at = foreseen[0].decided_at
        self._names = self._named(at)
        this_month = inspections_in_month(state, office_day(at)) + len(foreseen)
        left = state.policy.life_cycle.inspections_per_month - this_month
        place = _place_of(state, at) or (at, project_id)
        elsewhere = self._recorded(state, place)
        if elsewhere <= left:
            # Only then it matters who comes before and is not on record yet.
            elsewhere += self._to_come(state, place, at)
        return elsewhere if elsewhere and elsewhere > left else None

    def _to_come(self, state: ProjectState, place: Place, at: datetime) -> int:
        """The inspections of projects that are before this one in the order, and are not recorded yet."""
        spread = state.policy.spread_for
        own = (spread(state.project_id), state.project_id)
        others = [each for each, lead in self._leads.items() if self._is_of(lead, state) and (spread(each), each) < own]
        states = [found for each in others if (found := recorded_state(self._ledger, each)) is not None]
        before = [(there, other) for other in states if (there := _place_of(other, at)) is not None and there < place]
        to_come = 0
        for there, other in sorted(before, key=lambda each: each[0]):
            events = wake(other, at, self._recorded(other, there) + to_come)
            to_come += sum(isinstance(event, InspectionOpened) for event in events)
        return to_come

    def _recorded(self, state: ProjectState, place: Place) -> int:
        """This month's inspections of the department's other projects, without those that rules opened later."""
        month = f"{office_day(place[0]):%Y-%m}"
        return sum(
            self._is_of(each.lead, state)
            and each.project_id != state.project_id
            and f"{office_day(each.at):%Y-%m}" == month
            and (not each.foreseen or (each.at, each.project_id) < place)
            for each in self._opened
        )

    def _is_of(self, lead: DepartmentId, state: ProjectState) -> bool:
        """Whether a name is one of the department that leads the project."""
        return self._names.get(lead, lead) == self._names.get(state.lead, state.lead)

    def _catch_up(self) -> None:
        for entry in self._ledger.entries(after=self._read):
            if entry.type in _COUNTED and is_project(entry.stream):
                self._count(supervised_project_id(entry.stream), domain_event_of(entry))
            self._read = entry.position

    def _count(self, project_id: ProjectId, event: DomainEvent) -> None:
        match event:
            case ProjectDocketed():
                self._leads[project_id] = event.project.lead_department
            case LeadReassigned():
                self._leads[project_id] = event.after
            case InspectionOpened():
                lead = self._leads[project_id]
                self._opened.append(_Opened(project_id, lead, event.decided_at, is_foreseen(event)))
            case _:
                pass


def is_foreseen(event: DomainEvent) -> bool:
    """Whether an event is an inspection that a rule has opened: what a person orders was counted where he asked."""
    return isinstance(event, InspectionOpened) and event.actor == str(ENGINE)


def _place_of(state: ProjectState, at: datetime) -> Place | None:
    due = due_actions(state, at)
    return (min(each.at for each in due), state.project_id) if due else None
