"""A command in the project's own words: departments spelled as the list spells them, whoever wrote them otherwise."""

from __future__ import annotations

from typing import Any

from domain.actors import Actor
from domain.acts.commands import AnyCommand
from domain.ids import DepartmentId
from domain.names import spelled_as
from domain.state import ProjectState

_DEPARTMENTS = ("department", "to", "against", "responsible")
"""The fields of commands that name a department."""


def departments_in(state: ProjectState) -> tuple[DepartmentId, ...]:
    """Every department that has, or had, a duty in the project: the lead first."""
    project = state.project
    parts = (name for milestone in state.milestones.values() for name in milestone.parts)
    return tuple(dict.fromkeys((project.lead_department, *project.participating_departments, *parts)))


def as_the_project_spells(state: ProjectState, command: AnyCommand) -> AnyCommand:
    """The command with every department that the project knows in the project's spelling."""
    known = departments_in(state)
    changed: dict[str, Any] = {}
    for field, value in command:
        spelled: Any = value
        if isinstance(value, Actor):
            spelled = _actor(value, known)
        elif field in _DEPARTMENTS and isinstance(value, str):
            spelled = spelled_as(value, known)
        if spelled != value:
            changed[field] = spelled
    return command.model_copy(update=changed)


def _actor(actor: Actor, known: tuple[DepartmentId, ...]) -> Actor:
    if actor.department is None:
        return actor
    spelled = spelled_as(actor.department, known)
    if spelled == actor.department:
        return actor
    name = spelled if actor.name == actor.department else actor.name
    return actor.model_copy(update={"department": spelled, "name": name})
