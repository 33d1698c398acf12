"""What programs read of the directory on the day of an instant: all of it, one person, one department."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TypedDict

from pydantic import Field

from application.office.lists_as_of import registered_at
from domain.clock import office_day
from domain.directory.directory import Department, Directory, DirectoryEntry, Grant, Person
from domain.directory.ids import DirectoryRole
from domain.ids import DepartmentId
from domain.ports.register import DutyQuery
from domain.record.recorded_directory import directory_known_at
from entrypoints.api.answers import Answer, Item
from entrypoints.api.calls import Call
from entrypoints.api.directory_changes import Department as DepartmentNumber
from entrypoints.api.directory_changes import Person as PersonNumber
from entrypoints.api.problems import NothingThereError


class DirectoryDepartment(Item):
    """A department of the directory."""

    number: str
    name: str
    aliases: tuple[str, ...]


class DirectoryGrant(Item):
    """A role of a person, in a department where the role is one of a department."""

    number: int = Field(description="By which it is ended")
    role: DirectoryRole
    department: str | None
    principal: str | None = Field(description="For whom a deputy acts, by his number")
    from_on: date
    until_on: date | None


class DirectoryPerson(Item):
    """A person of the directory."""

    number: str
    name: str
    accounts: tuple[str, ...]
    roles: tuple[DirectoryGrant, ...]


class DirectoryAnswer(Answer):
    """The directory on the day of an instant."""

    departments: tuple[DirectoryDepartment, ...]
    persons: tuple[DirectoryPerson, ...]


class _Entry(Answer):
    """What is told of every entry of the directory."""

    is_there: bool = Field(description="Whether it is of the office on the day")
    until_on: date | None = Field(description="The last day, where one is entered")
    former_names: tuple[str, ...]


class _OfAnEntry(TypedDict):
    is_there: bool
    until_on: date | None
    former_names: tuple[str, ...]


class DirectoryPersonAnswer(_Entry):
    """One person of the directory on the day of an instant, also one who has left."""

    person: DirectoryPerson


class DirectoryHolder(Item):
    """Who has a role in a department."""

    number: str
    name: str
    role: DirectoryRole


class DirectoryDepartmentAnswer(_Entry):
    """One department of the directory on the day of an instant, also one that was closed."""

    department: DirectoryDepartment
    holders: tuple[DirectoryHolder, ...]
    open_duties: int = Field(description="How many duties are open under any of its names")


async def directory(call: Call) -> DirectoryAnswer:
    """Departments, persons, their accounts and roles on the day of the instant."""
    found, day = await _known(call)
    return DirectoryAnswer(
        as_of=call.as_of,
        departments=tuple(_department(each, day) for each in found.departments.values() if each.is_there(day)),
        persons=tuple(_person(found, each, day) for each in found.persons.values() if each.is_there(day)),
    )


async def directory_person(call: Call, person_id: PersonNumber) -> DirectoryPersonAnswer:
    """One person of the directory: names, accounts and roles on the day of the instant, and until when he is there."""
    found, day = await _known(call)
    one = found.persons.get(person_id)
    if one is None:
        raise NothingThereError
    told = _person(found, one, day)
    return DirectoryPersonAnswer(as_of=call.as_of, person=told, **_entry(one, day, tuple(n.name for n in one.borne)))


async def directory_department(call: Call, department_id: DepartmentNumber) -> DirectoryDepartmentAnswer:
    """One department of the directory: its names, who has a role in it on the day of the instant, its open duties."""
    found, day = await _known(call)
    one = found.departments.get(department_id)
    if one is None:
        raise NothingThereError
    names = found.names_of(department_id, day)
    return DirectoryDepartmentAnswer(
        as_of=call.as_of,
        department=_department(one, day),
        holders=tuple(
            DirectoryHolder(number=each.person_id, name=found.persons[each.person_id].name_on(day), role=each.role)
            for each in found.roles_in(department_id, day)
        ),
        open_duties=await _open_duties(call, names),
        **_entry(one, day, names),
    )


async def _known(call: Call) -> tuple[Directory, date]:
    records = call.office.records
    found = await asyncio.to_thread(directory_known_at, records.ledger, records.evidence, call.as_of)
    return found, office_day(call.as_of)


async def _open_duties(call: Call, names: tuple[DepartmentId, ...]) -> int:
    if call.asked_at is None:
        await call.office.register.current()
        return (await call.office.register.duties(DutyQuery(names=names, open=True, limit=1))).count
    then = await asyncio.to_thread(lambda: list(registered_at(call.office.records.ledger, None, call.as_of)))
    return sum(duty.open and duty.department in names for project in then for duty in project.duties)


def _entry(one: DirectoryEntry, day: date, names: tuple[str, ...]) -> _OfAnEntry:
    now = one.name_on(day)
    return {
        "is_there": one.is_there(day),
        "until_on": one.periods[-1].until_on,
        "former_names": tuple(dict.fromkeys(each for each in names if each != now)),
    }


def _department(one: Department, day: date) -> DirectoryDepartment:
    return DirectoryDepartment(number=one.number, name=one.name_on(day), aliases=one.aliases)


def _person(found: Directory, one: Person, day: date) -> DirectoryPerson:
    return DirectoryPerson(
        number=one.number,
        name=one.name_on(day),
        accounts=tuple(held.account for held in one.accounts if held.period.covers(day)),
        roles=tuple(_grant(found, grant, day) for grant in found.roles_on(one.person_id, day)),
    )


def _grant(found: Directory, grant: Grant, day: date) -> DirectoryGrant:
    return DirectoryGrant(
        number=grant.given,
        role=grant.role,
        department=found.departments[grant.department_id].name_on(day) if grant.department_id else None,
        principal=grant.principal_id,
        from_on=grant.period.from_on,
        until_on=grant.period.until_on,
    )
