"""What happens inside one transaction of the ledger, said once for every store.

A store gives the rows (`adapters/ledger/sql_rows.py`); the rules are here: which events are new, which number a paper
gets, which items must not go out any more, which receipt an item keeps.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.ledger.leaf_bytes import (
    CanonicalEvent,
    canonical_event,
    canonical_leaf_event,
    event_in,
    leaf_hash,
    leaf_of,
    said_in,
)
from adapters.ledger.rows import EntryRow, ItemRow, KeptCheckpoint
from adapters.ledger.sql_rows import SqlRows
from adapters.ledger.writer_clock import WriterClock
from domain.clock import VirtualClock
from domain.errors import LedgerConflictError
from domain.events.event import Event, headed
from domain.ids import DepartmentId, event_id_for, mailbox_workflow_id
from domain.papers.mail import Digest, NoticeSent, NoticeWithheld
from domain.papers.mail_cap import GRANTING, above_the_cap, is_over, month_of
from domain.papers.paper import NotSentReason, NumberedPaper, Paper, Withholding, paper_number
from domain.ports.ledger import Decision, Refusal
from domain.ports.vault import KeptFile
from domain.record.leaf import DIGESTS_STREAM, INCIDENT_STREAM, LOG_STREAM, ROW_STREAMS, leaf_instant, own_event
from domain.record.ledger_errors import StreamMovedError
from domain.record.own_entries import OwnEntry

if TYPE_CHECKING:
    from adapters.ledger.register_writing import SqlRegisterRows

_ROWS_A_LEAF = 500
_FILES_A_LEAF = 100
CLOCK_STEP = "clock.step"


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


class Transaction:
    """One transaction: everything in it is kept, or nothing is."""

    def __init__(self, rows: SqlRows, clock: WriterClock) -> None:
        self._rows = rows
        self._size, last = rows.head()
        # `appended` must never decrease: an auditor reads a step back as a forgery.
        self._appended, step = clock.reading(last, self._last_step)
        if step is not None:
            self.append_own(OwnEntry(LOG_STREAM, CLOCK_STEP, {"from": step[0], "to": step[1]}))

    @property
    def size(self) -> int:
        """How many entries there are, this transaction's own with them."""
        return self._size

    @property
    def register(self) -> SqlRegisterRows:
        """The register's rows, as this transaction has them."""
        return self._rows.register

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
                    f"台账中已有事件 {event.event_id}，内容与这次送来的不同：请核对流程 {stream} 的历史，勿重试。",
                    event_id=event.event_id,
                    stream=stream,
                    kept=kept.hex(),
                    sent=event.event_hash.hex(),
                )
        if new:
            self._rows.add_entries([self._row(offset, event) for offset, event in enumerate(new)])
            self._size += len(new)
        return len(new)

    def _last_step(self) -> tuple[str, str] | None:
        """From where to where the clock went back the last time that the ledger says it did."""
        steps = (said["data"] for said in map(event_in, self._rows.leaves_of(LOG_STREAM)) if said["type"] == CLOCK_STEP)
        last = deque(steps, maxlen=1)
        return (str(last[0]["from"]), str(last[0]["to"])) if last else None

    def append_next(self, stream: str, first: int, events: Sequence[CanonicalEvent]) -> None:
        """Append events that were decided on a stream as long as `first`.

        Raises:
            StreamMovedError: it is not that long any more.
        """
        length = self._rows.stream_length(stream)
        if length != first:
            raise StreamMovedError(stream=stream, expected=first, found=length)
        self.append(events)

    def append_own(self, entry: OwnEntry) -> None:
        if entry.once and any(_says(leaf, entry) for leaf in self._rows.leaves_of(entry.stream)):
            return
        place = self._rows.stream_length(entry.stream)
        if entry.first not in (None, place):
            raise StreamMovedError(stream=entry.stream, expected=entry.first, found=place)
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
        """Append a decision's events, keep its commands, number and enqueue its papers, withhold what it overtakes.

        Raises:
            LedgerConflictError: as for `append`.
        """
        decision = prepared.decision
        new = self.append(prepared.events)
        places = {event.event_id: event.seq for event in prepared.events}
        end = prepared.events[-1].seq + 1 if prepared.events else 0
        for acceptance in decision.accepted:
            self._rows.add_acceptance(acceptance)
        for paper in decision.papers:
            self._enqueue(paper, places.get(paper.paper_id, end))
        for withholding in decision.withheld:
            # Only what waited when the overtaking event came: a repeat must not withhold later papers.
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
        sequence = self._shared_number(paper) or self._rows.last_sequence(paper.kind, paper.year) + 1
        number = paper_number(paper.kind, paper.year, sequence, paper.language)
        self._rows.add_paper(NumberedPaper(number=number, sequence=sequence, paper=paper), follows_seq)
        send_from = leaf_instant(paper.send_from)
        for addressee in dict.fromkeys((paper.to, *paper.copies_to)):
            self._rows.add_item(paper.paper_id, addressee, send_from)

    def _shared_number(self, paper: Paper) -> int | None:
        """The number of the directive that a paper belongs to, unless that directive was told of the same before."""
        told = self._rows.directives(paper.one_of, paper.year) if paper.one_of else []
        last = told[-1][0] if told else None
        about = {each.milestone_id or each.project_id for sequence, each in told if sequence == last}
        return None if (paper.milestone_id or paper.project_id) in about else last

    def _withhold(self, decision: Decision, withholding: Withholding, place: int) -> None:
        events: Sequence[Event] = decision.events
        by = next((event for event in events if event.seq == place), events[-1])
        for row, addressee in self._rows.waiting_items_about(withholding.milestone_id, place):
            if withholding.addressee not in (None, addressee):
                continue
            cause = f"event:{event_id_for(decision.stream, by.seq)}"
            self._withheld(row, addressee, withholding.reason, by.decided_at, by.actor, cause)

    def keep_rows(self, table: str) -> None:
        """Say by their hashes which rows of a table came since the last time, as many as one entry holds."""
        stream = ROW_STREAMS[table]
        first = rows_told(self._rows.last_leaf_of(stream))
        lines = self._rows.lines(table, first, _ROWS_A_LEAF)
        if lines:
            hashes = [hashlib.sha256(line.encode()).hexdigest() for line in lines]
            self.append_own(OwnEntry(stream, f"{table}.kept", {"first": first, "sha256": hashes}))

    def refuse(self, refusal: Refusal) -> None:
        """Keep a refused command."""
        self._rows.add_refusal(refusal)

    def settle_clock(self, clock: VirtualClock) -> VirtualClock:
        """Keep the installation's clock if it has none yet, and answer the one that is kept."""
        kept = self._rows.kept_clock()
        if kept is None:
            self._rows.keep_clock(clock)
        return kept or clock

    def claim(
        self,
        addressee: DepartmentId,
        digest_id: str,
        now: datetime,
        papers_per_month: int | None,
        also: Collection[DepartmentId],
    ) -> str:
        """The digest of this id, of the one that was begun before and not finished, or a new one; answers which."""
        if self._rows.items_in(addressee, digest_id):
            return digest_id
        begun = self._rows.begun_digest(addressee)
        if begun is None:
            due = self._due_and_not_over(addressee, digest_id, now)
            if papers_per_month is not None:
                self._withhold_above_the_cap(addressee, digest_id, due, now, papers_per_month, also)
            self._rows.claim_items(addressee, digest_id, leaf_instant(now))
        return begun or digest_id

    def _due_and_not_over(self, addressee: DepartmentId, digest_id: str, now: datetime) -> Sequence[ItemRow]:
        due = self._rows.due_items(addressee, leaf_instant(now))
        for row, paper in due:
            if is_over(paper, now):
                self._withheld(row, addressee, "stale", now, "engine", f"digest:{digest_id}")
        return [row for row, paper in due if not is_over(paper, now)]

    def _withhold_above_the_cap(
        self,
        addressee: DepartmentId,
        digest_id: str,
        due: Sequence[ItemRow],
        now: datetime,
        cap: int,
        also: Collection[DepartmentId],
    ) -> None:
        since = leaf_instant(month_of(now))
        so_far = sum(self._rows.sent_since(name, since, GRANTING) for name in {addressee, *also})
        for place in above_the_cap([row.kind for row in due], so_far, cap):
            self._withheld(due[place], addressee, "burden_cap", now, "engine", f"digest:{digest_id}")

    def _withheld(
        self, row: ItemRow, addressee: DepartmentId, reason: NotSentReason, at: datetime, actor: str, cause: str
    ) -> None:
        self._rows.withhold_item(row.item, reason)
        stream = mailbox_workflow_id(addressee)
        receipt = headed(
            NoticeWithheld,
            seq=self._rows.stream_length(stream),
            occurred_at=at,
            decided_at=at,
            actor=actor,
            cause=cause,
        )(
            paper_id=row.paper_id,
            number=row.number,
            kind=row.kind,
            addressee=addressee,
            reason=reason,
        )
        self.append([canonical_event(stream, receipt)])

    def settle(self, digest: Digest, sent_at: datetime, files: Sequence[KeptFile] = ()) -> None:
        """Give every claimed item of a digest its receipt in the mailbox's stream, and keep the hashes of its files.

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
            headed(
                NoticeSent,
                seq=length + offset,
                occurred_at=sent_at,
                decided_at=sent_at,
                actor="engine",
                cause=f"digest:{digest.digest_id}",
            )(
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
        if open_rows:
            self._keep_files(digest, files)

    def _keep_files(self, digest: Digest, files: Sequence[KeptFile]) -> None:
        parts = [files[first : first + _FILES_A_LEAF] for first in range(0, len(files), _FILES_A_LEAF)]
        for number, part in enumerate(parts, start=1):
            data = {
                "digest_id": digest.digest_id,
                "addressee": digest.addressee,
                "part": number,
                "parts": len(parts),
                "files": [[file.name, file.sha256, file.size] for file in part],
            }
            self.append_own(OwnEntry(DIGESTS_STREAM, "digest.sent", data))


def rows_told(last: bytes | None) -> int:
    """How many rows of a table the ledger has told of, by the last leaf of its stream."""
    if last is None:
        return 0
    data = event_in(last)["data"]
    return int(data["first"]) + len(data["sha256"])


def incident_of(conflict: LedgerConflictError) -> OwnEntry | None:
    """What the ledger keeps about an identity that was claimed twice; none for another kind of conflict."""
    if "kept" not in conflict.ids:
        return None
    data = {name: str(conflict.ids[name]) for name in ("event_id", "kept", "sent")}
    return OwnEntry(INCIDENT_STREAM, "incident", {"rule": conflict.rule, **data}, once=True)


def _says(leaf: bytes, entry: OwnEntry) -> bool:
    kept = event_in(leaf)
    return (kept["type"], said_in(kept), kept["blobs"]) == (
        entry.type,
        dict(entry.data),
        [dict(blob) for blob in entry.blobs],
    )


def _gap(stream: str, found: int, expected: int) -> LedgerConflictError:
    return LedgerConflictError(
        f"流程 {stream} 的事件序号不连续：应为 {expected}，送来的是 {found}，未记入；请核对该流程的历史。",
        stream=stream,
        found=found,
        expected=expected,
    )
