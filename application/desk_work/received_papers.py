"""The papers that a department has received, and whether somebody of it has opened them at the desk."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.accounts.accounts import Accounts
from application.office.message_receipts import paper_was_opened
from application.records import Records
from domain.accounts.account import department_key
from domain.accounts.desk_items import PaperRead
from domain.actors import department as at_department
from domain.directory.signed_in import SignedIn
from domain.ids import DepartmentId
from domain.paging import WHOLE, Part, Stretch, latest_first
from domain.ports.outbox import OutboxItem

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ReceivedPaper:
    """A paper that went out to a department, and who of it opened it first; nobody so far where there is none."""

    item: OutboxItem
    read: PaperRead | None


@dataclass(frozen=True, slots=True)
class Received:
    """A page of the papers of a department, how many there are on all pages, where it lies, and how many nobody of it
    has opened."""

    papers: tuple[ReceivedPaper, ...]
    count: int
    lies: Stretch
    unread: int


async def received(
    records: Records,
    accounts: Accounts,
    department: DepartmentId,
    *,
    unread: bool = False,
    part: Part = WHOLE,
) -> Received:
    """The papers that went out to a department (of those that nobody opened), the newest first."""
    every = await asyncio.to_thread(records.outbox.received, department)
    opened_ones = set(await accounts.store.read(lambda rows: rows.keys(PaperRead, department_key(department))))
    new = [each for each in every if _key(department, each) not in opened_ones] if opened_ones else every
    asked = new if unread else every
    # Its place is how many came before it: a paper that comes, or is opened, moves no other one.
    places = {each: f"{earlier:08d}" for earlier, each in enumerate(reversed(every))}
    shown, lies = latest_first(asked, part, places.__getitem__)
    return Received(await _papers(records, accounts, department, shown), len(asked), lies, len(new))


async def opened(
    records: Records, accounts: Accounts, department: DepartmentId, paper_id: str, by: SignedIn, now: datetime
) -> ReceivedPaper | None:
    """One paper, which from now on has been read where the department is answered for by the one who opens it; none
    where the department has not received it."""
    found = await _papers(records, accounts, department, [paper_id])
    paper = found[0] if found else None
    if paper is None or paper.read is not None or department not in by.reads_for:
        return paper
    key = _key(department, paper_id)
    read = PaperRead(
        key=key, owner=department_key(department), department=department, paper_id=paper_id, by=by.name, read_at=now
    )
    if paper.item.digest_id is not None:
        # The record first: where it is away, the next opening tells it, and skips the messages that know.
        who = str(at_department(department, by.name))
        await paper_was_opened(records, paper.item.digest_id, paper_id, who, now)
    await accounts.store.change(lambda rows: None if rows.one(PaperRead, key) else rows.put(read))
    return ReceivedPaper(paper.item, read)


async def _papers(
    records: Records, accounts: Accounts, department: DepartmentId, paper_ids: Sequence[str]
) -> tuple[ReceivedPaper, ...]:
    parts = [paper_ids[at : at + _AT_ONCE] for at in range(0, len(paper_ids), _AT_ONCE)]
    found: list[OutboxItem] = []
    for part in parts:
        found += await asyncio.to_thread(records.outbox.items_of, part, department)
    sent = {item.numbered.paper.paper_id: item for item in found if item.state == "sent"}
    return await with_readings(accounts, [sent[each] for each in paper_ids if each in sent])


async def with_readings(accounts: Accounts, items: Sequence[OutboxItem]) -> tuple[ReceivedPaper, ...]:
    """Papers, each with who opened it first at the desk of its addressee."""
    keys = [_key(item.addressee, item.numbered.paper.paper_id) for item in items]
    reads = await accounts.store.read(lambda rows: [rows.one(PaperRead, key) for key in keys])
    return tuple(map(ReceivedPaper, items, reads))


def _key(department: DepartmentId, paper_id: str) -> str:
    return hashlib.sha256(f"{department}\n{paper_id}".encode()).hexdigest()
