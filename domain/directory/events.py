"""What happened to the directory, in the past tense: what each event changes there, and its line of words.

Names of types and fields are kept for ever. Days are of the office: `from_on` is the first day of what was given,
`until_on` the last one, both included.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.bounds import Day, Place
from domain.clock import office_day
from domain.directory.directory import Department, Directory, Grant, HeldAccount, NameSince, Period, Person, opened
from domain.directory.ids import ROLE_WORDS, Account, Alias, DirectoryId, DirectoryRole, PersonId
from domain.directory.person_name import PersonName
from domain.directory.words import department_in_words, grant_in_words, person_in_words, role_in_words
from domain.events.event import Event
from domain.events.kinds import EventKinds
from domain.names import Name

DIRECTORY_STREAM = "directory"
"""The directory's own stream in the ledger."""


class _DirectoryChange(Event):
    """An event of the directory's stream. It takes whatever was recorded, and refuses nothing."""

    @abstractmethod
    def changed(self, directory: Directory) -> Directory:
        """The directory after it."""

    @abstractmethod
    def words(self, directory: Directory) -> str:
        """It as a sentence; `directory` knows everybody whom it names."""

    def _ended(self, period: Period, until_on: Day) -> Period:
        return period.ended(until_on, office_day(self.decided_at))

    def _with_grants_ended(self, directory: Directory, until_on: Day, ends: Callable[[Grant], bool]) -> Directory:
        grants = (
            replace(grant, period=self._ended(grant.period, until_on)) if ends(grant) else grant
            for grant in directory.grants
        )
        return replace(directory, grants=tuple(grants))


class _OfPerson(_DirectoryChange):
    person_id: PersonId

    def _with(self, directory: Directory, change: Callable[[Person], Person]) -> Directory:
        person = directory.persons.get(self.person_id)
        return directory if person is None else directory.having(change(person))


class _OfDepartment(_DirectoryChange):
    department_id: DirectoryId

    def _with(self, directory: Directory, change: Callable[[Department], Department]) -> Directory:
        department = directory.departments.get(self.department_id)
        return directory if department is None else directory.having(change(department))


class PersonOpened(_OfPerson):
    """A person was taken into the directory, or came back after he had left."""

    type: Literal["PersonOpened"] = "PersonOpened"
    name: PersonName
    from_on: Day

    def changed(self, directory: Directory) -> Directory:
        person = directory.persons.get(self.person_id) or Person(self.person_id, (), ())
        return directory.having(opened(person, self.name, self.from_on))

    def words(self, directory: Directory) -> str:
        return f"新增人员 {self.name}（{self.person_id}），自 {self.from_on} 起"


class PersonRenamed(_OfPerson):
    """A person has another name, or another spelling of it, from this day on; the number stays."""

    type: Literal["PersonRenamed"] = "PersonRenamed"
    before: PersonName
    after: PersonName
    from_on: Day

    def changed(self, directory: Directory) -> Directory:
        name = NameSince(self.after, self.from_on)
        return self._with(directory, lambda person: replace(person, names=(*person.names, name)))

    def words(self, directory: Directory) -> str:
        return f"人员改名 {self.before} → {self.after}（{self.person_id}），自 {self.from_on} 起"


class PersonClosed(_OfPerson):
    """A person left: every role and account ends with this day, and stays in his past."""

    type: Literal["PersonClosed"] = "PersonClosed"
    until_on: Day

    def changed(self, directory: Directory) -> Directory:
        if self.person_id not in directory.persons:
            return directory
        whose = self.person_id
        without = self._with_grants_ended(
            directory, self.until_on, lambda grant: whose in (grant.person_id, grant.principal_id)
        )
        return self._with(without, self._left)

    def _left(self, person: Person) -> Person:
        *before, last = person.periods
        accounts = (replace(held, period=self._ended(held.period, self.until_on)) for held in person.accounts)
        return replace(person, periods=(*before, self._ended(last, self.until_on)), accounts=tuple(accounts))

    def words(self, directory: Directory) -> str:
        person = person_in_words(directory, self.person_id)
        return f"人员离开 {person}，至 {self.until_on} 止，任职和账号一并终止"


class AccountGiven(_OfPerson):
    """A login names this person from a day on."""

    type: Literal["AccountGiven"] = "AccountGiven"
    account: Account
    from_on: Day

    def changed(self, directory: Directory) -> Directory:
        held = HeldAccount(self.account, Period(self.from_on))
        return self._with(directory, lambda person: replace(person, accounts=(*person.accounts, held)))

    def words(self, directory: Directory) -> str:
        return f"启用账号 {self.account}：{person_in_words(directory, self.person_id)}，自 {self.from_on} 起"


class AccountTaken(_OfPerson):
    """A login names this person no longer after a day."""

    type: Literal["AccountTaken"] = "AccountTaken"
    account: Account
    until_on: Day

    def changed(self, directory: Directory) -> Directory:
        return self._with(
            directory, lambda person: replace(person, accounts=tuple(map(self._without_it, person.accounts)))
        )

    def _without_it(self, held: HeldAccount) -> HeldAccount:
        if held.account != self.account or not held.period.covers(self.until_on):
            return held
        return replace(held, period=self._ended(held.period, self.until_on))

    def words(self, directory: Directory) -> str:
        return f"停用账号 {self.account}：{person_in_words(directory, self.person_id)}，至 {self.until_on} 止"


class DepartmentOpened(_OfDepartment):
    """A department was taken into the directory, or set up again after it had been closed."""

    type: Literal["DepartmentOpened"] = "DepartmentOpened"
    name: Name
    from_on: Day

    def changed(self, directory: Directory) -> Directory:
        department = directory.departments.get(self.department_id) or Department(self.department_id, (), ())
        return directory.having(opened(department, self.name, self.from_on))

    def words(self, directory: Directory) -> str:
        return f"新增部门 {self.name}（{self.department_id}），自 {self.from_on} 起"


