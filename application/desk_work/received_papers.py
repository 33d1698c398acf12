"""The papers that a department has received, and whether somebody of it has opened them at the desk."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.accounts.accounts import Accounts
from application.office.reading import paper_was_opened
from application.records import Records
from domain.accounts.desk_things import PaperRead
from domain.actors import department as at_department
from domain.directory.signed_in import SignedIn
from domain.ids import DepartmentId
from domain.ports.outbox import OutboxItem


@dataclass(frozen=True, slots=True)
class ReceivedPaper:
    """A paper that went out to a department, and who of it opened it first; nobody so far where there is none."""

    item: OutboxItem
    read: PaperRead | None


async def received(records: Records, accounts: Accounts, department: DepartmentId) -> list[ReceivedPaper]:
    """The papers that went out to a department, the newest first."""
    items = await asyncio.to_thread(records.outbox.items, department)
    reads = await _reads(accounts, department)
    return [
        ReceivedPaper(item, reads.get(item.numbered.paper.paper_id)) for item in reversed(items) if item.state == "sent"
    ]


async def opened(
    records: Records, accounts: Accounts, department: DepartmentId, paper_id: str, by: SignedIn, now: datetime
) -> ReceivedPaper | None:
    """One paper, which from now on has been read; none where the department has not received it."""
    found = await received(records, accounts, department)
    paper = next((each for each in found if each.item.numbered.paper.paper_id == paper_id), None)
    if paper is None or paper.read is not None:
        return paper
    key = hashlib.sha256(f"{department}\n{paper_id}".encode()).hexdigest()
    read = PaperRead(
        key=key, owner=_owner(department), department=department, paper_id=paper_id, by=by.name, read_at=now
    )
    await accounts.store.change(lambda rows: None if rows.one(PaperRead, key) else rows.put(read))
    if paper.item.digest_id is not None:
        who = str(at_department(department, by.name))
        await paper_was_opened(records, paper.item.digest_id, paper_id, who, now)
    return ReceivedPaper(paper.item, read)


async def _reads(accounts: Accounts, department: DepartmentId) -> Mapping[str, PaperRead]:
    found: Sequence[PaperRead] = await accounts.store.read(lambda rows: rows.every(PaperRead, _owner(department)))
    return {each.paper_id: each for each in found if each.department == department}


def _owner(department: DepartmentId) -> str:
    return f"department:{department}"
