"""The directory as it stands: who is there, under which name, in which role, on any day. A value that never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from domain.clock import office_day
from domain.directory.ids import DirectoryId, DirectoryRole, PersonId, SuperiorLevel
from domain.directory.person_name import ERASED_NAME, is_opened
from domain.names import name_key


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the office from the first to the last one, both included; without a last one it goes on.

    One that was ended `within` its last day is over since then: that day is still told, and nothing is had on it.
    """

    from_on: date
    until_on: date | None = None
    within: bool = False

    @property
    def through(self) -> date | None:
        """The last day on which what it is a period of is still had."""
        return self.until_on - _A_DAY if self.within and self.until_on is not None else self.until_on

    def covers(self, day: date) -> bool:
        """Whether it is had on a day."""
        return self.from_on <= day and _reaches(day, self.through)

    def meets(self, other: Period) -> bool:
        """Whether there is a day on which both are had."""
        first = max(self.from_on, other.from_on)
        return self.covers(first) and other.covers(first)

    def lies_in(self, other: Period) -> bool:
        """Whether every day of it is one of the other's."""
        last = other.through
        return other.from_on <= self.from_on and (last is None or (self.until_on is not None and self.until_on <= last))

    def ended(self, until_on: date, said_on: date) -> Period:
        """The period, over with a day at the latest: at once, where that is said on this very day."""
        sooner = Period(self.from_on, until_on, within=until_on == said_on)
        return sooner if _reaches(until_on, self.through) and sooner.through != self.through else self


_A_DAY = timedelta(days=1)


def _reaches(day: date, until_on: date | None) -> bool:
    return until_on is None or day <= until_on


@dataclass(frozen=True, slots=True)
class NameSince:
    """A name and the first day on which it is the name."""

    name: str
    from_on: date


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """A login that names a person, for a period."""

    account: str
    period: Period


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """Who or what stands in the directory: its number, every name that it had, every time that it was there."""

    number: str
    names: tuple[NameSince, ...]
    periods: tuple[Period, ...]

    @property
    def name(self) -> str:
        """The last name."""
        return self.names[-1].name

    def name_on(self, day: date) -> str:
        """The name on a day; before the first one, the first."""
        known = [each.name for each in self.names if each.from_on <= day]
        return known[-1] if known else self.names[0].name

    @property
    def borne(self) -> tuple[NameSince, ...]:
        """Its names: the first and the last, and of the others those that were not put right on the day that brought
        them."""
        between = zip(self.names[1:], self.names[2:], strict=False)
        return (self.names[0], *(each for each, then in between if then.from_on > each.from_on), *self.names[1:][-1:])

    def is_there(self, day: date) -> bool:
        """Whether it is of the office on a day."""
        return any(period.covers(day) for period in self.periods)


@dataclass(frozen=True, slots=True)
class Person(DirectoryEntry):
    """A person, with every login that named him."""

    accounts: tuple[HeldAccount, ...] = ()

    @property
    def is_erased(self) -> bool:
        """Whether his last name was erased by order."""
        return self.name == ERASED_NAME and not is_opened(self.name)

    @property
    def person_id(self) -> PersonId:
        """The number, which is never given to another person."""
        return self.number


