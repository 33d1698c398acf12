"""A name that one department gave up and another one takes: what still runs under it would change hands unsaid.

Questions about a department, asked by one of its names: what runs may know it by another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from domain.directory.directory import Department, Directory
from domain.directory.events import AliasGiven, DepartmentOpened, DepartmentRenamed, DirectoryEvent
from domain.directory.ids import DirectoryId
from domain.errors import BrokenRuleError
from domain.ids import DepartmentId
from domain.names import same_name
from domain.ports.register import DutyQuery, ProjectQuery


def projects_by_every_name(query: ProjectQuery, directory: Directory, day: date) -> ProjectQuery:
    """A question about projects, of whoever leads or takes part, under each name that the department goes by."""
    leads = every_name(query.lead, directory, day)
    participants = every_name(query.participant, directory, day)
    return query.model_copy(update={"lead": None, "leads": leads, "participant": None, "participants": participants})


def duties_by_every_name(query: DutyQuery, directory: Directory, day: date) -> DutyQuery:
    """A question about duties, under each name of the department; of those alone that may be asked for."""
    if query.department is None:
        return query
    names = every_name(query.department, directory, day)
    asked = tuple(name for name in names if not query.names or name in query.names)
    return query.model_copy(update={"department": None, "names": asked}) if asked else query


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


class FormerNameInUseError(BrokenRuleError, rule="former_name_is_free"):
    """A department takes another's former name, under which duties still run, where it is meant to take them over."""

    says = (
        "“{name}”是{of}的曾用名，还有 {duties} 项在办任务用着这个名称，这样一来就都归另一个部门办理，所以没有登记："
        "请另取名称，或先在这些任务里改由“{now}”承办；确由另一个部门接着办的，请在登记时注明。"
    )
    name: str
    of: str
    now: str
    duties: int


class TakenName(NamedTuple):
    """A name that a change gives to one department, and the other one that bore it."""

    name: str
    before: Department


def taken_former_names(after: Directory, events: Iterable[DirectoryEvent]) -> Iterator[TakenName]:
    """The names of other departments, which still stand, that changes give away; `after` is the directory with them."""
    for event in events:
        given = _given(after, event)
        if given is None:
            continue
        number, name, from_on = given
        for other in after.departments.values():
            ends = other.periods[-1].until_on
            stands = other.department_id != number and (ends is None or ends >= from_on)
            if stands and any(same_name(name, each.name) for each in other.borne):
                yield TakenName(name, other)


def _given(after: Directory, event: DirectoryEvent) -> tuple[DirectoryId, str, date] | None:
    match event:
        case DepartmentOpened():
            return event.department_id, event.name, event.from_on
        case DepartmentRenamed():
            return event.department_id, event.after, event.from_on
        case AliasGiven():
            return event.department_id, event.alias, after.departments[event.department_id].periods[-1].from_on
        case _:
            return None
