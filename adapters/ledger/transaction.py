"""What happens inside one transaction of the ledger, said once for every store.

A store gives the rows (`Rows`); the rules are here: which events are new, which number a paper gets, which items
must not go out any more, which receipt an item keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from adapters.ledger.leaf_bytes import (
    CanonicalEvent,
    canonical_event,
    canonical_leaf_event,
    event_in,
    leaf_hash,
    leaf_of,
)
from adapters.ledger.writer_clock import WriterClock
from domain.clock import VirtualClock
from domain.errors import LedgerConflictError
from domain.ids import DepartmentId, MilestoneId, event_id_for, mailbox_workflow_id
from domain.leaf import INCIDENT_STREAM, LOG_STREAM, leaf_instant, own_event
from domain.mail import Digest, NoticeSent, NoticeWithheld
from domain.papers import NotSentReason, NumberedPaper, Paper, PaperKind, Withholding, paper_number
from domain.ports.ledger import Decision, Refusal
from domain.ports.outbox import ItemState


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it is kept; `seq` is its position in the whole ledger."""

    seq: int
    event_id: str
    stream: str
    stream_seq: int
    event_hash: bytes
    leaf: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A signed head as it is kept: `note` without cosignatures, `made_at` in the ledger's form of an instant."""

    size: int
    root: bytes
    note: str
    made_at: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One paper for one addressee; `item` is its number in the outbox, dense from 1."""

    item: int
    paper_id: str
    number: str
    kind: PaperKind
    state: ItemState


class Rows(Protocol):
    """The rows of one open transaction. MUST show what the same transaction wrote."""

    def head(self) -> tuple[int, str]:
        """How many entries there are, and when the last one was appended (an empty text when there is none)."""
        ...

    def hashes(self, stream: str, first: int, last: int) -> Sequence[tuple[int, bytes]]:
        """Sequence and event hash of the stream's entries from `first` to `last`, in order."""
        ...

    def stream_length(self, stream: str) -> int:
        """How many entries a stream has."""
        ...

    def add_entries(self, entries: Sequence[EntryRow]) -> None:
        """Add entries at the end."""
        ...

    def has_paper(self, paper_id: str) -> bool:
        """Whether a paper was recorded before."""
        ...

    def last_sequence(self, kind: PaperKind, year: int) -> int:
        """The last number given to a kind of paper in a year; 0 when there is none."""
        ...

    def add_paper(self, numbered: NumberedPaper, follows_seq: int) -> None:
        """Add a paper; `follows_seq` is the place in the project's stream of the event that it follows from."""
        ...

    def add_item(self, paper_id: str, addressee: DepartmentId, send_from: str) -> None:
        """Add a waiting item for one addressee."""
        ...

    def waiting_items_about(self, milestone_id: MilestoneId, before_seq: int) -> Sequence[tuple[ItemRow, DepartmentId]]:
        """Waiting reminders and urges of a milestone that follow from an event before `before_seq`, in order."""
        ...

    def withhold_item(self, item: int, reason: NotSentReason) -> None:
        """Mark a waiting item as withheld."""
        ...

    def items_in(self, addressee: DepartmentId, digest_id: str) -> Sequence[ItemRow]:
        """The items of a digest, in order."""
        ...

    def begun_digest(self, addressee: DepartmentId) -> str | None:
        """The digest that was begun for an addressee and is not finished."""
        ...

    def claim_items(self, addressee: DepartmentId, digest_id: str, now: str) -> None:
        """Put the addressee's waiting items that may go at `now` into a digest."""
        ...

    def settle_items(self, items: Sequence[int], sent_at: str) -> None:
        """Mark claimed items as sent."""
        ...

    def add_refusal(self, refusal: Refusal) -> None:
        """Add a refused command."""
        ...

    def leaves_of(self, stream: str) -> Sequence[bytes]:
        """The leaves of one of the ledger's own streams, in order."""
        ...

    def add_tiles(self, tiles: Mapping[tuple[int, int], bytes]) -> None:
        """Add complete tiles (by level and index); one that is there stays."""
        ...

    def add_checkpoint(self, checkpoint: KeptCheckpoint) -> None:
        """Add a signed head; one of the same size stays."""
        ...

    def add_cosignature(self, size: int, witness: str, line: str) -> None:
        """Add a witness's line; the first one of a witness for a head stays."""
        ...

    def kept_clock(self) -> VirtualClock | None:
        """The installation's clock."""
        ...

    def keep_clock(self, clock: VirtualClock) -> None:
        """Keep the installation's clock, which has none yet."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedDecision:
    """A decision with its events in canonical form, made before the transaction so that the transaction is short."""

    decision: Decision
    events: tuple[CanonicalEvent, ...]


def prepare(decision: Decision) -> PreparedDecision:
    """Make a decision ready to be recorded.

    Raises:
        LedgerConflictError: the decision's own events leave a gap.
        LeafRefusedError: an event cannot be written in the ledger's form.
    """
    for earlier, later in zip(decision.events, decision.events[1:], strict=False):
        if later.seq != earlier.seq + 1:
            raise _gap(decision.stream, later.seq, earlier.seq + 1)
    return PreparedDecision(decision, tuple(canonical_event(decision.stream, event) for event in decision.events))


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """What the ledger says about itself. With `once`, a stream keeps the same data only one time."""

    stream: str
    type: str
    data: Mapping[str, Any]
    blobs: tuple[Mapping[str, Any], ...] = ()
    once: bool = False


class Transaction:
    """One transaction: everything in it is kept, or nothing is."""

    def __init__(self, rows: Rows, clock: WriterClock) -> None:
        self._rows = rows
        self._size, last = rows.head()
        # What is appended never goes back: an auditor reads a step back as a forgery.
        self._appended, step = clock.reading(last)
        if step is not None:
            self.append_own(OwnEntry(LOG_STREAM, "clock.step", {"from": step[0], "to": step[1]}))

    @property
    def size(self) -> int:
        """How many entries there are, this transaction's own with them."""
        return self._size

    def append(self, events: Sequence[CanonicalEvent]) -> int:
        """Append what is new of a run of events of one stream, and answer how many were new.

        Raises:
            LedgerConflictError: an identity is taken by another event, or the stream has a gap.
        """
        if not events:
            return 0
        stream, first, last = events[0].stream, events[0].seq, events[-1].seq
        known = dict(self._rows.hashes(stream, max(first - 1, 0), last))
        if first > 0 and first - 1 not in known:
            raise _gap(stream, first, self._rows.stream_length(stream))
        new = []
        for event in events:
            kept = known.get(event.seq)
            if kept is None:
                new.append(event)
            elif kept != event.event_hash:
                raise LedgerConflictError(
                    f"账本中已有事件 {event.event_id}，内容与这次送来的不同：请核对流程 {stream} 的历史，勿重试。",
                    event_id=event.event_id,
                    stream=stream,
                    kept=kept.hex(),
                    sent=event.event_hash.hex(),
                )
        if new:
            self._rows.add_entries([self._row(offset, event) for offset, event in enumerate(new)])
            self._size += len(new)
        return len(new)

    def append_own(self, entry: OwnEntry) -> None:
        """Append what the ledger says about itself."""
        if entry.once and any(_says(leaf, entry) for leaf in self._rows.leaves_of(entry.stream)):
            return
        place = self._rows.stream_length(entry.stream)
        event = own_event(entry.stream, place, entry.type, self._appended, entry.data, entry.blobs)
        self.append([canonical_leaf_event(event)])

    def seal(self, tiles: Mapping[tuple[int, int], bytes], checkpoint: KeptCheckpoint) -> None:
        """Keep the complete tiles that were made and a signed head."""
        self._rows.add_tiles(tiles)
        self._rows.add_checkpoint(checkpoint)

    def cosign(self, size: int, witness: str, line: str) -> None:
        """Keep a witness's line for the head of this size."""
        self._rows.add_cosignature(size, witness, line)

    def record(self, prepared: PreparedDecision) -> None:
        """Append a decision's events, number and enqueue its papers, withhold what it overtakes.

        Raises:
            LedgerConflictError: as for `append`.
        """
        decision = prepared.decision
        new = self.append(prepared.events)
        places = {event.event_id: event.seq for event in prepared.events}
        end = prepared.events[-1].seq + 1 if prepared.events else 0
        for paper in decision.papers:
            self._enqueue(paper, places.get(paper.paper_id, end))
        for withholding in decision.withheld:
            # What the overtaking event found waiting: a re-send must not reach papers that came after it.
            place = places.get(withholding.by_event, end)
            if new and place >= end - new:
                self._withhold(decision, withholding, place)

    def _row(self, offset: int, event: CanonicalEvent) -> EntryRow:
        leaf = leaf_of(event.body, self._appended)
        return EntryRow(
            self._size + offset, event.event_id, event.stream, event.seq, event.event_hash, leaf, leaf_hash(leaf)
        )

    def _enqueue(self, paper: Paper, follows_seq: int) -> None:
        if self._rows.has_paper(paper.paper_id):
            return
        sequence = self._rows.last_sequence(paper.kind, paper.year) + 1
        number = paper_number(paper.kind, paper.year, sequence)
        self._rows.add_paper(NumberedPaper(number=number, sequence=sequence, paper=paper), follows_seq)
        send_from = leaf_instant(paper.send_from)
        for addressee in dict.fromkeys((paper.to, *paper.copies_to)):
            self._rows.add_item(paper.paper_id, addressee, send_from)

    def _withhold(self, decision: Decision, withholding: Withholding, place: int) -> None:
        by = next((event for event in decision.events if event.seq == place), decision.events[-1])
        for row, addressee in self._rows.waiting_items_about(withholding.milestone_id, place):
            if withholding.addressee not in (None, addressee):
                continue
            self._rows.withhold_item(row.item, withholding.reason)
            stream = mailbox_workflow_id(addressee)
            receipt = NoticeWithheld(
                seq=self._rows.stream_length(stream),
                occurred_at=by.decided_at,
                decided_at=by.decided_at,
                actor=by.actor,
                cause=f"event:{event_id_for(decision.stream, by.seq)}",
                paper_id=row.paper_id,
                number=row.number,
                kind=row.kind,
                addressee=addressee,
                reason=withholding.reason,
            )
            self.append([canonical_event(stream, receipt)])

    def refuse(self, refusal: Refusal) -> None:
        """Keep a refused command."""
        self._rows.add_refusal(refusal)

    def settle_clock(self, clock: VirtualClock) -> VirtualClock:
        """Keep the installation's clock if it has none yet, and answer the one that is kept."""
        kept = self._rows.kept_clock()
        if kept is None:
            self._rows.keep_clock(clock)
        return kept or clock

    def claim(self, addressee: DepartmentId, digest_id: str, now: datetime) -> str:
        """The digest of this id, of the one that was begun before and not finished, or a new one; answers which."""
        if self._rows.items_in(addressee, digest_id):
            return digest_id
        begun = self._rows.begun_digest(addressee)
        if begun is None:
            self._rows.claim_items(addressee, digest_id, leaf_instant(now))
        return begun or digest_id

    def settle(self, digest: Digest, sent_at: datetime) -> None:
        """Give every claimed item of a digest its receipt in the mailbox's stream.

        Raises:
            LedgerConflictError: the digest holds a paper that was never put into it.
        """
        claimed = {row.paper_id: row for row in self._rows.items_in(digest.addressee, digest.digest_id)}
        for numbered in digest.items:
            if numbered.paper.paper_id not in claimed:
                raise LedgerConflictError(
                    f"汇总件 {digest.digest_id} 中没有 {numbered.number}：请重新领取汇总件后再登记。",
                    digest_id=digest.digest_id,
                    paper_id=numbered.paper.paper_id,
                )
        open_rows = [
            row for row in (claimed[numbered.paper.paper_id] for numbered in digest.items) if row.state == "claimed"
        ]
        stream = mailbox_workflow_id(digest.addressee)
        length = self._rows.stream_length(stream)
        receipts = [
            NoticeSent(
                seq=length + offset,
                occurred_at=sent_at,
                decided_at=sent_at,
                actor="engine",
                cause=f"digest:{digest.digest_id}",
                paper_id=row.paper_id,
                number=row.number,
                kind=row.kind,
                addressee=digest.addressee,
                digest_id=digest.digest_id,
            )
            for offset, row in enumerate(open_rows)
        ]
        self._rows.settle_items([row.item for row in open_rows], leaf_instant(sent_at))
        self.append([canonical_event(stream, receipt) for receipt in receipts])


def incident_of(conflict: LedgerConflictError) -> OwnEntry | None:
    """What the ledger keeps about an identity that was claimed twice; none for another kind of conflict."""
    if "kept" not in conflict.ids:
        return None
    data = {name: str(conflict.ids[name]) for name in ("event_id", "kept", "sent")}
    return OwnEntry(INCIDENT_STREAM, "incident", {"rule": conflict.rule, **data}, once=True)


def _says(leaf: bytes, entry: OwnEntry) -> bool:
    kept = event_in(leaf)
    said = {name: value for name, value in kept["data"].items() if name != "v"}
    return (kept["type"], said, kept["blobs"]) == (entry.type, dict(entry.data), [dict(blob) for blob in entry.blobs])


def _gap(stream: str, found: int, expected: int) -> LedgerConflictError:
    return LedgerConflictError(
        f"流程 {stream} 的事件序号不连续：应为 {expected}，送来的是 {found}，未记入；请核对该流程的历史。",
        stream=stream,
        found=found,
        expected=expected,
    )
