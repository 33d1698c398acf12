"""Which person of the directory an actor is: rules of two persons compare numbers, and names only where there is no
directory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final, TypeVar

from domain.actors import Actor, spoken
from domain.clock import office_day
from domain.directory.directory import Directory, Person
from domain.directory.ids import IN_A_DEPARTMENT, ROLE_WORDS, DirectoryRole, PersonId
from domain.directory.person_name import is_opened
from domain.errors import BrokenRuleError
from domain.frozen import Frozen
from domain.names import same_name


class EndedDepartmentError(BrokenRuleError, rule="department_is_there"):
    """A department that has ended acts no more, whoever writes its name."""

    says = (
        "{name}已于 {until_on} 撤销，不能再办理：请由接办的部门办理；任务还没有移交的，请督查人员先改由接办的部门承办。"
    )
    name: str
    until_on: date


class NotOnePersonError(BrokenRuleError, rule="actors_are_persons"):
    """Whoever is named in an act of the supervision section is one person of the directory."""

    says = "“{name}”{why}：请写名册里的姓名或编号，或请管理员先登记。"
    name: str
    why: str


_SECOND: Final = "confirmed_by"
"""Where an act says who confirms it beside the one who gives it."""
Naming = TypeVar("Naming", bound=Frozen)
"""A command, or anything else that names actors in its fields."""


def with_persons(command: Naming, directory: Directory, at: datetime, own: PersonId | None = None) -> Naming:
    """The command with the number of every person whom it names; `own` is that of the one who is signed in.

    A person of the supervision section must be in the directory as soon as it knows such persons; somebody of a
    department has a number where the directory knows his name. Whoever is named to end something (the command's `ends`)
    may have left.

    Raises:
        NotOnePersonError: a name is nobody's, or several people's.
    """
    ends: frozenset[str] = getattr(type(command), "ends", frozenset())
    changed: dict[str, Any] = {}
    for name, value in command:
        if isinstance(value, Actor):
            mine = own if name == "by" else None
            if name == "by" and mine is None:
                must_be_of_its_department(value, directory, at)
            if name in ends:
                known = _whenever_there(value, directory, office_day(at))
            elif name == _SECOND:
                known = second_person(value, directory, at)
            else:
                by_himself = name == "by" and getattr(command, "on_behalf_of", None) is None
                known = (acting if by_himself else numbered)(value, directory, at, mine)
            if known != value:
                changed[name] = known
    return command.model_copy(update=changed) if changed else command


def acting(actor: Actor, directory: Directory, at: datetime, own: PersonId | None = None) -> Actor:
    """One who acts by himself, with his number as `numbered` gives it: whoever is named as one of the supervision
    section has no past role there, and not one of a department alone (raises as `with_persons`)."""
    known, day = numbered(actor, directory, at, own), office_day(at)
    person = directory.persons.get(known.person_id or "") if own is None and actor.role == "operator" else None
    if person is None:
        return known
    roles = {grant.role for grant in directory.roles_on(person.person_id, day)}
    if roles <= IN_A_DEPARTMENT and any(each.person_id == person.person_id for each in directory.grants):
        why = f"{day} 在名册里没有任职，不是督查人员，不能办理督查人员的事"
        if roles:
            why = f"在名册里是{_what_he_is(person, directory, day)}，不是督查人员，不能办理督查人员的事"
        raise NotOnePersonError(name=spoken(str(known)), why=why)
    return known


def second_person(actor: Actor, directory: Directory, at: datetime) -> Actor:
    """Whoever confirms beside the one who acts, with his number: one of the supervision section, as soon as the
    directory knows whom it has.

    Raises:
        NotOnePersonError: he is nobody there, several, or has another role.
    """
    known, day = numbered(actor, directory, at), office_day(at)
    there = {person.person_id for person in directory.holders("operator", day)}
    if there and known.person_id not in there:
        raise NotOnePersonError(name=spoken(str(actor)), why=f"{day} 不是名册里的督查人员，不能确认")
    return known


def numbered(actor: Actor, directory: Directory, at: datetime, own: PersonId | None = None) -> Actor:
    """One who acts, with his number: his `own` where it is known who is signed in (raises as `with_persons`).

    Whoever is named by his number gets his name; the number that stands beside a name tells which of several it is.
    """
    if own is not None:
        return actor.having(person_id=own)
    day = office_day(at)
    return _with_number(actor, _person_of(actor, directory, day), day)


def person_among(name: str, roles: Collection[DirectoryRole], directory: Directory, day: date) -> Person | None:
    """The person in one of these roles whom a name or a number means; none in an office where nobody has them.

    Raises:
        NotOnePersonError: he is nobody there, several, or has another role.
    """
    may = {each.person_id for each in directory.grants if each.role in roles and each.period.covers(day)}
    if not may:
        return None
    found = directory.person_named(name, day)
    if found.look_alikes:
        raise NotOnePersonError(name=name, why=which_of(found.look_alikes, directory, day))
    if found.one is None or found.one.person_id not in may:
        raise NotOnePersonError(name=name, why=f"{day} 不是名册里的{'或'.join(ROLE_WORDS[role] for role in roles)}")
    return found.one


def which_of(alike: Iterable[Person], directory: Directory, day: date) -> str:
    """What is asked where several persons bear one name: each by number, with what he is on that day."""
    told = "、".join(f"{each.name_on(day)}（{each.number}，{_what_he_is(each, directory, day)}）" for each in alike)
    return f"在名册里不止一位：{told}，分不清是哪一位"


def _what_he_is(person: Person, directory: Directory, day: date) -> str:
    if not person.is_there(day):
        return "已离开"
    grants, words = directory.roles_on(person.person_id, day), dict[str, None]()
    for grant in grants:
        department = directory.departments.get(grant.department_id or "")
        words[(department.name_on(day) if department else "") + ROLE_WORDS[grant.role]] = None
    return "、".join(words) or "没有任职"


def _with_number(actor: Actor, person: Person | None, day: date) -> Actor:
    if person is None:
        return actor.having(person_id=None)
    name = person.name_on(day)
    is_number = actor.name == person.number and is_opened(name)
    return actor.model_copy(update={"person_id": person.person_id} | ({"name": name} if is_number else {}))


def _person_of(actor: Actor, directory: Directory, day: date) -> Person | None:
    if actor.role == "engine" or actor.name == actor.department:
        return None
    alike = _alike(actor, directory, day)
    if len(alike) == 1:
        return alike[0]
    of_the_section, there = actor.role == "operator", _people_of(actor, directory, day)
    if alike and (of_the_section or any(each.person_id in there for each in alike)):
        raise NotOnePersonError(name=spoken(str(actor)), why=which_of(alike, directory, day))
    if of_the_section and directory.holders("operator", day):
        raise NotOnePersonError(name=spoken(str(actor)), why=f"{day} 不在名册里")
    return None


def _alike(actor: Actor, directory: Directory, day: date) -> tuple[Person, ...]:
    """Everybody of that day whom an actor's name may mean; those of his department, where there are any."""
    if actor.person_id is not None:
        said = directory.person_named(actor.person_id, day).one
        if said is not None and same_name(said.name_on(day), actor.name):
            return (said,)
    found = directory.person_named(actor.name, day)
    alike = found.look_alikes if found.one is None else (found.one,)
    there = _people_of(actor, directory, day)
    return tuple(each for each in alike if each.person_id in there) or alike


def _whenever_there(actor: Actor, directory: Directory, day: date) -> Actor:
    """One whom an act names to end something, with his number, whenever he was there and under whatever name; without
    one where the directory never knew him."""
    if actor.name == actor.department:
        return actor
    said = directory.persons.get(actor.person_id or actor.name)
    persons = directory.persons.values() if said is None else (said,)
    alike = [each for each in persons if actor.name == each.number or _ever_was(each, actor.name)]
    if len(alike) > 1:
        raise NotOnePersonError(name=spoken(str(actor)), why=which_of(alike, directory, day))
    return _with_number(actor, alike[0] if alike else None, day)


def _ever_was(person: Person, name: str) -> bool:
    return any(is_opened(each.name) and same_name(each.name, name) for each in person.names)


def _people_of(actor: Actor, directory: Directory, day: date, *, ever: bool = False) -> frozenset[PersonId]:
    department = directory.department_named(actor.department, day).one if actor.department is not None else None
    if department is None:
        return frozenset()
    grants = (each for each in directory.grants if each.department_id == department.department_id)
    had = (each for each in grants if each.period.covers(day) or (ever and each.period.from_on <= day))
    return frozenset(each.person_id for each in had)


def must_be_of_its_department(actor: Actor, directory: Directory, at: datetime) -> None:
    """Refuse a person who is named as one of a department and is none, as soon as the directory knows, or knew, whom it
    has: where all have left, nobody is, and for a department that has ended nobody acts.

    Raises:
        EndedDepartmentError: the department has ended.
        NotOnePersonError: he is nobody there, another department's, or one of several.
    """
    day = office_day(at)
    if actor.department is not None and (ended := directory.ended_department(actor.department, day)):
        raise EndedDepartmentError(name=ended.name, until_on=ended.last_day or day)
    if actor.name == actor.department or not _people_of(actor, directory, day, ever=True):
        return
    people = _people_of(actor, directory, day)
    person = _person_of(actor, directory, day)
    if person is None or person.person_id not in people:
        department = directory.department_named(actor.department or "", day).one
        named = department.name_on(day) if department else actor.department
        raise NotOnePersonError(name=actor.name, why=f"{day} 不是名册里{named}的人员")