@dataclass(frozen=True, slots=True)
class Department(DirectoryEntry):
    """A department, with its other names."""

    aliases: tuple[str, ...] = ()

    @property
    def last_day(self) -> date | None:
        """Its last day, where it has ended or is going to."""
        return self.periods[-1].until_on

    @property
    def department_id(self) -> DirectoryId:
        """The number, which is never given to another department."""
        return self.number


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person has for a period. `given` is the place of the event that gave it."""

    given: int
    person_id: PersonId
    role: DirectoryRole
    department_id: DirectoryId | None
    principal_id: PersonId | None
    period: Period


Entry = TypeVar("Entry", Person, Department)


@dataclass(frozen=True, slots=True)
class Named(Generic[Entry]):
    """Whom a text names: the one, or all who look alike where it cannot be told."""

    one: Entry | None
    look_alikes: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything that the events of the directory add up to."""

    persons: Mapping[PersonId, Person] = field(default_factory=dict)
    departments: Mapping[DirectoryId, Department] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    next_seq: int = 0

    def having(self, entry: Person | Department) -> Directory:
        """The directory with a person or a department as it is now."""
        if isinstance(entry, Person):
            return replace(self, persons={**self.persons, entry.number: entry})
        return replace(self, departments={**self.departments, entry.number: entry})

    def roles_on(self, person_id: PersonId, day: date) -> tuple[Grant, ...]:
        """The roles of a person on a day of the office."""
        return tuple(grant for grant in self.grants if grant.person_id == person_id and grant.period.covers(day))

    def roles_in(self, department_id: DirectoryId, day: date) -> tuple[Grant, ...]:
        """The roles in a department on a day of the office."""
        return tuple(each for each in self.grants if each.department_id == department_id and each.period.covers(day))

    def roles_at(self, person_id: PersonId, instant: datetime) -> tuple[Grant, ...]:
        """The roles of a person at an instant. What he has left by then, or gets later, is not among them."""
        return self.roles_on(person_id, office_day(instant))

    def has_role(self, person_id: PersonId, role: DirectoryRole, day: date) -> bool:
        """Whether a person has a role on a day."""
        return any(grant.role == role for grant in self.roles_on(person_id, day))

    def holders(self, role: DirectoryRole, day: date, department_id: DirectoryId | None = None) -> tuple[Person, ...]:
        """Who has a role on a day (in or over a department)."""
        return tuple(
            self.persons[grant.person_id]
            for grant in self.grants
            if grant.role == role and grant.department_id == department_id and grant.period.covers(day)
        )

    def superior_of(self, department: str, level: SuperiorLevel, on: date) -> Person | None:
        """The person whom what climbs to this level reaches for a department (by its number or any of its names).

        None where the department is not known, or nobody has the place on that day. The leader of the whole office is
        above every department, known or not.
        """
        if level == "principal_leader":
            return next(iter(self.holders(level, on)), None)
        found = self.department_named(department, on).one
        return next(iter(self.holders(level, on, found.department_id)), None) if found is not None else None

    def principals_of(self, person_id: PersonId, day: date) -> tuple[PersonId, ...]:
        """For whom a person may act as a deputy on a day."""
        return tuple(
            grant.principal_id
            for grant in self.roles_on(person_id, day)
            if grant.role == "deputy" and grant.principal_id is not None
        )

    def person_named(self, text: str, on: date) -> Named[Person]:
        """The person of the office whom a text names on a day: by number, or by the name of that day."""
        if (numbered := self.persons.get(text.strip())) is not None:
            return Named(numbered if numbered.is_there(on) else None)
        key = name_key(text)
        alike = (each for each in self.persons.values() if any(_is_key_of(key, name.name) for name in each.names))
        return _told_apart(each for each in alike if each.is_there(on) and _is_key_of(key, each.name_on(on)))

    def name_of(self, person: Person, on: date) -> str:
        """A person's name on a day, with his number where another one bears it."""
        name = person.name_on(on)
        return name if self.person_named(name, on).one == person else f"{name}（{person.number}）"

    def department_named(self, text: str, on: date) -> Named[Department]:
        """The department that a text names on a day: by number, by its name of that day, an alias, a former name."""
        if (numbered := self.departments.get(text.strip())) is not None:
            return Named(numbered if numbered.is_there(on) else None)
        key = name_key(text)
        there = [department for department in self.departments.values() if department.is_there(on)]
        now = [each for each in there if key in map(name_key, (each.name_on(on), *each.aliases))]
        return _told_apart(now or (each for each in there if any(name_key(name.name) == key for name in each.borne)))

    def ended_department(self, text: str, on: date) -> Department | None:
        """The department that a text names and that has ended by a day, where no other one bears the name then."""
        there = self.department_named(text, on)
        if there.one is not None or there.look_alikes:
            return None
        key, number = name_key(text), text.strip()
        alike = (
            each
            for each in self.departments.values()
            if each.periods[0].from_on <= on
            and not each.is_there(on)
            and (each.number == number or key in map(name_key, (*(name.name for name in each.borne), *each.aliases)))
        )
        return max(alike, key=lambda each: each.last_day or on, default=None)

    def names_of(self, department_id: DirectoryId, on: date) -> tuple[str, ...]:
        """Under which names what runs may know a department on a day: its own, then those that it had before, where no
        other department bears them."""
        department = self.departments[department_id]
        before = [each.name for each in department.borne if each.from_on <= on]
        still = [
            name
            for name in reversed(before)
            if department in (self.department_named(name, on).one, self.ended_department(name, on))
        ]
        return tuple(dict.fromkeys((department.name_on(on), *still)))

    def names_in(self, grants: Iterable[Grant], on: date, *roles: DirectoryRole) -> tuple[str, ...]:
        """Under which names what runs may know the departments in (or over) which grants give one of these roles."""
        numbers = (each.department_id for each in grants if each.role in roles)
        return tuple(dict.fromkeys(name for number in numbers if number for name in self.names_of(number, on)))

    def present_name(self, name: str, on: date) -> str:
        """The name on a day of a department that is called by one that it had before; any other name as it is."""
        found = self.department_named(name, on).one
        former = found is not None and any(same.name == name for same in found.borne)
        return found.name_on(on) if found is not None and former else name

    def person_of_account(self, account: str, on: date) -> Person | None:
        """The person whom a login names on a day."""
        return self.holder_of_account(account, Period(on, on))

    def last_holder(self, account: str, day: date) -> Person | None:
        """Who had a login last, by a day, whether he has it still or not."""
        told = [
            (held.period.from_on, person)
            for person in self.persons.values()
            for held in person.accounts
            if held.account == account and held.period.from_on <= day
        ]
        return max(told, key=lambda each: each[0])[1] if told else None

    def holder_of_account(self, account: str, period: Period) -> Person | None:
        """Whom a login names on some day of a period."""
        for person in self.persons.values():
            if any(held.account == account and held.period.meets(period) for held in person.accounts):
                return person
        return None


def _is_key_of(key: str, name: str) -> bool:
    """Whether a key is a person's name's; what is read instead of an erased name is nobody's."""
    return name_key(name) == key and is_opened(name)


def _told_apart(alike: Iterable[Entry]) -> Named[Entry]:
    found = tuple(alike)
    return Named(found[0]) if len(found) == 1 else Named(None, found)


def opened(entry: Entry, name: str, from_on: date) -> Entry:
    """A person or a department taken into the directory, or there again after it had been closed."""
    names = entry.names if entry.names and entry.name == name else (*entry.names, NameSince(name, from_on))
    return replace(entry, names=names, periods=(*entry.periods, Period(from_on)))
