"""Whom an act gives something to, and whom a list names: found in the directory, or asked about first.

A name is free text wherever one is written. Two spellings of one are compared by their key; a slip of the pen would be
another department, which nobody signs in for and to which papers go all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final

from application.office.office import Office
from domain.acts.commands import AnyCommand, AppointDeputy, IssueDirective, ReassignLead, ReplaceParticipant
from domain.acts.commands.command import Command
from domain.acts.rights import LEADERS
from domain.clock import OFFICE_TIME
from domain.directory.directory import Directory
from domain.directory.naming import NotOnePersonError, must_be_of_its_department
from domain.errors import BrokenRuleError
from domain.ids import DepartmentId, ProjectId, is_sub_duty
from domain.names import name_key, nearest, same_name
from domain.notice.departments import is_group
from domain.project import ProjectList
from domain.record.recorded_directory import recorded_directory

_GIVEN_TO: Final[Mapping[type[Command], str]] = {ReassignLead: "to", ReplaceParticipant: "to"}
"""The acts that give duties to a department which may have had none, and the field that names it."""


class UnknownDepartmentError(BrokenRuleError, rule="departments_are_known"):
    """Whom an act gives something to is a department of the directory, or of a list that runs."""

    says = "“{name}”{why}：请写名册里的部门名称，或请管理员先登记。"
    name: DepartmentId
    why: str


async def must_name_known(office: Office, project_id: ProjectId, command: AnyCommand) -> None:
    """Refuse an act that gives duties or powers to somebody whom nobody knows. Units below a department are in no
    directory: in a sub-duty they are taken as they are written.

    Raises:
        UnknownDepartmentError: a department is neither in the directory, which has departments, nor in what runs.
        NotOnePersonError: a deputy is nobody of that department, or a leader is none of the directory's.
    """
    field = _GIVEN_TO.get(type(command))
    to: str | None = getattr(command, field) if field is not None else None
    deputy = command.deputy if isinstance(command, AppointDeputy) else None
    leader = command.leader if isinstance(command, IssueDirective) else None
    named = to or (deputy.department if deputy is not None else None)
    if named is None and leader is None:
        return
    directory = await asyncio.to_thread(recorded_directory, office.records.ledger, office.records.evidence)
    day = office.now().astimezone(OFFICE_TIME).date()
    if leader is not None:
        _must_be_a_leader(directory, leader, day)
    if named is not None and not is_sub_duty(project_id) and _knows_departments(directory, day):
        running = {each.department for each in await office.register.departments()}
        for name in unknown_departments((named,), directory, day, running):
            raise UnknownDepartmentError(name=name, why=_why(directory, name, day))
    if deputy is not None:
        must_be_of_its_department(deputy, directory, office.now())


def unknown_departments(
    names: Iterable[DepartmentId], directory: Directory, day: date, running: Collection[DepartmentId]
) -> list[DepartmentId]:
    """Which of these names are no department of the directory, as soon as it has any, and none of what runs; a group
    (`各县区`) is none, and is told of elsewhere."""
    if not _knows_departments(directory, day):
        return []
    known = {name_key(each) for each in running}
    there = (name for name in dict.fromkeys(names) if not is_group(name) and name_key(name) not in known)
    return [name for name in there if directory.department_named(name, day).one is None]


def doubtful_names(
    listed: ProjectList, directory: Directory, day: date, running: Collection[DepartmentId]
) -> list[str]:
    """What is to be asked about the names of a list before it is started, in words."""
    named = (name for each in listed.projects for name in (each.lead_department, *each.participating_departments))
    said = [f"部门“{name}”{_why(directory, name, day)}" for name in unknown_departments(named, directory, day, running)]
    ruled = {each.ruled_by for project in listed.projects for each in listed.rulings_about(project) if each.ruled_by}
    if directory.holders("operator", day):
        ever = [name.name for person in directory.persons.values() for name in person.names]
        strangers = [who for who in sorted(ruled) if not any(same_name(who, name) for name in ever)]
        said += [f"裁定人“{who}”不在名册里" for who in strangers]
    return said


def _knows_departments(directory: Directory, day: date) -> bool:
    return any(each.is_there(day) for each in directory.departments.values())


def _why(directory: Directory, name: DepartmentId, day: date) -> str:
    if directory.department_named(name, day).look_alikes:
        return "在名册里有几个，分不清是哪一个"
    there = [each.name_on(day) for each in directory.departments.values() if each.is_there(day)]
    near = nearest(name, there)
    return f"{day} 不在名册里（名称相近的有“{near}”）" if near else f"{day} 不在名册里"


def _must_be_a_leader(directory: Directory, leader: str, day: date) -> None:
    leaders = {each.person_id for each in directory.grants if each.role in LEADERS and each.period.covers(day)}
    found = directory.person_named(leader, day).one
    if leaders and (found is None or found.person_id not in leaders):
        raise NotOnePersonError(name=leader, why=f"{day} 不是名册里的领导")
