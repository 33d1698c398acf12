"""A small office as a directory, and offices at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import get_args

from domain.clock import OFFICE_TIME
from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.draft import Draft, UnsoundChangeError
from domain.directory.events import DirectoryEvent
from domain.directory.ids import OF_A_DEPARTMENT, DirectoryRole
from domain.directory.person_name import PersonName, committed_name, name_file, person_names
from domain.directory.table import HEADS, DirectoryTable, TableRow

START = datetime(2018, 4, 25, 9, 0, tzinfo=OFFICE_TIME)
NEW_YEAR = date(2018, 1, 1)
ROLES: tuple[DirectoryRole, ...] = get_args(DirectoryRole)
NAMES = ("李红", "王伟", "张敏", "刘洋", "陈静", "Li Ming", "li ming", "李 红")


def draft_on(directory: Directory | None = None, at: datetime = START) -> Draft:
    """A draft of a directory (the empty one), made at an instant."""
    return Draft(directory or Directory(), at, "administrator:P0001", "request:1")


def day(month: int, of_month: int) -> date:
    """A day of 2018."""
    return date(2018, month, of_month)


def small_office() -> Directory:
    """Two departments, an administrator who heads one of them, its leader, its liaison, the head of the other."""
    draft = draft_on()
    organisation = changes.open_department(draft, "组织部", from_on=NEW_YEAR)
    changes.give_alias(draft, organisation, "组部")
    publicity = changes.open_department(draft, "宣传部", from_on=NEW_YEAR)
    people = [changes.open_person(draft, name, from_on=NEW_YEAR) for name in NAMES[:5]]
    for person, role, department in (
        (people[0], "administrator", None),
        (people[0], "head", organisation),
        (people[1], "leader_in_charge", organisation),
        (people[2], "liaison", organisation),
        (people[3], "head", publicity),
        (people[4], "principal_leader", None),
    ):
        changes.give_role(draft, person, role, department_id=department, from_on=NEW_YEAR)  # type: ignore[arg-type]
    return draft.directory


def table(*lines: str) -> DirectoryTable:
    """Lines of cells, parted by commas, as a table under the usual heads; the first one stands in row 2."""
    rows = (dict(zip(HEADS, line.split(","), strict=False)) for line in lines)
    return DirectoryTable("名册.xlsx", tuple(TableRow(f"第{at}行", row) for at, row in enumerate(rows, 2)))


def as_table(rows: list[dict[str, str]]) -> DirectoryTable:
    """Rows as they were exported, read again."""
    return DirectoryTable("名册.xlsx", tuple(TableRow(f"第{at}行", row) for at, row in enumerate(rows, 2)))


def committed(events: Sequence[DirectoryEvent], kept: dict[str, bytes] | None = None) -> list[DirectoryEvent]:
    """The events with commitments to their names; the files of the names go to `kept`, by their hashes."""
    files: dict[tuple[str, str], PersonName] = {}
    made = []
    for event in events:
        names = {}
        for field, name in person_names(event):
            key = getattr(event, "person_id", ""), str(name)
            salt = f"{len(files):032x}" + "5a" * 240
            names[field] = name if name.file else files.setdefault(key, committed_name(name, name_file(name, salt)))
        made.append(event.model_copy(update=names))
    if kept is not None:
        kept |= {name.file.sha256: name.unkept for name in files.values() if name.file and name.unkept}
    return made


def office_at_random(chance: random.Random, steps: int) -> Draft:
    """What an office may go through in a year: changes at random, those left out that the directory refuses."""
    draft = draft_on()
    for _ in range(steps):
        draft.at += timedelta(days=chance.randrange(4))
        with suppress(UnsoundChangeError):
            chance.choice(_CHANGES)(draft, chance)
    return draft


def _some_day(chance: random.Random) -> date:
    return NEW_YEAR + timedelta(days=chance.randrange(200))


def _open_person(draft: Draft, chance: random.Random) -> None:
    changes.open_person(draft, chance.choice(NAMES), from_on=_some_day(chance))


def _open_department(draft: Draft, chance: random.Random) -> None:
    changes.open_department(draft, chance.choice(("组织部", "宣传部", "IT部", "It部")), from_on=_some_day(chance))


def _return(draft: Draft, chance: random.Random) -> None:
    persons = list(draft.directory.persons.values())
    if persons:
        person = chance.choice(persons)
        changes.open_person(draft, person.name, person.person_id, _some_day(chance))


def _on_person(change: Callable[[Draft, str, random.Random], object]) -> Callable[[Draft, random.Random], None]:
    def changed(draft: Draft, chance: random.Random) -> None:
        if draft.directory.persons:
            change(draft, chance.choice(list(draft.directory.persons)), chance)

    return changed


def _on_department(change: Callable[[Draft, str, random.Random], object]) -> Callable[[Draft, random.Random], None]:
    def changed(draft: Draft, chance: random.Random) -> None:
        if draft.directory.departments:
            change(draft, chance.choice(list(draft.directory.departments)), chance)

    return changed


def _give(draft: Draft, person: str, chance: random.Random) -> None:
    role, first = chance.choice(ROLES), _some_day(chance)
    departments = list(draft.directory.departments)
    if role in OF_A_DEPARTMENT and not departments:
        return
    last = first + timedelta(days=chance.randrange(60)) if chance.random() < 0.5 or role == "deputy" else None
    changes.give_role(
        draft,
        person,
        role,
        department_id=chance.choice(departments) if role in OF_A_DEPARTMENT else None,
        principal_id=chance.choice(list(draft.directory.persons)) if role == "deputy" else None,
        from_on=first,
        until_on=last,
    )


def _take(draft: Draft, person: str, chance: random.Random) -> None:
    on = _some_day(chance)
    for grant in draft.directory.roles_on(person, on)[:1]:
        about = {"department_id": grant.department_id, "principal_id": grant.principal_id}
        changes.take_role(draft, person, grant.role, **about, until_on=on)


_CHANGES: tuple[Callable[[Draft, random.Random], None], ...] = (
    _open_person,
    _open_person,
    _open_department,
    _return,
    _on_person(lambda draft, who, chance: changes.rename_person(draft, who, chance.choice(NAMES), _some_day(chance))),
    _on_person(lambda draft, who, chance: changes.close_person(draft, who, _some_day(chance))),
    _on_person(
        lambda draft, who, chance: changes.give_account(draft, who, f"os:{chance.randrange(4)}", _some_day(chance))
    ),
    _on_person(
        lambda draft, who, chance: changes.take_account(draft, who, f"os:{chance.randrange(4)}", _some_day(chance))
    ),
    _on_person(_give),
    _on_person(_give),
    _on_person(_give),
    _on_person(_take),
    _on_department(lambda draft, which, chance: changes.rename_department(draft, which, f"新{chance.randrange(9)}部")),
    _on_department(lambda draft, which, chance: changes.close_department(draft, which, _some_day(chance))),
    _on_department(lambda draft, which, chance: changes.give_alias(draft, which, f"别名{chance.randrange(5)}")),
    _on_department(lambda draft, which, chance: changes.take_alias(draft, which, f"别名{chance.randrange(5)}")),
)
