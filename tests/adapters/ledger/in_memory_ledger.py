"""The in-memory fake of the ledger and the outbox: held to the same contract as the stores, so that it cannot lie."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from adapters.ledger.leaf_bytes import appended_of, event_in
from adapters.ledger.rows import EntryRow, ItemRow, KeptCheckpoint
from adapters.ledger.sql_rows import SqlRows
from adapters.ledger.transaction import Transaction, incident_of, prepare
from adapters.ledger.writer_clock import WriterClock
from domain.clock import VirtualClock
from domain.errors import LedgerConflictError
from domain.ids import DepartmentId, MilestoneId
from domain.papers.mail import Digest
from domain.papers.paper import NotSentReason, NumberedPaper, Paper, PaperKind
from domain.ports.ledger import Acceptance, Decision, LedgerEntry, Refusal
from domain.ports.outbox import OpenLine, OpenMail, OutboxItem
from domain.ports.vault import KeptFile
from domain.record.leaf import instant_of, leaf_instant
from tests.adapters.ledger.in_memory_register import InMemoryRegister, MemoryRegisterRows

T = TypeVar("T")


class MemoryRows:
    """Rows in lists."""

    def __init__(self) -> None:
        self.entries: list[EntryRow] = []
        self.papers: dict[str, tuple[NumberedPaper, int]] = {}
        self.items: list[dict[str, Any]] = []
        self.refusals: list[Refusal] = []
        self.acceptances: list[Acceptance] = []
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.checkpoints: dict[int, KeptCheckpoint] = {}
        self.cosignatures: dict[tuple[int, str], str] = {}
        self.clock: VirtualClock | None = None
        self.register = MemoryRegisterRows()

    def head(self) -> tuple[int, str]:
        return len(self.entries), appended_of(self.entries[-1].leaf) if self.entries else ""

    def hashes(self, stream: str, first: int, last: int) -> Sequence[tuple[int, bytes]]:
        return [
            (row.stream_seq, row.event_hash)
            for row in self.entries
            if row.stream == stream and first <= row.stream_seq <= last
        ]

    def stream_length(self, stream: str) -> int:
        return sum(row.stream == stream for row in self.entries)

    def add_entries(self, entries: Sequence[EntryRow]) -> None:
        self.entries.extend(entries)

    def has_paper(self, paper_id: str) -> bool:
        return paper_id in self.papers

    def last_sequence(self, kind: PaperKind, year: int) -> int:
        of_this = (each for each, _ in self.papers.values() if (each.paper.kind, each.paper.year) == (kind, year))
        return max((each.sequence for each in of_this), default=0)

    def directives(self, one_of: str, year: int) -> Sequence[tuple[int, Paper]]:
        known = [each for each, _ in self.papers.values() if each.paper.year == year]
        return [(each.sequence, each.paper) for each in known if each.paper.one_of == one_of]

    def add_paper(self, numbered: NumberedPaper, follows_seq: int) -> None:
        self.papers[numbered.paper.paper_id] = numbered, follows_seq

    def add_item(self, paper_id: str, addressee: DepartmentId, send_from: str) -> None:
        self.items.append(
            {"paper_id": paper_id, "addressee": addressee, "send_from": send_from, "state": "waiting"}
            | dict.fromkeys(("digest_id", "sent_at", "reason"))
        )

    def waiting_items_about(self, milestone_id: MilestoneId, before_seq: int) -> Sequence[tuple[ItemRow, str]]:
        found = []
        for number, item in enumerate(self.items):
            numbered, follows = self.papers[item["paper_id"]]
            paper = numbered.paper
            about = paper.milestone_id == milestone_id and paper.kind in {"reminder", "urge"} and follows < before_seq
            if about and item["state"] == "waiting":
                found.append((self._row(number), item["addressee"]))
        return found

    def withhold_item(self, item: int, reason: NotSentReason) -> None:
        self.items[item] |= {"state": "withheld", "reason": reason}

    def items_in(self, addressee: DepartmentId, digest_id: str) -> Sequence[ItemRow]:
        return [
            self._row(number)
            for number, item in enumerate(self.items)
            if (item["addressee"], item["digest_id"]) == (addressee, digest_id)
        ]

    def begun_digest(self, addressee: DepartmentId) -> str | None:
        claimed = (i["digest_id"] for i in self.items if (i["addressee"], i["state"]) == (addressee, "claimed"))
        return next(claimed, None)

    def due_items(self, addressee: DepartmentId, now: str) -> Sequence[tuple[ItemRow, Paper]]:
        return [
            (self._row(number), self.papers[item["paper_id"]][0].paper)
            for number, item in enumerate(self.items)
            if (item["addressee"], item["state"]) == (addressee, "waiting") and item["send_from"] <= now
        ]

    def sent_since(self, addressee: DepartmentId, since: str, besides: Collection[PaperKind]) -> int:
        sent = (
            self._row(number)
            for number, item in enumerate(self.items)
            if (item["addressee"], item["state"]) == (addressee, "sent") and item["sent_at"] >= since
        )
        return sum(row.kind not in besides for row in sent)

    def claim_items(self, addressee: DepartmentId, digest_id: str, now: str) -> None:
        for item in self.items:
            if (item["addressee"], item["state"]) == (addressee, "waiting") and item["send_from"] <= now:
                item |= {"state": "claimed", "digest_id": digest_id}

    def settle_items(self, items: Sequence[int], sent_at: str) -> None:
        for item in items:
            self.items[item] |= {"state": "sent", "sent_at": sent_at}

    def add_refusal(self, refusal: Refusal) -> None:
        if refusal not in self.refusals:
            self.refusals.append(refusal)

    def add_acceptance(self, acceptance: Acceptance) -> None:
        if all((known.stream, known.first) != (acceptance.stream, acceptance.first) for known in self.acceptances):
            self.acceptances.append(acceptance)

    def lines(self, table: str, first: int, count: int) -> Sequence[str]:
        kept: dict[str, Sequence[object]] = {"refusal": self.refusals, "acceptance": self.acceptances}
        rows = kept.get(table, list(self.papers.values()))
        return [repr(row) for row in rows[first : first + count]]

    def leaves_of(self, stream: str) -> Sequence[bytes]:
        return [row.leaf for row in self.entries if row.stream == stream]

    def last_leaf_of(self, stream: str) -> bytes | None:
        return next(iter(reversed(self.leaves_of(stream))), None)

    def add_tiles(self, tiles: Mapping[tuple[int, int], bytes]) -> None:
        self.tiles = {**tiles, **self.tiles}

    def add_checkpoint(self, checkpoint: KeptCheckpoint) -> None:
        self.checkpoints.setdefault(checkpoint.size, checkpoint)

    def add_cosignature(self, size: int, witness: str, line: str) -> None:
        self.cosignatures.setdefault((size, witness), line)

    def kept_clock(self) -> VirtualClock | None:
        return self.clock

    def keep_clock(self, clock: VirtualClock) -> None:
        self.clock = clock

    def _row(self, number: int) -> ItemRow:
        item = self.items[number]
        numbered = self.papers[item["paper_id"]][0]
        return ItemRow(number, item["paper_id"], numbered.number, numbered.paper.kind, item["state"])


class InMemoryLedger:
    """The ports `Ledger` and `Outbox` without a disk: for tests of what stands on them."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._clock = WriterClock(now)
        self._rows = MemoryRows()

    def _transact(self, work: Callable[[Transaction], T]) -> T:
        rows = copy.deepcopy(self._rows)
        result = work(Transaction(cast(SqlRows, rows), self._clock))
        self._rows = rows
        self._clock.committed()
        return result

    def register(self) -> InMemoryRegister:
        return InMemoryRegister(
            lambda: self._rows.register,
            lambda: [row.stream for row in self._rows.entries],
            lambda work: self._transact(lambda transaction: work(transaction.register, transaction.size)),
        )

    async def record(self, decision: Decision) -> None:
        prepared = prepare(decision)
        try:
            self._transact(lambda transaction: transaction.record(prepared))
        except LedgerConflictError as conflict:
            incident = incident_of(conflict)
            if incident is not None:
                self._transact(lambda transaction: transaction.append_own(incident))
            raise

    async def refuse(self, refusal: Refusal) -> None:
        self._transact(lambda transaction: transaction.refuse(refusal))

    async def settle_clock(self, clock: VirtualClock) -> VirtualClock:
        return self._transact(lambda transaction: transaction.settle_clock(clock))

    def clock(self) -> VirtualClock | None:
        return self._rows.clock

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        for row in self._rows.entries[after + 1 :]:
            if stream in {None, row.stream}:
                event = event_in(row.leaf)
                yield LedgerEntry(
                    position=row.seq,
                    event_id=event["id"],
                    stream=event["stream"],
                    stream_seq=event["seq"],
                    type=event["type"],
                    appended_at=instant_of(appended_of(row.leaf)),
                    event=event,
                )

    def newest(
        self, stream: str | None = None, *, before: int | None = None, beginning: str = ""
    ) -> Iterator[LedgerEntry]:
        there = (entry for entry in self.entries(stream) if entry.stream.startswith(beginning))
        found = [entry for entry in there if before is None or entry.position < before]
        return reversed(found)

    def streams(self) -> Sequence[str]:
        return list(dict.fromkeys(row.stream for row in self._rows.entries))

    def acceptances(self, stream: str | None = None) -> Sequence[Acceptance]:
        return [acceptance for acceptance in self._rows.acceptances if stream in {None, acceptance.stream}]

    def refusals(self, stream: str | None = None, *, since: datetime | None = None) -> Sequence[Refusal]:
        found = [refusal for refusal in self._rows.refusals if stream in {None, refusal.stream}]
        return [refusal for refusal in found if since is None or refusal.refused_at >= since]

    def events_as_known_at(self, stream: str, instant: datetime) -> Iterator[LedgerEntry]:
        return (entry for entry in self.entries(stream) if entry.event["decided"] <= leaf_instant(instant))

    async def waiting_for(self, addressee: DepartmentId, now: datetime) -> int:
        return sum(
            item["state"] == "claimed" or (item["state"] == "waiting" and item["send_from"] <= leaf_instant(now))
            for item in self._rows.items
            if item["addressee"] == addressee
        )

    async def claim(
        self,
        addressee: DepartmentId,
        digest_id: str,
        now: datetime,
        papers_per_month: int | None = None,
        also: Collection[DepartmentId] = (),
    ) -> Digest:
        claimed = self._transact(
            lambda transaction: transaction.claim(addressee, digest_id, now, papers_per_month, also)
        )
        return self.digest(addressee, claimed)

    def digest(self, addressee: DepartmentId, digest_id: str) -> Digest:
        papers = (self._rows.papers[row.paper_id][0] for row in self._rows.items_in(addressee, digest_id))
        return Digest(digest_id=digest_id, addressee=addressee, items=tuple(papers))

    async def settle(self, digest: Digest, sent_at: datetime, files: Sequence[KeptFile] = ()) -> None:
        self._transact(lambda transaction: transaction.settle(digest, sent_at, files))

    def open_mail(self) -> Sequence[OpenMail]:
        still = [item for item in self._rows.items if item["state"] in {"waiting", "claimed"}]
        counted = Counter((item["addressee"], item["state"]) for item in still)
        return [
            OpenMail(
                addressee=name,
                waiting=counted[name, "waiting"],
                claimed=counted[name, "claimed"],
                oldest_at=instant_of(min(item["send_from"] for item in still if item["addressee"] == name)),
            )
            for name in sorted({name for name, _ in counted})
        ]

    def items(self, addressee: DepartmentId | None = None) -> Sequence[OutboxItem]:
        return [
            OutboxItem(
                numbered=self._rows.papers[item["paper_id"]][0],
                addressee=item["addressee"],
                state=item["state"],
                digest_id=item["digest_id"],
                sent_at=instant_of(item["sent_at"]) if item["sent_at"] else None,
                reason=item["reason"],
            )
            for item in self._rows.items
            if addressee in {None, item["addressee"]}
        ]

    def received(self, addressee: DepartmentId) -> Sequence[str]:
        return [item.numbered.paper.paper_id for item in self.items(addressee)[::-1] if item.state == "sent"]

    def items_of(self, paper_ids: Sequence[str], addressee: DepartmentId | None = None) -> Sequence[OutboxItem]:
        return [item for item in self.items(addressee) if item.numbered.paper.paper_id in paper_ids]

    def open_lines(self) -> Sequence[OpenLine]:
        return [
            OpenLine(
                paper_id=item.numbered.paper.paper_id,
                addressee=item.addressee,
                send_from=item.numbered.paper.send_from,
            )
            for item in self.items()
            if item.state in ("waiting", "claimed")
        ]

    def papers(self, stream: str | None = None) -> Sequence[NumberedPaper]:
        return [
            numbered
            for numbered, _ in self._rows.papers.values()
            if stream in {None, numbered.paper.paper_id.rpartition("#")[0]}
        ]

    def close(self) -> None:
        pass