class DepartmentRenamed(_OfDepartment):
    """A department has another name from this day on; it is still found by the one before."""

    type: Literal["DepartmentRenamed"] = "DepartmentRenamed"
    before: Name
    after: Name
    from_on: Day

    def changed(self, directory: Directory) -> Directory:
        name = NameSince(self.after, self.from_on)
        return self._with(directory, lambda department: replace(department, names=(*department.names, name)))

    def words(self, directory: Directory) -> str:
        return f"部门改名 {self.before} → {self.after}（{self.department_id}），自 {self.from_on} 起"


class DepartmentClosed(_OfDepartment):
    """A department was closed: every role in it, or over it, ends with this day."""

    type: Literal["DepartmentClosed"] = "DepartmentClosed"
    until_on: Day

    def changed(self, directory: Directory) -> Directory:
        if self.department_id not in directory.departments:
            return directory
        without = self._with_grants_ended(
            directory, self.until_on, lambda grant: grant.department_id == self.department_id
        )
        return self._with(without, self._closed)

    def _closed(self, department: Department) -> Department:
        # Nobody acts by a department's being there: it is there until the day is over.
        *before, last = department.periods
        return replace(department, periods=(*before, replace(last, until_on=self.until_on)))

    def words(self, directory: Directory) -> str:
        department = department_in_words(directory, self.department_id)
        return f"部门撤销 {department}，至 {self.until_on} 止，任职一并终止"


class AliasGiven(_OfDepartment):
    """A department is found by another name too."""

    type: Literal["AliasGiven"] = "AliasGiven"
    alias: Alias

    def changed(self, directory: Directory) -> Directory:
        return self._with(directory, lambda one: replace(one, aliases=(*one.aliases, self.alias)))

    def words(self, directory: Directory) -> str:
        return f"新增别名 {self.alias}：{department_in_words(directory, self.department_id)}"


class AliasTaken(_OfDepartment):
    """A department is not found by this other name any more."""

    type: Literal["AliasTaken"] = "AliasTaken"
    alias: Alias

    def changed(self, directory: Directory) -> Directory:
        return self._with(
            directory, lambda one: replace(one, aliases=tuple(each for each in one.aliases if each != self.alias))
        )

    def words(self, directory: Directory) -> str:
        return f"取消别名 {self.alias}：{department_in_words(directory, self.department_id)}"


class RoleGiven(_DirectoryChange):
    """A person has a role: in or over `department_id` where it is one of a department, for `principal_id` as a deputy.

    Without `until_on` he has it until it is taken, or he leaves.
    """

    type: Literal["RoleGiven"] = "RoleGiven"
    person_id: PersonId
    role: DirectoryRole
    department_id: DirectoryId | None
    principal_id: PersonId | None
    from_on: Day
    until_on: Day | None

    def changed(self, directory: Directory) -> Directory:
        period = Period(self.from_on, self.until_on)
        grant = Grant(self.seq, self.person_id, self.role, self.department_id, self.principal_id, period)
        return replace(directory, grants=(*directory.grants, grant))

    def words(self, directory: Directory) -> str:
        what = role_in_words(directory, self.role, self.department_id, self.principal_id)
        days = f"自 {self.from_on} 起" + (f"至 {self.until_on} 止" if self.until_on else "")
        return f"任职 {person_in_words(directory, self.person_id)}：{what}，{days}"


class RoleTaken(_DirectoryChange):
    """A role ends with a day. `given` is the place in the stream of the event that gave it."""

    type: Literal["RoleTaken"] = "RoleTaken"
    given: Place
    person_id: PersonId
    role: DirectoryRole
    until_on: Day

    def changed(self, directory: Directory) -> Directory:
        return self._with_grants_ended(directory, self.until_on, lambda grant: grant.given == self.given)

    def words(self, directory: Directory) -> str:
        grant = next((each for each in directory.grants if each.given == self.given), None)
        what = grant_in_words(directory, grant) if grant else ROLE_WORDS[self.role]
        return f"终止任职 {person_in_words(directory, self.person_id)}：{what}，至 {self.until_on} 止"


DirectoryEvent = Annotated[
    PersonOpened
    | PersonRenamed
    | PersonClosed
    | AccountGiven
    | AccountTaken
    | DepartmentOpened
    | DepartmentRenamed
    | DepartmentClosed
    | AliasGiven
    | AliasTaken
    | RoleGiven
    | RoleTaken,
    Field(discriminator="type"),
]
"""Any event of the directory's stream."""

DIRECTORY_EVENT: Final[EventKinds[DirectoryEvent]] = EventKinds(DirectoryEvent)
_OF_THE_HEADER = frozenset(Event.model_fields)


def changes_digest(events: Iterable[DirectoryEvent]) -> str:
    """The hash of what changes of the directory say, in order, without who made them and when: what is attested.
    Of persons' names it has what their entries have."""
    said = [event.model_dump(mode="json", exclude=set(_OF_THE_HEADER)) for event in events]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def all_in_words(directory: Directory, events: Sequence[DirectoryEvent]) -> tuple[str, ...]:
    """Each event as a sentence, in order, and from when those hold that end something on the very day."""
    ends = (RoleTaken, PersonClosed, AccountTaken, DepartmentClosed)
    at_once = {
        each.until_on for each in events if isinstance(each, ends) and each.until_on == office_day(each.decided_at)
    }
    told = (f"其中到 {day} 为止的从现在起就已失效，不等到当天结束" for day in sorted(at_once))
    return (*(event.words(directory) for event in events), *told)
