"""Whom an act gives something to, and whom a list names: found in the directory, or asked about first.

A name is free text wherever one is written. Two spellings of one are compared by their key; a slip of the pen would be
another department, which nobody signs in for and to which papers go all the same.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from application.office.office import Office
from domain.acts import commands as c
from domain.acts.rights import LEADERS
from domain.acts.spelling import departments_in
from domain.clock import office_day
from domain.directory.directory import Directory
from domain.directory.naming import must_be_of_its_department, person_among
from domain.directory.soundness import shown
from domain.errors import BrokenRuleError
from domain.ids import DepartmentId, ProjectId, is_sub_duty
from domain.lists.sub_duties import sub_duties_of
from domain.names import name_key, nearest, same_name
from domain.notice.departments import is_group
from domain.ports.register import DutyQuery
from domain.project import ProjectList
from domain.record.recorded_directory import recorded_directory
from domain.record.recorded_projects import recorded_state

_BETWEEN_NAMES: Final = re.compile(r"[\n、，,；;/]+")
_SHORTEST_POST: Final = 2


class UnknownDepartmentError(BrokenRuleError, rule="departments_are_known"):
    """Whom an act gives something to is a department of the directory, or of a list that runs."""

    says = "“{name}”{why}：请写名册里的部门名称，或请管理员先登记。"
    name: DepartmentId
    why: str


class UnknownUnitError(BrokenRuleError, rule="units_are_known"):
    """A unit that is given a part is known, or is said to be new."""

    says = "单位“{name}”{why}，也没有在办的任务，所以没有分解：请核对名称；确是新的单位的，请在分解时注明。"
    name: DepartmentId
    why: str


async def named_as_known(office: Office, project_id: ProjectId, command: c.AnyCommand) -> c.AnyCommand:
    """A command that gives duties or powers to somebody, once he is known; with his name where his number was given.

    Units below a department are in no directory: in a sub-duty departments are taken as they are written, and a unit is
    known that has had a duty before.

    Raises:
        UnknownDepartmentError: a department is neither in the directory, which has departments, nor in what runs.
        UnknownUnitError: a unit is neither, and nobody said that it is new.
        NotOnePersonError: a deputy is nobody of that department, or a leader is none of the directory's.
    """
    directory = await asyncio.to_thread(recorded_directory, office.records.ledger, office.records.evidence)
    day = office_day(office.now())
    command = _with_names(command, directory, day)
    given = await _given_to(office, project_id, command)
    if given and _knows_departments(directory, day):
        running = {each.department for each in await office.register.departments()}
        parts = isinstance(command, c.DecomposeDuty)
        if parts:
            running |= await _units(office, project_id, given)
        for name in unknown_departments(given, directory, day, running):
            raise (UnknownUnitError if parts else UnknownDepartmentError)(name=name, why=why_not(directory, name, day))
    if isinstance(command, c.AppointDeputy):
        must_be_of_its_department(command.deputy, directory, office.now())
    return command


def _with_names(command: c.AnyCommand, directory: Directory, day: date) -> c.AnyCommand:
    """The command with names in place of the numbers of a department or a leader: papers say no number alone."""
    changed: dict[str, Any] = {}
    match command:
        case c.ReassignLead(to=str(to)) | c.ReplaceParticipant(to=str(to)):
            department = directory.departments.get(to)
            if department is not None and department.is_there(day):
                changed["to"] = department.name_on(day)
        case c.IssueDirective(leader=leader):
            person = person_among(leader, LEADERS, directory, day)
            if person is not None and person.number == leader:
                changed["leader"] = directory.name_of(person, day)
        case _:
            pass
    return command.model_copy(update=changed) if changed else command


async def _units(office: Office, project_id: ProjectId, names: Iterable[DepartmentId]) -> set[DepartmentId]:
    """Those among names who have a duty as units, and all to whom the project ever gave a part: also one that was taken
    back."""
    state = await asyncio.to_thread(recorded_state, office.records.ledger, project_id)
    given = {each.unit for _, each in sub_duties_of(state)} if state is not None else set()
    queries = (office.register.duties(DutyQuery(department=name, limit=1)) for name in names)
    return given | {row.department for page in await asyncio.gather(*queries) for row in page.rows}


async def _given_to(office: Office, project_id: ProjectId, command: c.AnyCommand) -> tuple[DepartmentId, ...]:
    """The departments to which a command gives what they may not have had."""
    match command:
        case c.DecomposeDuty(units=units, new_units=new):
            return () if new else units
        case c.ReassignLead(to=str(to)) | c.ReplaceParticipant(to=str(to)):
            named: tuple[DepartmentId, ...] = (to,)
        case c.AppointDeputy(deputy=deputy):
            named = (deputy.department,) if deputy.department is not None else ()
        case c.AmendProject(project=project):
            state = await asyncio.to_thread(recorded_state, office.records.ledger, project_id)
            had = departments_in(state) if state is not None else ()
            named = tuple(each for each in project.participating_departments if each not in had)
        case _:
            named = ()
    return () if is_sub_duty(project_id) else named


def who_repairs(office: Office, name: str) -> str:
    """Whoever brings something back, as the record names him (raises `NotOnePersonError`)."""
    directory = office.records.persons.now()
    day = office_day(office.now())
    person = person_among(name, ("administrator", "operator"), directory, day)
    return name if person is None else directory.name_of(person, day)


def unknown_departments(
    names: Iterable[DepartmentId], directory: Directory, day: date, running: Collection[DepartmentId]
) -> list[DepartmentId]:
    """Which of these names are no department of the directory, as soon as it has any, and none of what runs, or one
    that has ended; a group (`各县区`) is none, and is told of elsewhere."""
    if not _knows_departments(directory, day):
        return []
    known = {name_key(each) for each in running}
    there = (
        name
        for name in dict.fromkeys(names)
        if not is_group(name) and (name_key(name) not in known or directory.ended_department(name, day) is not None)
    )
    numbers = directory.departments  # papers go to names
    return [name for name in there if name in numbers or directory.department_named(name, day).one is None]


def doubtful_names(listed: ProjectList, directory: Directory, day: date, running: Collection[str]) -> list[str]:
    """What is to be asked about the names of a list before it is started, in words; `running` are the departments,
    leaders and rulers of what runs."""
    named = (name for each in listed.projects for name in (each.lead_department, *each.participating_departments))
    said = [
        f"部门“{name}”{why_not(directory, name, day)}" for name in unknown_departments(named, directory, day, running)
    ]
    ruled = {each.ruled_by for project in listed.projects for each in listed.rulings_about(project) if each.ruled_by}
    if directory.holders("operator", day):
        ever = [name.name for person in directory.persons.values() for name in person.names]
        strangers = [who for who in sorted(ruled - set(running)) if not any(same_name(who, name) for name in ever)]
        said += [f"裁定人“{who}”不在名册里" for who in strangers]
    return said + [f"责任领导“{who}”不是名册里的领导" for who in _unknown_leaders(listed, directory, day, running)]


def _unknown_leaders(listed: ProjectList, directory: Directory, day: date, running: Collection[str]) -> list[str]:
    """The leaders in a list's column of whom the directory, which has leaders, knows none by that name."""
    leaders = {directory.persons[each.person_id] for each in directory.grants if each.role in LEADERS}
    there = [name_key(each.name_on(day)) for each in leaders if each.is_there(day)]
    cells = {each.responsible_leader for each in listed.projects if each.responsible_leader is not None}
    named = sorted(cells - set(running))
    each_one = dict.fromkeys(who.strip() for text in named for who in _BETWEEN_NAMES.split(text) if who.strip())
    return [who for who in each_one if not any(_names(name_key(who), name) for name in there)] if there else []


def _names(key: str, name: str) -> bool:
    """Whether a cell names a person: his name, alone or beside his post (`王伟副市长`, `副市长王伟`)."""
    beside = key.removeprefix(name) if key.startswith(name) else key.removesuffix(name)
    return key == name or (beside != key and len(beside) >= _SHORTEST_POST)


def _knows_departments(directory: Directory, day: date) -> bool:
    return any(each.is_there(day) for each in directory.departments.values())


def why_not(directory: Directory, name: DepartmentId, day: date) -> str:
    """Why a name is that of no department."""
    if alike := directory.department_named(name, day).look_alikes:
        return f"在名册里不止一个：{'、'.join(map(shown, alike))}，分不清是哪一个"
    if ended := directory.ended_department(name, day):
        return f"已于 {ended.last_day} 撤销"
    there = [each.name_on(day) for each in directory.departments.values() if each.is_there(day)]
    near = nearest(name, there)
    return f"{day} 不在名册里（名称相近的有“{near}”）" if near else f"{day} 不在名册里"
