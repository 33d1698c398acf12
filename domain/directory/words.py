"""The directory's events and roles as sentences for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.clock import office_day
from domain.directory import events as e
from domain.directory.directory import Directory, Grant
from domain.directory.ids import ROLE_WORDS, DirectoryId, DirectoryRole


def all_in_words(directory: Directory, events: Sequence[e.DirectoryEvent]) -> tuple[str, ...]:
    """Each event as a sentence, in order, and from when those hold that end something on the very day."""
    ends = (e.RoleTaken, e.PersonClosed, e.AccountTaken, e.DepartmentClosed)
    at_once = {
        each.until_on for each in events if isinstance(each, ends) and each.until_on == office_day(each.decided_at)
    }
    told = (f"其中到 {day} 为止的从现在起就已失效，不等到当天结束" for day in sorted(at_once))
    return (*(in_words(directory, event) for event in events), *told)


def in_words(directory: Directory, event: e.DirectoryEvent) -> str:
    """One event as a sentence; `directory` knows everybody whom it names."""
    match event:
        case e.RoleGiven():
            what = role_in_words(directory, event.role, event.department_id, event.principal_id)
            return f"任职 {_person(directory, event.person_id)}：{what}，{_days(event.from_on, event.until_on)}"
        case e.RoleTaken():
            grant = next((each for each in directory.grants if each.given == event.given), None)
            what = grant_in_words(directory, grant) if grant else ROLE_WORDS[event.role]
            return f"终止任职 {_person(directory, event.person_id)}：{what}，至 {event.until_on} 止"
        case e.PersonOpened() | e.PersonRenamed() | e.PersonClosed() | e.AccountGiven() | e.AccountTaken():
            return _about_person(event, _person(directory, event.person_id))
        case _:
            return _about_department(event, _department(directory, event.department_id))


def _about_person(
    event: e.PersonOpened | e.PersonRenamed | e.PersonClosed | e.AccountGiven | e.AccountTaken, person: str
) -> str:
    match event:
        case e.PersonOpened():
            return f"新增人员 {event.name}（{event.person_id}），自 {event.from_on} 起"
        case e.PersonRenamed():
            return f"人员改名 {event.before} → {event.after}（{event.person_id}），自 {event.from_on} 起"
        case e.PersonClosed():
            return f"人员离开 {person}，至 {event.until_on} 止，任职和账号一并终止"
        case e.AccountGiven():
            return f"启用账号 {event.account}：{person}，自 {event.from_on} 起"
        case e.AccountTaken():
            return f"停用账号 {event.account}：{person}，至 {event.until_on} 止"


def _about_department(
    event: e.DepartmentOpened | e.DepartmentRenamed | e.DepartmentClosed | e.AliasGiven | e.AliasTaken, department: str
) -> str:
    match event:
        case e.DepartmentOpened():
            return f"新增部门 {event.name}（{event.department_id}），自 {event.from_on} 起"
        case e.DepartmentRenamed():
            return f"部门改名 {event.before} → {event.after}（{event.department_id}），自 {event.from_on} 起"
        case e.DepartmentClosed():
            return f"部门撤销 {department}，至 {event.until_on} 止，任职一并终止"
        case e.AliasGiven():
            return f"新增别名 {event.alias}：{department}"
        case e.AliasTaken():
            return f"取消别名 {event.alias}：{department}"


def grant_in_words(directory: Directory, grant: Grant) -> str:
    """A role without its days: `组织部分管领导`."""
    return role_in_words(directory, grant.role, grant.department_id, grant.principal_id)


def role_in_words(
    directory: Directory, role: DirectoryRole, department_id: DirectoryId | None, principal_id: DirectoryId | None
) -> str:
    """A role with the department or the person that it is about."""
    if principal_id is not None:
        return f"{_person(directory, principal_id)}的{ROLE_WORDS[role]}"
    department = directory.departments.get(department_id) if department_id is not None else None
    return (department.name if department else department_id or "") + ROLE_WORDS[role]


def _days(from_on: date, until_on: date | None) -> str:
    return f"自 {from_on} 起" + (f"至 {until_on} 止" if until_on else "")


def _person(directory: Directory, number: DirectoryId) -> str:
    person = directory.persons.get(number)
    return f"{person.name}（{number}）" if person else number


def _department(directory: Directory, number: DirectoryId) -> str:
    department = directory.departments.get(number)
    return f"{department.name}（{number}）" if department else number
