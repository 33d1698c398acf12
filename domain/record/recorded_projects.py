"""What the ledger tells about projects: which there are, their events, and their states as known at an instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from domain.acts.commands import ANY_COMMAND, AnyCommand
from domain.acts.rejections import UnknownProjectError
from domain.errors import UnreadableIdError
from domain.events import DomainEvent, Event, ProjectDocketed
from domain.evolution import fold
from domain.ids import (
    DepartmentId,
    ProjectId,
    is_sub_duty,
    parent_milestone_of,
    project_of,
    supervised_project_id,
    supervision_workflow_id,
)
from domain.ports.ledger import Ledger
from domain.record.leaf import INCIDENT_STREAM, REPAIRED, domain_event_of
from domain.record.own_entries import said_by
from domain.record.repairs import Repair
from domain.rules.life_cycle import LifeCycleRules
from domain.state import ProjectState


def recorded_projects(ledger: Ledger) -> list[ProjectId]:
    """Every project that the ledger knows, in order of identity."""
    found = []
    for stream in ledger.streams():
        try:
            found.append(supervised_project_id(stream))
        except UnreadableIdError:
            continue  # a mailbox's stream, or one of the ledger's own
    return sorted(found)


def is_project(stream: str) -> bool:
    """Whether a stream is a project's."""
    try:
        supervised_project_id(stream)
    except UnreadableIdError:
        return False
    return True


def recorded_events(ledger: Ledger, project_id: ProjectId) -> Iterator[DomainEvent]:
    """A project's events, in order."""
    return (domain_event_of(entry) for entry in ledger.entries(supervision_workflow_id(project_id)))


def accepted_commands(ledger: Ledger, project_id: ProjectId) -> dict[str, AnyCommand]:
    """The commands that a project has taken, as they were given, by the id of the request."""
    kept = ledger.acceptances(supervision_workflow_id(project_id))
    return {acceptance.request_id: ANY_COMMAND.validate_python(acceptance.command) for acceptance in kept}


def recorded_state(ledger: Ledger, project_id: ProjectId) -> ProjectState | None:
    """A project as the ledger has it now, or none where it has no such project."""
    return fold(recorded_events(ledger, project_id))


def known_state(ledger: Ledger, project_id: ProjectId) -> ProjectState:
    """A project as the ledger has it now.

    Raises:
        UnknownProjectError: it has no such project.
    """
    state = recorded_state(ledger, project_id)
    if state is None:
        raise UnknownProjectError(project_id=project_id)
    return state


def supervised_by(ledger: Ledger, part: ProjectState) -> DepartmentId | None:
    """The department that supervises a sub-duty, as its whole tells: a part that is over hears of no change any more.
    None of a row of a list."""
    above = parent_milestone_of(part.project_id)
    whole = recorded_state(ledger, project_of(above)) if above is not None else None
    given = whole.milestones[above].sub_duties if whole is not None and above in whole.milestones else None
    named = (each.by for each in given or () if each.project_id == part.project_id)
    return next(named, part.project.assigned_by)


def recorded_states(ledger: Ledger) -> dict[ProjectId, ProjectState]:
    """Every project as the ledger has it now, in order of identity."""
    states = ((project_id, recorded_state(ledger, project_id)) for project_id in recorded_projects(ledger))
    return {project_id: state for project_id, state in states if state is not None}


def repairs_in(ledger: Ledger, workflow_id: str) -> list[Repair]:
    """How a workflow was brought back, each time that it did not go on, in order."""
    found = (said_by(entry, Repair) for entry in ledger.entries(INCIDENT_STREAM) if entry.type == REPAIRED)
    return [repair for repair in found if repair.workflow_id == workflow_id]


def listed_projects(ledger: Ledger) -> list[ProjectId]:
    """Every row of a list that the ledger knows, in order of identity: what is counted, scored and compared.

    A sub-duty is a part of one of their milestones and counts there: counted by itself, it would count twice."""
    return [project_id for project_id in recorded_projects(ledger) if not is_sub_duty(project_id)]


def recorded_streams(ledger: Ledger) -> Iterator[Iterator[DomainEvent]]:
    """The events of every row of a list, one after the other."""
    return (recorded_events(ledger, project_id) for project_id in listed_projects(ledger))


def recorded_of(ledger: Ledger, kinds: Collection[type[Event]]) -> Iterator[tuple[ProjectId, DomainEvent]]:
    """The events of some kinds of all projects, in one pass, each with its project: those of one project in order."""
    names = {kind.__name__ for kind in kinds}
    for entry in ledger.entries():
        if entry.type in names and is_project(entry.stream):
            yield supervised_project_id(entry.stream), domain_event_of(entry)


def recorded_rules(ledger: Ledger) -> LifeCycleRules | None:
    """The rules of the life cycle that the first project started under; none where nothing is recorded."""
    first = next((event for _, event in recorded_of(ledger, {ProjectDocketed})), None)
    return first.policy.life_cycle if isinstance(first, ProjectDocketed) else None


def state_as_known_at(ledger: Ledger, project_id: ProjectId, instant: datetime) -> ProjectState | None:
    """A project's state from what was decided at or before an instant; none when it was not docketed then."""
    known = ledger.events_as_known_at(supervision_workflow_id(project_id), instant)
    return fold(domain_event_of(entry) for entry in known)


def state_as_happened_at(ledger: Ledger, project_id: ProjectId, instant: datetime) -> ProjectState | None:
    """A project's state from what had happened by an instant, whenever it was decided; none when nothing had."""
    return fold(event for event in recorded_events(ledger, project_id) if event.occurred_at <= instant)
