"""A file that was shown as evidence is erased by order, by two persons. What proves it stays: its hash in the entries,
and who had it erased, by which order. Nothing that proves an act is erased."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.office.attesting import Attestor, Giver
from application.office.office_acts import attested_office_act
from application.records import Records
from domain.clock import OFFICE_TIME
from domain.directory.directory import Directory
from domain.directory.ids import DirectoryRole, PersonId
from domain.directory.naming import NotOnePersonError
from domain.errors import BrokenRuleError, RejectedError
from domain.evidence import evidence_files
from domain.names import name_key
from domain.record.erasures import ERASURES_STREAM, Erasure, erasures
from domain.record.recorded_directory import recorded_directory


class ErasedByTwoError(BrokenRuleError, rule="erased_by_two"):
    """What is erased cannot be brought back: two persons do it."""

    says = "删除佐证须两人：请用 --confirmed-by 写明确认人，确认人不能是办理人。"


class NotErasableError(RejectedError, rule="shown_evidence"):
    """Only a file that somebody showed as evidence is erased: never what proves an act, a history or a paper."""


MAY_ERASE: Final[tuple[DirectoryRole, ...]] = ("operator", "administrator")


@dataclass(frozen=True, slots=True)
class Erasing:
    """Which file is to be erased, by which order, by whom, and who confirms it."""

    sha256: str
    order: str
    by: str
    confirmed_by: str


async def erase_evidence(records: Records, attestor: Attestor, giver: Giver, erasing: Erasing, at: datetime) -> Erasure:
    """Say in the ledger that a file is erased, then erase it; asked again, it is finished and not said twice.

    Raises:
        NotErasableError: no event shows it as evidence, or one needs it as a proof.
        ErasedByTwoError: the one who confirms is the one who asks.
        NotOnePersonError: one of them is nobody in the directory who may.
        DubanError: it cannot be attested, recorded or removed.
    """
    known = await asyncio.to_thread(erasures, records.ledger)
    if (done := known.get(erasing.sha256)) is None:
        await asyncio.to_thread(_must_be_shown, records, erasing.sha256)
        done = await asyncio.to_thread(_by_two, recorded_directory(records.ledger), erasing, at)
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
        if sha256 not in {file.sha256 for file in evidence_files(entry.event["data"].get("evidence") or ())}:
            raise NotErasableError(f"{sha256} 是办理的证明、历史或公文，不是佐证：不能删除。", sha256=sha256)
        named = True
    if not named:
        raise NotErasableError(f"账本没有提到佐证 {sha256}：请核对摘要。", sha256=sha256)


def _by_two(directory: Directory, erasing: Erasing, at: datetime) -> Erasure:
    first, second = (_person(directory, name, at) for name in (erasing.by, erasing.confirmed_by))
    one = first == second if first and second else name_key(erasing.by) == name_key(erasing.confirmed_by)
    if one:
        raise ErasedByTwoError
    return Erasure(
        sha256=erasing.sha256,
        order=erasing.order,
        by=erasing.by,
        confirmed_by=erasing.confirmed_by,
        by_person=first,
        confirmed_person=second,
    )


def _person(directory: Directory, name: str, at: datetime) -> PersonId | None:
    """The number of one who may erase: a supervisor or an administrator; none in an office without a directory."""
    day = at.astimezone(OFFICE_TIME).date()
    may = {each.person_id for role in MAY_ERASE for each in directory.holders(role, day)}
    if not may:
        return None
    found = directory.person_named(name, day).one
    if found is None or found.person_id not in may:
        raise NotOnePersonError(name=name, why=f"{day} 不是名册里的督查人员或管理员")
    return found.person_id
