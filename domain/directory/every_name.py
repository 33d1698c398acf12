"""Questions about a department, asked by one of its names: what runs may know it by another."""

from __future__ import annotations

from datetime import date

from domain.directory.directory import Directory
from domain.ids import DepartmentId
from domain.ports.register import DutyQuery, ProjectQuery


def projects_by_every_name(query: ProjectQuery, directory: Directory, day: date) -> ProjectQuery:
    """A question about projects, of whoever leads or takes part, under each name that the department goes by."""
    leads = every_name(query.lead, directory, day)
    participants = every_name(query.participant, directory, day)
    return query.having(lead=None, leads=leads, participant=None, participants=participants)


def duties_by_every_name(query: DutyQuery, directory: Directory, day: date) -> DutyQuery:
    """A question about duties, under each name of the department; of those alone that may be asked for."""
    if query.department is None:
        return query
    names = every_name(query.department, directory, day)
    asked = tuple(name for name in names if not query.names or name in query.names)
    return query.having(department=None, names=asked) if asked else query


def present_names(directory: Directory, day: date) -> dict[DepartmentId, DepartmentId]:
    """The name of today by each name that a department had before, and that no other one bears."""
    borne = (each.name for department in directory.departments.values() for each in department.borne)
    found = {name: directory.present_name(name, day) for name in borne}
    return {name: now for name, now in found.items() if now != name}


def every_name(name: DepartmentId | None, directory: Directory, day: date) -> tuple[DepartmentId, ...]:
    """A name as it is asked for, with the others of the department that it names on a day."""
    if name is None:
        return ()
    found = directory.department_named(name, day).one
    return tuple(dict.fromkeys((name, *(directory.names_of(found.department_id, day) if found is not None else ()))))
