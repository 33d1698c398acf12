"""The ledger and the outbox in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Self

import psycopg

from adapters.ledger.group_commit import GroupCommit, Work
from adapters.ledger.postgres_connections import PostgresReaders, connected
from adapters.ledger.postgres_mandates import STALLED_IN_A_TRANSACTION, PostgresMandates, check_mandate
from adapters.ledger.postgres_schema import prepare_schema, schema_version
from adapters.ledger.sql_ledger import SqlLedger
from adapters.ledger.sql_rows import SqlRows
from adapters.ledger.transaction import Transaction
from adapters.ledger.writer_clock import WriterClock
from adapters.sql.postgres import PostgresStatements, answering, place_of, plainly_connected, unavailable
from domain.errors import LedgerConflictError


class PostgresLedger(SqlLedger):
    """The ports `Ledger` and `Outbox` on one database: one writing thread in each process, one head row for all.

    A worker writes under a mandate, which each of its transactions holds; commands and desks need none.
    """

    def __init__(self, dsn: str, now: Callable[[], datetime]) -> None:
        self._dsn = dsn
        self._clock = WriterClock(now)
        self._mandates = PostgresMandates(dsn)
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        super().__init__(PostgresReaders(dsn), GroupCommit(self._write, self._abandon, place_of(dsn)))

    @classmethod
    def open(cls, dsn: str, now: Callable[[], datetime], *, as_it_stands: bool = False) -> Self:
        """Open the ledger, or make its schema if this login may; `now` is the writer's clock (aware instants). With
        `as_it_stands` an older schema stays so: entries and what goes out can be read.

        Raises:
            LedgerTooNewError: a newer version made the schema.
            LedgerUnavailableError: the database does not answer, or the schema is missing and may not be made.
        """
        with answering(dsn), plainly_connected(dsn) as connection:
            prepare_schema(connection, place_of(dsn), as_it_stands=as_it_stands)
        return cls(dsn, now)

    @staticmethod
    def is_there(dsn: str) -> bool:
        """Whether a ledger was made in the database.

        Raises:
            LedgerUnavailableError: the database does not answer.
        """
        with answering(dsn), plainly_connected(dsn) as connection:
            return schema_version(connection) > 0

    def mandates(self) -> PostgresMandates:
        """The mandates over this ledger; what is written here is written under the one that is taken there."""
        return self._mandates

    # The writing thread

    def _write(self, works: Sequence[Work]) -> list[Any]:
        try:
            if self._connection is None:
                self._connection = connected(self._dsn)
                self._connection.execute(
                    f"SET idle_in_transaction_session_timeout = '{STALLED_IN_A_TRANSACTION}'".encode()
                )
            with self._connection.transaction():
                statements = PostgresStatements(self._connection)
                # The head row is the one lock: positions are given out in the order of the commits, without a gap.
                statements.execute("SELECT size FROM head WHERE one = 1 FOR UPDATE")
                if (number := self._mandates.number) is not None:
                    check_mandate(statements, number)
                transaction = Transaction(SqlRows(statements), self._clock)
                results = [work(transaction) for work in works]
                statements.execute("UPDATE head SET size=? WHERE one = 1", (transaction.size,))
        except psycopg.IntegrityError as error:
            raise LedgerConflictError(
                f"台账“{place_of(self._dsn)}”的守则拒绝了这次写入（{error}）：未记入，请告知系统维护人员。"
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
