"""Whom the line over a part of a list charges (`一、产业发展（甲局牵头，乙局配合）`): those below it have them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.notice.assignments import assignment_in
from domain.notice.departments import departments
from domain.project import KeyProject


def handed_on(text: str, projects: Iterable[KeyProject]) -> bool:
    """Whether all offices that a line charges stand in one project, and nothing else is said by when."""
    _, said = assignment_in(text)
    charged = {*departments(said.lead), *departments(said.participants)}
    whose = ({project.lead_department, *project.participating_departments} for project in projects)
    return bool(charged) and not (said.due or said.schedule) and any(charged <= names for names in whose)
