"""The name of one who has left, erased by two persons at the desk or through the API: one prepares, one confirms."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.accounts.accounts import Accounts
from application.desk_work import by_two
from application.office.attesting import Giver
from application.office.erasing import ErasedPerson, ErasingPerson, erasable_person, erase_person
from application.office.office import Office
from domain.accounts.desk_items import PreparedByTwo
from domain.acts.rejections import ActNotAttestedError
from domain.clock import office_day
from domain.directory.directory import Person
from domain.directory.evolution import fold
from domain.directory.person_name import is_opened, person_names
from domain.directory.signed_in import SignedIn
from domain.record.erasures import Erasure, erasures
from domain.record.recorded_directory import directory_events


@dataclass(frozen=True, slots=True)
class NameErasures:
    """Who has left and has a name still, and whose names were erased: the number and how, one for each person."""

    left: Sequence[Person]
    erased: Sequence[tuple[str, Erasure]]


async def name_erasures(office: Office, at: datetime) -> NameErasures:
    """Who has left and has a name still, and whose names were erased."""
    return await asyncio.to_thread(_found, office, at)


def _found(office: Office, at: datetime) -> NameErasures:
    ledger, day = office.records.ledger, office_day(at)
    known, whose = erasures(ledger), dict[str, Erasure]()
    events = list(directory_events(ledger, office.records.evidence))
    for event in events:
        for _, name in person_names(event):
            if name.file is not None and name.file.sha256 in known:
                whose[str(getattr(event, "person_id", ""))] = known[name.file.sha256]
    last = ((each, each.periods[-1].until_on) for each in fold(events).persons.values() if is_opened(each.name))
    return NameErasures([person for person, until in last if until is not None and until < day], list(whose.items()))


async def prepare(
    office: Office, accounts: Accounts, who: str, order: str, by: SignedIn, now: datetime, at: datetime
) -> PreparedByTwo:
    """Prepare an erasure for another person to confirm; nothing is done. The same asked again by the same person is
    one.

    Raises:
        NotInDirectoryError: the text names nobody, or several.
        StillHereError: he has not left, or has a role yet.
    """
    person, _ = await asyncio.to_thread(erasable_person, office.records, who, at)
    key = by_two.key_of(person.person_id, by.account, order)
    return await by_two.prepare(accounts, "name_erasure", order, by, now, key, whose=person.person_id)


async def confirm(
    office: Office, accounts: Accounts, prepared: PreparedByTwo, giver: Giver, at: datetime
) -> ErasedPerson:
    """Erase the name as another person prepared it (raises as `erase_person`)."""
    if office.attestor is None or prepared.whose is None:
        raise ActNotAttestedError(detail="没有人登录")
    first, second = prepared.person_id or prepared.by, giver.by.person_id or giver.by.name
    erasing = ErasingPerson(prepared.whose, prepared.reason, first, second)
    done = await erase_person(office.records, office.attestor(), giver, erasing, at)
    await by_two.give_up(accounts, prepared.key, (prepared.what,))
    return done
