"""A file that was shown as evidence, or the name of a person, is erased by order, by two persons. What proves it stays:
its hash in the entries, and who had it erased, by which order. Nothing that proves an act is erased."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from application.office.attesting import Attestor, Giver
from application.office.named_givers import must_be_no_department
from application.office.office_acts import attested_office_act
from application.office.open_texts import must_be_open_here
from application.records import Records
from domain.actors import operator
from domain.clock import office_day
from domain.directory.changes import person_of_the_past
from domain.directory.directory import Directory, Person
from domain.directory.events import DIRECTORY_STREAM
from domain.directory.evolution import fold
from domain.directory.ids import DirectoryRole, PersonId
from domain.directory.naming import person_among
from domain.directory.person_name import person_names
from domain.errors import BrokenRuleError, RejectedError
from domain.evidence import evidence_files
from domain.names import name_key
from domain.record.erasures import ERASURES_STREAM, Erasure, erasures
from domain.record.recorded_directory import directory_events, recorded_directory


class ErasedByTwoError(BrokenRuleError, rule="erased_by_two"):
    """What is erased cannot be brought back: two persons do it."""

    says = "依令删除须两人：请写明确认人，确认人不能是办理人。"


class NotErasableError(RejectedError, rule="shown_evidence"):
    """Only a file that somebody showed as evidence is erased: never what proves an act, a history or a paper."""


class StillHereError(BrokenRuleError, rule="erased_after_leaving"):
    """A name is erased when nobody needs it any more to say who acts."""

    says = "{person_id} 在 {on} 还没有离开或者还有任职：请先办理离开，次日起再删除姓名。"
    person_id: str
    on: date


MAY_ERASE: Final[tuple[DirectoryRole, ...]] = ("operator", "administrator")


@dataclass(frozen=True, slots=True)
class Erasing:
    """Which file is to be erased, by which order, by whom, and who confirms it."""

    sha256: str
    order: str
    by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class ErasingPerson:
    """Whose name is to be erased (by number or name), by which order, by whom, and who confirms it."""

    who: str
    order: str
    by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """The number of one whose name was erased, and each erasure: one for every name that he had."""

    person_id: PersonId
    erased: tuple[Erasure, ...]


async def erase_evidence(records: Records, attestor: Attestor, giver: Giver, erasing: Erasing, at: datetime) -> Erasure:
    """Say in the ledger that a file is erased, then erase it; asked again, it is finished and not said twice.

    Raises:
        NotErasableError: no event shows it as evidence, or one needs it as a proof.
        ClassifiedError: the order bears a classification mark, or a word that a policy refuses.
        ErasedByTwoError: the one who confirms is the one who asks.
        NotAnOperatorError: one of them is a department.
        NotOnePersonError: one of them is nobody in the directory who may.
        DubanError: it cannot be attested, recorded or removed.
    """
    await must_be_no_department(records, operator(erasing.by), operator(erasing.confirmed_by))
    await must_be_open_here(records, (erasing.order,))
    if erasing.sha256 not in await asyncio.to_thread(erasures, records.ledger):
        await asyncio.to_thread(_must_be_shown, records, erasing.sha256)
    return await _erased(records, attestor, giver, erasing, at)


async def erase_person(
    records: Records, attestor: Attestor, giver: Giver, erasing: ErasingPerson, at: datetime
) -> ErasedPerson:
    """Erase every name of a person who has left, as evidence is erased: his number and what proves it stay.

    Raises:
        NotInDirectoryError: the text names nobody, or several.
        StillHereError: he has not left, or has a role yet.
        DubanError: as for `erase_evidence`.
    """
    await must_be_no_department(records, operator(erasing.by), operator(erasing.confirmed_by))
    await must_be_open_here(records, (erasing.order,))
    person, files = await asyncio.to_thread(erasable_person, records, erasing.who, at)
    done = []
    for sha256 in files:
        one = Erasing(sha256, erasing.order, erasing.by, erasing.confirmed_by)
        done.append(await _erased(records, attestor, giver, one, at))
    return ErasedPerson(person.person_id, tuple(done))


def erasable_person(records: Records, who: str, at: datetime) -> tuple[Person, tuple[str, ...]]:
    """A person whose name may be erased, with the hashes of the files that have it (raises as `erase_person`)."""
    events = list(directory_events(records.ledger, records.evidence))
    directory, day = fold(events), office_day(at)
    person = person_of_the_past(directory, who, day)
    periods = [*person.periods, *(each.period for each in directory.grants if each.person_id == person.person_id)]
    last = max((period.until_on or date.max for period in periods), default=date.min)
    if last >= day:
        raise StillHereError(person_id=person.person_id, on=day)
    theirs = (event for event in events if getattr(event, "person_id", None) == person.person_id)
    named = (name.file for event in theirs for _, name in person_names(event))
    return person, tuple(dict.fromkeys(file.sha256 for file in named if file is not None))


async def _erased(records: Records, attestor: Attestor, giver: Giver, erasing: Erasing, at: datetime) -> Erasure:
    known = await asyncio.to_thread(erasures, records.ledger)
    if (done := known.get(erasing.sha256)) is None:
        directory = await asyncio.to_thread(recorded_directory, records.ledger, records.evidence)
        done = _by_two(directory, erasing, at)
        await records.log.open()
        await records.doors.open()
        command = {"type": "EraseEvidence", "sha256": done.sha256, "order": done.order, "by": done.by}
        command["confirmed_by"] = done.confirmed_by
        file = await attested_office_act(attestor, giver, ERASURES_STREAM, command)
        await records.log.record_erasure(done, file)
    await records.evidence.erase(erasing.sha256)
    return done


def _must_be_shown(records: Records, sha256: str) -> None:
    named = False
    for entry in records.ledger.entries():
        if not any(blob["sha256"] == sha256 for blob in entry.event["blobs"]):
            continue
        if entry.stream == DIRECTORY_STREAM:
            raise NotErasableError("这是人员的姓名：请在名册里办理删除姓名。", sha256=sha256)
        if sha256 not in {file.sha256 for file in evidence_files(entry.event["data"].get("evidence") or ())}:
            raise NotErasableError(
                f"{sha256} 是办理的证明、历史或公文，不是佐证：不能删除，请核对摘要。", sha256=sha256
            )
        named = True
    if not named:
        raise NotErasableError(
            f"台账里没有记过这份佐证（摘要 {sha256[:12]}…）：请核对是不是当时交的原件。", sha256=sha256
        )


def _by_two(directory: Directory, erasing: Erasing, at: datetime) -> Erasure:
    first, second = (_person(directory, name, at) for name in (erasing.by, erasing.confirmed_by))
    one = first == second if first and second else name_key(erasing.by) == name_key(erasing.confirmed_by)
    if one:
        raise ErasedByTwoError
    return Erasure(
        sha256=erasing.sha256,
        order=erasing.order,
        # The entry stays for ever: who has a number is named by it.
        by=first or erasing.by,
        confirmed_by=second or erasing.confirmed_by,
        by_person=first,
        confirmed_person=second,
    )


def _person(directory: Directory, name: str, at: datetime) -> PersonId | None:
    """The number of one who may erase: a supervisor or an administrator; none in an office without a directory."""
    person = person_among(name, MAY_ERASE, directory, office_day(at))
    return None if person is None else person.person_id
