"""The ledger and the outbox in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Self

import psycopg

from adapters.ledger.group_commit import GroupCommit, Work
from adapters.ledger.log_store import SqlLogStore
from adapters.ledger.postgres_connections import (
    PostgresReaders,
    PostgresStatements,
    connected,
    place_of,
    plainly_connected,
    unavailable,
)
from adapters.ledger.postgres_schema import prepare_schema, schema_version
from adapters.ledger.sql_rows import OPEN_MAIL, SqlRows, entry_of, item_of, numbered_paper, open_mail_of, refusal_of
from adapters.ledger.transaction import Transaction, incident_of, prepare
from adapters.ledger.writer_clock import WriterClock
from domain.clock import VirtualClock
from domain.errors import LedgerConflictError, LedgerUnavailableError
from domain.ids import DepartmentId
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper
from domain.ports.ledger import Decision, LedgerEntry, Refusal
from domain.ports.outbox import OpenMail, OutboxItem
from domain.ports.vault import KeptFile
from domain.record.leaf import leaf_instant

_PAGE = 1_000


class PostgresLedger:
    """The ports `Ledger` and `Outbox` on one database: one writing thread in each process, one head row for all."""

    def __init__(self, dsn: str, now: Callable[[], datetime]) -> None:
        self._dsn = dsn
        self._clock = WriterClock(now)
        self._readers = PostgresReaders(dsn)
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._writer = GroupCommit(self._write, self._abandon, place_of(dsn))

    @classmethod
    def open(cls, dsn: str, now: Callable[[], datetime]) -> Self:
        """Open the ledger, or make its schema if this login may; `now` is the writer's clock (aware instants).

        Raises:
            LedgerTooNewError: a newer version made the schema.
            LedgerUnavailableError: the database does not answer, or the schema is missing and may not be made.
        """
        try:
            with plainly_connected(dsn) as connection:
                prepare_schema(connection, place_of(dsn))
        except psycopg.Error as error:
            raise unavailable(place_of(dsn), error) from error
        return cls(dsn, now)

    @staticmethod
    def is_there(dsn: str) -> bool:
        """Whether a ledger was made in the database.

        Raises:
            LedgerUnavailableError: the database does not answer.
        """
        try:
            with plainly_connected(dsn) as connection:
                return schema_version(connection) > 0
        except psycopg.Error as error:
            raise unavailable(place_of(dsn), error) from error

    def log_store(self) -> SqlLogStore:
        """The same database as the transparency log sees it."""
        return SqlLogStore(self._readers, self._writer)

    def close(self) -> None:
        """Write what is queued, answer those who wait, and let the connections go. Repeatable."""
        self._writer.close()
        self._readers.close()

    # Ledger

    async def record(self, decision: Decision) -> None:
        """Append the events and number and enqueue the papers, in one transaction (see the port)."""
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
        """Keep a refused command."""
        await self._writer.run(lambda transaction: transaction.refuse(refusal))

    async def settle_clock(self, clock: VirtualClock) -> VirtualClock:
        """Keep the installation's clock if it has none yet, and answer the one that is kept."""
        return await self._writer.run(lambda transaction: transaction.settle_clock(clock))

    def clock(self) -> VirtualClock | None:
        """The installation's clock, or none before its first start."""
        rows = self._readers.rows("SELECT clock FROM installation_clock")
        return VirtualClock.model_validate_json(rows[0][0]) if rows else None

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        """The entries of a stream (or of all), in order, whose position is greater than `after`."""
        if stream is not None:
            yield from self._entries_of(stream, after)
            return
        while page := self._readers.rows(
            "SELECT seq, leaf FROM entry WHERE seq>? ORDER BY seq LIMIT ?", (after, _PAGE)
        ):
            yield from (entry_of(seq, leaf) for seq, leaf in page)
            after = page[-1][0]

    def _entries_of(self, stream: str, after: int) -> Iterator[LedgerEntry]:
        # A stream's own order is the ledger's order, and it has an index.
        query = (
            "SELECT seq, leaf, stream_seq FROM entry WHERE stream=? AND stream_seq>? AND seq>?"
            " ORDER BY stream_seq LIMIT ?"
        )
        last = -1
        while page := self._readers.rows(query, (stream, last, after, _PAGE)):
            yield from (entry_of(seq, leaf) for seq, leaf, _ in page)
            last = page[-1][2]

    def streams(self) -> Sequence[str]:
        """Every stream that has an entry, in order of its first one."""
        rows = self._readers.rows("SELECT stream FROM entry WHERE stream_seq=0 ORDER BY seq")
        return [row[0] for row in rows]

    def refusals(self, stream: str | None = None) -> Sequence[Refusal]:
        """The refused commands of a stream (or of all), in order."""
        columns = "SELECT refused_at, stream, rule, text, command FROM refusal"
        if stream is None:
            rows = self._readers.rows(f"{columns} ORDER BY position")
        else:
            rows = self._readers.rows(f"{columns} WHERE stream=? ORDER BY position", (stream,))
        return [refusal_of(*row) for row in rows]

    def events_as_known_at(self, stream: str, instant: datetime) -> Iterator[LedgerEntry]:
        """The entries of a stream that were decided at or before `instant`, in order."""
        known = leaf_instant(instant)
        return (entry for entry in self.entries(stream) if entry.event["decided"] <= known)

    # Outbox

    async def waiting_for(self, addressee: DepartmentId, now: datetime) -> int:
        """How many items may go to the addressee at `now`, or belong to a digest that was begun and not finished."""
        rows = self._readers.rows(
            "SELECT count(*) FROM outbox WHERE addressee=? AND state IN ('waiting', 'claimed')"
            " AND (state='claimed' OR send_from<=?)",
            (addressee, leaf_instant(now)),
        )
        return int(rows[0][0])

    async def claim(
        self, addressee: DepartmentId, digest_id: str, now: datetime, papers_per_month: int | None = None
    ) -> Digest:
        """Put what may go at `now` into a digest (see the port)."""
        claimed = await self._writer.run(
            lambda transaction: transaction.claim(addressee, digest_id, now, papers_per_month)
        )
        rows = self._readers.rows(
            "SELECT p.number, p.sequence, p.document FROM outbox o JOIN paper p USING (paper_id)"
            " WHERE o.addressee=? AND o.digest_id=? ORDER BY o.item",
            (addressee, claimed),
        )
        return Digest(digest_id=claimed, addressee=addressee, items=tuple(numbered_paper(*row) for row in rows))

    async def settle(self, digest: Digest, sent_at: datetime, files: Sequence[KeptFile] = ()) -> None:
        """Record that a digest went out: one receipt for each item, and its files' hashes. Repeatable."""
        await self._writer.run(lambda transaction: transaction.settle(digest, sent_at, files))

    def open_mail(self) -> Sequence[OpenMail]:
        """Every addressee who has not got everything yet (see the port)."""
        return open_mail_of(self._readers.rows(OPEN_MAIL))

    def items(self, addressee: DepartmentId | None = None) -> Sequence[OutboxItem]:
        """All items (of one addressee), in order of their recording."""
        columns = (
            "SELECT p.number, p.sequence, p.document, o.addressee, o.state, o.digest_id, o.sent_at, o.reason"
            " FROM outbox o JOIN paper p USING (paper_id)"
        )
        if addressee is None:
            rows = self._readers.rows(f"{columns} ORDER BY o.item")
        else:
            rows = self._readers.rows(f"{columns} WHERE o.addressee=? ORDER BY o.item", (addressee,))
        return [item_of(row) for row in rows]

    def papers(self, year: int | None = None) -> Sequence[NumberedPaper]:
        """All papers (of one year), in order of their recording."""
        columns = "SELECT number, sequence, document FROM paper"
        if year is None:
            rows = self._readers.rows(f"{columns} ORDER BY position")
        else:
            rows = self._readers.rows(f"{columns} WHERE year=? ORDER BY position", (year,))
        return [numbered_paper(*row) for row in rows]

    # The writing thread

    def _write(self, works: Sequence[Work]) -> list[Any]:
        try:
            if self._connection is None:
                self._connection = connected(self._dsn)
            with self._connection.transaction():
                statements = PostgresStatements(self._connection)
                # The head row is the one lock: positions are given out in the order of the commits, without a gap.
                statements.execute("SELECT size FROM head WHERE one = 1 FOR UPDATE")
                transaction = Transaction(SqlRows(statements), self._clock)
                results = [work(transaction) for work in works]
                statements.execute("UPDATE head SET size=? WHERE one = 1", (transaction.size,))
        except psycopg.IntegrityError as error:
            raise LedgerConflictError(
                f"账本“{place_of(self._dsn)}”的守则拒绝了这次写入（{error}）：未记入。"
            ) from error
        except psycopg.Error as error:
            self._abandon()
            raise unavailable(place_of(self._dsn), error) from error
        self._clock.committed()
        return results

    def _abandon(self) -> None:
        """Let the connection go; the next write makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()
