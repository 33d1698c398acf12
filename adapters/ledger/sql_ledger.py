"""The ledger and the outbox on an SQL store: what is asked of them and what is written, the same for every store."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.ledger.group_commit import GroupCommit
from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.log_store import LogStore
from adapters.ledger.packing import unpacked
from adapters.ledger.rows import Readers
from adapters.ledger.sql_rows import (
    ACCEPTANCES,
    OPEN_MAIL,
    acceptance_of,
    entry_of,
    item_of,
    numbered_paper,
    open_mail_of,
    refusal_of,
    settled_clock,
)
from adapters.ledger.transaction import incident_of, prepare
from domain.clock import VirtualClock
from domain.errors import DubanError, LedgerConflictError, LedgerUnavailableError
from domain.ids import DepartmentId
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper
from domain.ports.ledger import Acceptance, Decision, LedgerEntry, Refusal
from domain.ports.outbox import OpenLine, OpenMail, OutboxItem
from domain.ports.vault import KeptFile
from domain.record.leaf import instant_of, leaf_instant
from domain.record.rehearsals import REHEARSAL_STREAM

if TYPE_CHECKING:
    from adapters.ledger.register_sql import SqlRegister

_PAGE = 1_000
_FIRST_OF_NEWEST, _NEWEST = 4, 200
"""How many are read at once: most who ask want the last one alone."""
_PAST_ALL = 1 << 62
_OF_PROJECTS = "key-project/"
_ITEMS = (
    "SELECT p.number, p.sequence, p.document, o.addressee, o.state, o.digest_id, o.sent_at, o.reason"
    " FROM outbox o JOIN paper p USING (paper_id)"
)
_PAPERS = "SELECT number, sequence, document FROM paper"


class SqlLedger:
    """The ports `Ledger` and `Outbox`, the log's side and the register of one store.

    A store gives its reading connections and its one writing thread; how it opens, writes and closes is its own.
    """

    _check: str | None = None
    """The query by which the store looks at its own file, where it has one."""
    _is_still = False
    _refused: DubanError | None = None

    def __init__(self, readers: Readers, writer: GroupCommit) -> None:
        self._readers = readers
        self._writer = writer

    def log_store(self) -> LogStore:
        """The same store as the transparency log sees it."""
        return LogStore(self._readers, self._writer, self._check, is_still=self._is_still, refused=self._refused)

    def register(self) -> SqlRegister:
        """The register, in the same store."""
        from adapters.ledger.register_sql import SqlRegister

        return SqlRegister(self._readers, self._writer)

    def close(self) -> None:
        """Write what is queued, answer those who wait, and let the connections go. Repeatable."""
        self._writer.close()
        self._readers.close()

    # Ledger

    async def record(self, decision: Decision) -> None:
        prepared = prepare(decision)
        try:
            await self._writer.run(lambda transaction: transaction.record(prepared))
        except LedgerConflictError as conflict:
            incident = incident_of(conflict)
            if incident is not None:
                with suppress(LedgerUnavailableError):
                    await self._writer.run(lambda transaction: transaction.append_own(incident))
            raise

    async def refuse(self, refusal: Refusal) -> None:
        await self._writer.run(lambda transaction: transaction.refuse(refusal))

    async def settle_clock(self, clock: VirtualClock) -> VirtualClock:
        return await self._writer.run(lambda transaction: transaction.settle_clock(clock))

    def clock(self) -> VirtualClock | None:
        """The installation's clock, none before its first start; a rehearsal copy's is the last one that it names."""
        query = "SELECT leaf FROM entry WHERE stream=? ORDER BY stream_seq DESC LIMIT 1"
        for (leaf,) in self._readers.rows(query, (REHEARSAL_STREAM,)):
            return VirtualClock.model_validate(event_in(unpacked(leaf))["data"]["clock"], strict=False)
        return settled_clock(self._readers.rows)

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        if stream is not None:
            yield from self._entries_of(stream, after)
            return
        while page := self._readers.rows(
            "SELECT seq, leaf FROM entry WHERE seq>? ORDER BY seq LIMIT ?", (after, _PAGE)
        ):
            yield from (entry_of(seq, leaf) for seq, leaf in page)
            if len(page) < _PAGE:
                return
            after = page[-1][0]

    def _entries_of(self, stream: str, after: int) -> Iterator[LedgerEntry]:
        # A stream's own order is the ledger's order, and it has an index: who follows a long stream looks from its end.
        read = "SELECT stream_seq FROM entry WHERE stream=? AND seq<=? ORDER BY stream_seq DESC LIMIT 1"
        query = "SELECT seq, leaf, stream_seq FROM entry WHERE stream=? AND stream_seq>? ORDER BY stream_seq LIMIT ?"
        known = self._readers.rows(read, (stream, after)) if after >= 0 else ()
        last = known[0][0] if known else -1
        while page := self._readers.rows(query, (stream, last, _PAGE)):
            yield from (entry_of(seq, leaf) for seq, leaf, _ in page)
            if len(page) < _PAGE:
                return  # whoever follows asks often, mostly for a few: one question, not two
            last = page[-1][2]

    def newest(
        self, stream: str | None = None, *, before: int | None = None, beginning: str = ""
    ) -> Iterator[LedgerEntry]:
        below = _PAST_ALL if before is None else before
        order = "seq"
        values: tuple[object, ...] = ()
        if stream is not None:
            within, order, values = "stream=?", "stream_seq", (stream,)
        elif beginning == _OF_PROJECTS:
            within = f"substr(stream, 1, {len(beginning)})='{beginning}'"  # as the index says it, word for word
        else:
            within, values = "substr(stream, 1, ?)=?", (len(beginning), beginning)
        query = f"SELECT seq, leaf FROM entry WHERE {within} AND seq<? ORDER BY {order} DESC LIMIT ?"  # noqa: S608 - our own
        most = _FIRST_OF_NEWEST
        while page := self._readers.rows(query, (*values, below, most)):
            yield from (entry_of(seq, leaf) for seq, leaf in page)
            below, most = page[-1][0], _NEWEST

    def streams(self) -> Sequence[str]:
        rows = self._readers.rows("SELECT stream FROM entry WHERE stream_seq=0 ORDER BY seq")
        return [row[0] for row in rows]

    def refusals(self, stream: str | None = None, *, since: datetime | None = None) -> Sequence[Refusal]:
        query = "SELECT refused_at, stream, rule, text, command FROM refusal WHERE refused_at>=?"
        values = [leaf_instant(since) if since is not None else ""]
        if stream is not None:
            query, values = f"{query} AND stream=?", [*values, stream]
        rows = self._readers.rows(f"{query} ORDER BY position", values)
        return [refusal_of(*row) for row in rows]

    def acceptances(self, stream: str | None = None) -> Sequence[Acceptance]:
        if stream is None:
            rows = self._readers.rows(f"{ACCEPTANCES} ORDER BY position")
        else:
            rows = self._readers.rows(f"{ACCEPTANCES} WHERE stream=? ORDER BY position", (stream,))
        return [acceptance_of(*row) for row in rows]

    def events_as_known_at(self, stream: str, instant: datetime) -> Iterator[LedgerEntry]:
        known = leaf_instant(instant)
        return (entry for entry in self.entries(stream) if entry.event["decided"] <= known)

    # Outbox

    async def waiting_for(self, addressee: DepartmentId, now: datetime) -> int:
        rows = self._readers.rows(
            "SELECT count(*) FROM outbox WHERE addressee=? AND state IN ('waiting', 'claimed')"
            " AND (state='claimed' OR send_from<=?)",
            (addressee, leaf_instant(now)),
        )
        return int(rows[0][0])

    async def claim(
        self,
        addressee: DepartmentId,
        digest_id: str,
        now: datetime,
        papers_per_month: int | None = None,
        also: Collection[DepartmentId] = (),
    ) -> Digest:
        claimed = await self._writer.run(
            lambda transaction: transaction.claim(addressee, digest_id, now, papers_per_month, also)
        )
        return self.digest(addressee, claimed)

    def digest(self, addressee: DepartmentId, digest_id: str) -> Digest:
        rows = self._readers.rows(
            "SELECT p.number, p.sequence, p.document FROM outbox o JOIN paper p USING (paper_id)"
            " WHERE o.addressee=? AND o.digest_id=? ORDER BY o.item",
            (addressee, digest_id),
        )
        return Digest(digest_id=digest_id, addressee=addressee, items=tuple(numbered_paper(*row) for row in rows))

    async def settle(self, digest: Digest, sent_at: datetime, files: Sequence[KeptFile] = ()) -> None:
        await self._writer.run(lambda transaction: transaction.settle(digest, sent_at, files))

    def open_mail(self) -> Sequence[OpenMail]:
        return open_mail_of(self._readers.rows(OPEN_MAIL))

    def items(self, addressee: DepartmentId | None = None) -> Sequence[OutboxItem]:
        if addressee is None:
            rows = self._readers.rows(f"{_ITEMS} ORDER BY o.item")
        else:
            rows = self._readers.rows(f"{_ITEMS} WHERE o.addressee=? ORDER BY o.item", (addressee,))
        return [item_of(row) for row in rows]

    def received(self, addressee: DepartmentId) -> Sequence[str]:
        query = "SELECT paper_id FROM outbox WHERE addressee=? AND state='sent' ORDER BY item DESC"
        return [row[0] for row in self._readers.rows(query, (addressee,))]

    def items_of(self, paper_ids: Sequence[str], addressee: DepartmentId | None = None) -> Sequence[OutboxItem]:
        if not paper_ids:
            return []
        marks, of = ", ".join("?" * len(paper_ids)), "" if addressee is None else " AND o.addressee=?"
        rows = self._readers.rows(
            f"{_ITEMS} WHERE o.paper_id IN ({marks}){of} ORDER BY o.item",
            (*paper_ids, *(() if addressee is None else (addressee,))),
        )
        return [item_of(row) for row in rows]

    def open_lines(self) -> Sequence[OpenLine]:
        query = "SELECT paper_id, addressee, send_from FROM outbox WHERE state IN ('waiting', 'claimed')"
        return [
            OpenLine(paper_id=paper_id, addressee=addressee, send_from=instant_of(send_from))
            for paper_id, addressee, send_from in self._readers.rows(query)
        ]

    def papers(self, stream: str | None = None) -> Sequence[NumberedPaper]:
        if stream is None:
            rows = self._readers.rows(f"{_PAPERS} ORDER BY position")
        else:
            # What begins with the stream's name, from the index: `$` is the character after `#`.
            of_stream = f"{_PAPERS} WHERE paper_id>=? AND paper_id<? ORDER BY position"
            rows = self._readers.rows(of_stream, (f"{stream}#", f"{stream}$"))
        return [numbered_paper(*row) for row in rows]
