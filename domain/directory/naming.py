"""Which person of the directory an actor is: rules of two persons compare numbers, and names only where there is no
directory."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

from domain.actors import Actor, spoken
from domain.clock import OFFICE_TIME
from domain.directory.directory import Directory
from domain.directory.ids import PersonId
from domain.errors import BrokenRuleError
from domain.frozen import Frozen


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
    department has a number where the directory knows his name.

    Raises:
        NotOnePersonError: a name is nobody's, or several people's.
    """
    changed: dict[str, Any] = {}
    for name, value in command:
        if isinstance(value, Actor):
            mine = own if name == "by" else None
            if name == "by" and mine is None:
                must_be_of_its_department(value, directory, at)
            known = second_person(value, directory, at) if name == _SECOND else numbered(value, directory, at, mine)
            if known != value:
                changed[name] = known
    return command.model_copy(update=changed) if changed else command


def second_person(actor: Actor, directory: Directory, at: datetime) -> Actor:
    """Whoever confirms beside the one who acts, with his number: one of the supervision section, as soon as the
    directory knows whom it has.

    Raises:
        NotOnePersonError: he is nobody there, several, or has another role.
    """
    known, day = numbered(actor, directory, at), at.astimezone(OFFICE_TIME).date()
    there = {person.person_id for person in directory.holders("operator", day)}
    if there and known.person_id not in there:
        raise NotOnePersonError(name=spoken(str(actor)), why=f"{day} 不是名册里的督查人员，不能确认")
    return known


def numbered(actor: Actor, directory: Directory, at: datetime, own: PersonId | None = None) -> Actor:
    """One who acts, with his number: his `own` where it is known who is signed in (raises as `with_persons`)."""
    return actor.model_copy(update={"person_id": own or _person_of(actor, directory, at)})


def _person_of(actor: Actor, directory: Directory, at: datetime) -> PersonId | None:
    if actor.role == "engine" or actor.name == actor.department:
        return None
    day = at.astimezone(OFFICE_TIME).date()
    found = directory.person_named(actor.name, day)
    if found.one is not None:
        return found.one.person_id
    if actor.role == "operator" and found.look_alikes:
        raise NotOnePersonError(name=spoken(str(actor)), why="在名册里有几位，分不清是哪一位")
    if actor.role == "operator" and directory.holders("operator", day):
        raise NotOnePersonError(name=spoken(str(actor)), why=f"{day} 不在名册里")
    return None


def must_be_of_its_department(actor: Actor, directory: Directory, at: datetime) -> None:
    """Refuse a person who is named as one of a department and is none, as soon as the directory knows whom it has.

    Raises:
        NotOnePersonError: he is nobody there, or another department's.
    """
    day = at.astimezone(OFFICE_TIME).date()
    department = directory.department_named(actor.department or "", day).one
    if department is None or actor.name == actor.department:
        return
    grants = (each for each in directory.grants if each.department_id == department.department_id)
    people = {each.person_id for each in grants if each.period.covers(day)}
    found = directory.person_named(actor.name, day).one
    if people and (found is None or found.person_id not in people):
        raise NotOnePersonError(name=actor.name, why=f"{day} 不是名册里{department.name_on(day)}的人员")
