"""Whom the line over a part of a list charges (`一、产业发展（甲局牵头，乙局配合）`): those below it have them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.notice.assignments import assignment_in
from domain.notice.departments import departments
from domain.project import KeyProject


def handed_on(text: str, projects: Iterable[KeyProject]) -> bool:
    """Whether one project has all offices that a line charges, and the limit that it may say."""
    _, said = assignment_in(text)
    charged = {*departments(said.lead), *departments(said.participants)}
    return bool(charged and not said.schedule) and any(
        charged <= {project.lead_department, *project.participating_departments} and said.due in project.schedule_text
        for project in projects
    )
