"""The directory as every screen keeps it: looked at, changed by an administrator, taken from a table, given as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from application.office.attesting import Attestor, Giver
from application.office.directory_stream import append_to_directory, committed
from application.office.office_acts import attested_office_act
from application.office.open_texts import must_be_open_here
from application.office.register import RegisterDesk
from application.records import Records
from domain.acts.attestation import bound_to
from domain.clock import office_day
from domain.directory.authority import ADMINISTRATOR_PREFIX, acting_administrator, must_keep_an_administrator
from domain.directory.directory import Directory, Person
from domain.directory.draft import Draft
from domain.directory.events import (
    DIRECTORY_STREAM,
    AliasTaken,
    DepartmentClosed,
    DirectoryEvent,
    all_in_words,
    changes_digest,
)
from domain.directory.former_names import FormerNameInUseError, taken_former_names
from domain.directory.ids import DirectoryId
from domain.directory.importing import ImportPlan, planned_import
from domain.directory.soundness import shown
from domain.directory.table import DirectoryTable, not_in_rows, rows_of
from domain.evidence import EvidenceFile
from domain.names import same_name
from domain.ports.register import DutyQuery
from domain.record.recorded_directory import recorded_directory

Change = Callable[[Draft], object]
"""What an administrator does to a draft of the directory (`domain/directory/changes.py`)."""
Attest = Callable[[Person, dict[str, Any], str], Awaitable[EvidenceFile]]
"""Attests a change (its command, and the nonce that binds it to its request) as the administrator who makes it."""
_NOBODY_YET = ADMINISTRATOR_PREFIX + "?"


@dataclass(frozen=True, slots=True)
class AskedChange:
    """Who asks for a change (by number or name), at which instant of the office, as which request."""

    by: str
    at: datetime
    request_id: str
    attest: Attest | None = None
    """The door through which it is asked; without one the change stands without an attestation, and the verifier says
    so wherever doors are open."""
    takes_over: bool = False
    """Whether it is said that a department which takes another's former name takes over what runs under it."""

    @property
    def day(self) -> date:
        """The day of the office."""
        return office_day(self.at)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was recorded, and the directory after it."""

    directory: Directory
    events: tuple[DirectoryEvent, ...]
    left: tuple[str, ...] = ()
    """Sentences about duties of departments that it ends."""

    @property
    def changes(self) -> tuple[str, ...]:
        """Each change as a sentence, in order."""
        return all_in_words(self.directory, self.events)


@dataclass(frozen=True, slots=True)
class Exported:
    """The directory as rows, and sentences about what no row says."""

    rows: list[dict[str, str]]
    left_out: tuple[str, ...]


async def directory_of(records: Records) -> Directory:
    """The directory as the ledger has it now."""
    return await asyncio.to_thread(recorded_directory, records.ledger, records.evidence)


async def preview_import(
    records: Records, table: DirectoryTable, at: datetime, *, takes_over: bool = False
) -> ImportPlan:
    """What a table would change; nothing is.

    Raises:
        UnsoundTableError: it cannot be taken; the sentences name the rows.
        FormerNameInUseError: it gives a department a name under which another one's duties run.
    """
    plan = await asyncio.to_thread(previewed, await directory_of(records), table, at)
    if not takes_over:
        await _must_take_over_nothing(records, plan.after, plan.events, at)
    left = await _left_behind(records, plan.after, plan.events, at)
    return replace(plan, remarks=(*plan.remarks, *left))


def previewed(directory: Directory, table: DirectoryTable, at: datetime) -> ImportPlan:
    """What a table would change of a directory.

    Raises:
        UnsoundTableError: it cannot be taken; the sentences name the rows.
    """
    return planned_import(table, Draft(directory, at, _NOBODY_YET, "request:preview"))


async def import_directory(records: Records, table: DirectoryTable, asking: AskedChange) -> tuple[ImportPlan, Changed]:
    """Take a table into the directory, whole; the same again changes nothing.

    Raises:
        UnsoundTableError: it cannot be taken; the sentences name the rows.
        RejectedError: the one who asks may not, or nobody would be left who may.
        StreamMovedError: somebody else changed the directory meanwhile; nothing was recorded.
    """
    plans: list[ImportPlan] = []
    changed = await change_directory(records, asking, lambda draft: plans.append(planned_import(table, draft)))
    return replace(plans[-1], remarks=(*plans[-1].remarks, *changed.left)), changed


async def change_directory(records: Records, asking: AskedChange, change: Change) -> Changed:
    """Make a change of the directory, whole or not at all.

    Raises:
        RejectedError: it contradicts what stands there, the one who asks may not, or nobody would be left who may.
        ClassifiedError: a name of it bears a classification mark, or a word that a policy refuses.
        FormerNameInUseError: it gives a department a name under which another one's duties run, and nobody said that
            it takes them over.
        StreamMovedError: somebody else changed the directory meanwhile; nothing was recorded.
    """
    before = await directory_of(records)
    drafted = await asyncio.to_thread(_drafted, before, asking, change, _NOBODY_YET)
    person = acting_administrator(before, drafted.directory, asking.by, asking.day)
    must_keep_an_administrator(before, drafted.directory, asking.day)
    if not drafted.events:
        return Changed(before, ())
    if not asking.takes_over:
        await _must_take_over_nothing(records, drafted.directory, drafted.events, asking.at)
    await must_be_open_here(records, _texts_of(drafted.events))
    await records.log.open()
    known = {"actor": ADMINISTRATOR_PREFIX + person.person_id}
    stands_so = committed(drafted.events)
    if asking.attest is not None:
        await records.doors.open()
        command = {"type": "ChangeDirectory", "changes": changes_digest(stands_so)}
        known["attested"] = str(await asking.attest(person, command, bound_to(asking.request_id)))
    events = tuple(event.model_copy(update=known) for event in stands_so)
    await append_to_directory(records.own_streams, records.evidence, events)
    return Changed(drafted.directory, events, await _left_behind(records, drafted.directory, events, asking.at))


def by_giver(attestor: Attestor, giver: Giver) -> Attest:
    """How a door attests changes of one who is signed in at it, or of the owner for the administrator he names."""

    async def attest(_: Person, command: dict[str, Any], nonce: str) -> EvidenceFile:
        return await attested_office_act(attestor, giver, DIRECTORY_STREAM, command, nonce)

    return attest


async def export_directory(records: Records) -> Exported:
    """The directory as rows."""
    directory = await directory_of(records)
    return Exported(rows_of(directory), not_in_rows(directory))


async def duties_left(
    register: RegisterDesk, directory: Directory, day: date, among: Iterable[DirectoryId] | None = None
) -> tuple[str, ...]:
    """What nobody will be able to act on: the open duties of each department that ends (`among` these; without them, of
    each that has ended by a day), as a sentence."""
    ended = (number for number, one in directory.departments.items() if one.last_day and not one.is_there(day))
    said: list[str] = []
    for number in sorted(ended if among is None else among):
        one = directory.departments[number]
        names = [
            each for each in directory.names_of(number, day) if directory.department_named(each, day).one in (None, one)
        ]
        if count := await _open_duties(register, *names):
            said.append(
                f"{one.name}到 {one.last_day} 为止撤销，还有 {count} 项在办任务没有移交：此后没有人能替它办理，"
                "请督查人员把它们一并移交接办的部门。"
            )
    return tuple(said)


async def _left_behind(
    records: Records, after: Directory, events: Iterable[DirectoryEvent], at: datetime
) -> tuple[str, ...]:
    closed = [event.department_id for event in events if isinstance(event, DepartmentClosed)]
    if not closed:
        return ()
    register = RegisterDesk(records.ledger, records.register, lambda: at)
    return await duties_left(register, after, office_day(at), closed)


async def _must_take_over_nothing(
    records: Records, after: Directory, events: Iterable[DirectoryEvent], at: datetime
) -> None:
    for name, before in taken_former_names(after, events):
        if count := await _open_duties(RegisterDesk(records.ledger, records.register, lambda: at), name):
            raise FormerNameInUseError(name=name, of=shown(before), duties=count)


async def _open_duties(register: RegisterDesk, *names: str) -> int:
    """How many open duties run under names, however they are spelled."""
    known = tuple(dict.fromkeys(each.department for each in await register.departments()))
    spelled = tuple(each for each in known if any(same_name(each, name) for name in names))
    return (await register.duties(DutyQuery(names=spelled, open=True, limit=1))).count if spelled else 0


def _texts_of(events: Iterable[DirectoryEvent]) -> list[str]:
    """What a change writes; an alias that is taken away again stands on record already."""
    new = (event for event in events if not isinstance(event, AliasTaken))
    return [text for event in new for _, text in event if isinstance(text, str)]


def _drafted(before: Directory, asking: AskedChange, change: Change, actor: str) -> Draft:
    draft = Draft(before, asking.at, actor, f"request:{asking.request_id}")
    change(draft)
    return draft
