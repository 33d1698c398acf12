"""The one function that folds the directory's events; it takes whatever was recorded and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import reduce

from domain.clock import office_day
from domain.directory import events as e
from domain.directory.directory import Department, Directory, Grant, HeldAccount, NameSince, Period, Person


def evolve(directory: Directory, event: e.DirectoryEvent) -> Directory:
    """The directory after one event more."""
    changed = _changed(directory, event)
    return replace(changed, next_seq=event.seq + 1)


def fold(events: Iterable[e.DirectoryEvent]) -> Directory:
    """The directory that events add up to."""
    return reduce(evolve, events, Directory())


def known_at(events: Iterable[e.DirectoryEvent], instant: datetime) -> Directory:
    """The directory as it was known at an instant: without what was decided later, whichever days that is about."""
    return fold(event for event in events if event.decided_at <= instant)


def _changed(directory: Directory, event: e.DirectoryEvent) -> Directory:
    match event:
        case e.PersonOpened():
            return _with_person(directory, _opened_person(directory.persons.get(event.person_id), event))
        case e.DepartmentOpened():
            return _with_department(
                directory, _opened_department(directory.departments.get(event.department_id), event)
            )
        case e.RoleGiven():
            return replace(directory, grants=(*directory.grants, _grant(event)))
        case e.RoleTaken(given=given, until_on=until_on):
            grants = (_ended(grant, until_on, event) if grant.given == given else grant for grant in directory.grants)
            return replace(directory, grants=tuple(grants))
        case e.PersonRenamed() | e.PersonClosed() | e.AccountGiven() | e.AccountTaken():
            person = directory.persons.get(event.person_id)
            return _person_changed(directory, person, event) if person is not None else directory
        case e.DepartmentRenamed() | e.DepartmentClosed() | e.AliasGiven() | e.AliasTaken():
            department = directory.departments.get(event.department_id)
            return _department_changed(directory, department, event) if department is not None else directory


def _person_changed(
    directory: Directory, person: Person, event: e.PersonRenamed | e.PersonClosed | e.AccountGiven | e.AccountTaken
) -> Directory:
    match event:
        case e.PersonRenamed():
            names = (*person.names, NameSince(event.after, event.from_on))
            return _with_person(directory, replace(person, names=names))
        case e.AccountGiven():
            held = HeldAccount(event.account, Period(event.from_on))
            return _with_person(directory, replace(person, accounts=(*person.accounts, held)))
        case e.AccountTaken():
            accounts = tuple(
                replace(held, period=held.period.ended(event.until_on, office_day(event.decided_at)))
                if held.account == event.account and held.period.covers(event.until_on)
                else held
                for held in person.accounts
            )
            return _with_person(directory, replace(person, accounts=accounts))
        case e.PersonClosed(until_on=until_on):
            accounts = tuple(
                replace(held, period=held.period.ended(until_on, office_day(event.decided_at)))
                for held in person.accounts
            )
            *before, last = person.periods
            periods = (*before, last.ended(until_on, office_day(event.decided_at)))
            left = replace(person, periods=periods, accounts=accounts)
            grants = tuple(
                _ended(grant, until_on, event) if person.person_id in (grant.person_id, grant.principal_id) else grant
                for grant in directory.grants
            )
            return replace(_with_person(directory, left), grants=grants)


def _department_changed(
    directory: Directory,
    department: Department,
    event: e.DepartmentRenamed | e.DepartmentClosed | e.AliasGiven | e.AliasTaken,
) -> Directory:
    match event:
        case e.DepartmentRenamed():
            names = (*department.names, NameSince(event.after, event.from_on))
            return _with_department(directory, replace(department, names=names))
        case e.AliasGiven():
            return _with_department(directory, replace(department, aliases=(*department.aliases, event.alias)))
        case e.AliasTaken():
            aliases = tuple(alias for alias in department.aliases if alias != event.alias)
            return _with_department(directory, replace(department, aliases=aliases))
        case e.DepartmentClosed(until_on=until_on):
            # Nobody acts by a department's being there: it is there until the day is over.
            *before, last = department.periods
            closed = replace(department, periods=(*before, replace(last, until_on=until_on)))
            grants = tuple(
                _ended(grant, until_on, event) if grant.department_id == department.department_id else grant
                for grant in directory.grants
            )
            return replace(_with_department(directory, closed), grants=grants)


def _opened_person(person: Person | None, event: e.PersonOpened) -> Person:
    name, period = NameSince(event.name, event.from_on), Period(event.from_on)
    if person is None:
        return Person(event.person_id, (name,), (period,))
    names = person.names if person.name == event.name else (*person.names, name)
    return replace(person, names=names, periods=(*person.periods, period))


def _opened_department(department: Department | None, event: e.DepartmentOpened) -> Department:
    name, period = NameSince(event.name, event.from_on), Period(event.from_on)
    if department is None:
        return Department(event.department_id, (name,), (period,))
    names = department.names if department.name == event.name else (*department.names, name)
    return replace(department, names=names, periods=(*department.periods, period))


def _grant(event: e.RoleGiven) -> Grant:
    period = Period(event.from_on, event.until_on)
    return Grant(event.seq, event.person_id, event.role, event.department_id, event.principal_id, period)


def _ended(grant: Grant, until_on: date, by: e.DirectoryEvent) -> Grant:
    return replace(grant, period=grant.period.ended(until_on, office_day(by.decided_at)))


def _with_person(directory: Directory, person: Person) -> Directory:
    return replace(directory, persons={**directory.persons, person.person_id: person})


def _with_department(directory: Directory, department: Department) -> Directory:
    return replace(directory, departments={**directory.departments, department.department_id: department})
