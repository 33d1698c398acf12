"""A command in the project's own words: departments spelled as the list spells them, whoever wrote them otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from domain.actors import Actor, actor_from_text
from domain.acts.commands import AnyCommand
from domain.ids import DepartmentId
from domain.names import same_name, spelled_as
from domain.state import ProjectState

if TYPE_CHECKING:
    from domain.directory.directory import Directory

_GIVEN_TO: Final = "to"
_NAMED: Final = ("department", "against", "responsible")
"""The fields of commands that name a department: to which something is given, or which has it."""


def departments_in(state: ProjectState) -> tuple[DepartmentId, ...]:
    """Every department that has, or had, a duty in the project: the lead first."""
    project = state.project
    parts = (name for milestone in state.milestones.values() for name in milestone.parts)
    return tuple(dict.fromkeys((project.lead_department, *project.participating_departments, *parts)))


def as_the_project_spells(state: ProjectState, command: AnyCommand) -> AnyCommand:
    """The command with every department that the project knows in the project's spelling."""
    known = departments_in(state)
    return _with_departments(command, (*_NAMED, _GIVEN_TO), lambda name: spelled_as(name, known))


def has_other_names(command: AnyCommand, directory: Directory, day: date) -> bool:
    """Whether what runs may know a department that a command names under another name than is written there."""
    return any(len(_names(name, directory, day)) > 1 for name in _named_in(command))


def as_the_project_knows(state: ProjectState, command: AnyCommand, directory: Directory, day: date) -> AnyCommand:
    """The command with every department that was renamed, or is named by its number, under the name by which the
    project knows it: that of its duty now, or else one that it had. To whom something is given stays as it is written:
    it may be given to a department under its new name."""
    milestone_id = getattr(command, "milestone_id", None)
    about = [each for name, each in state.milestones.items() if milestone_id in (None, name)]
    taking = (name for each in about for name, part in each.parts.items() if part.stage != "released")
    deputies = (actor_from_text(text).department for each in state.deputies for text in (each.principal, each.deputy))
    others = (*(state.project.above or ()), *filter(None, deputies))
    known = tuple(dict.fromkeys((state.lead, *taking, *departments_in(state), *others)))

    def spelled(name: DepartmentId) -> DepartmentId:
        borne = _names(name, directory, day)
        return next((each for each in known if any(same_name(own, each) for own in borne)), name)

    return _with_departments(command, _NAMED, spelled)


def _names(name: DepartmentId, directory: Directory, day: date) -> tuple[str, ...]:
    found = directory.department_named(name, day).one
    own = directory.names_of(found.department_id, day) if found is not None else ()
    return tuple(dict.fromkeys((*own, name)))


def _named_in(command: AnyCommand) -> Iterator[DepartmentId]:
    for field, value in command:
        if isinstance(value, Actor) and value.department is not None:
            yield value.department
        elif field in _NAMED and isinstance(value, str):
            yield value


def _with_departments(
    command: AnyCommand, fields: tuple[str, ...], spelled: Callable[[DepartmentId], DepartmentId]
) -> AnyCommand:
    changed: dict[str, Any] = {}
    for field, value in command:
        now: Any = value
        if isinstance(value, Actor):
            now = _actor(value, spelled)
        elif field in fields and isinstance(value, str):
            now = spelled(value)
        if now != value:
            changed[field] = now
    return command.model_copy(update=changed)


def _actor(actor: Actor, spelled: Callable[[DepartmentId], DepartmentId]) -> Actor:
    if actor.department is None:
        return actor
    department = spelled(actor.department)
    if department == actor.department:
        return actor
    name = department if actor.name == actor.department else actor.name
    return actor.having(department=department, name=name)
