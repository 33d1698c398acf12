"""Mandates over a ledger in PostgreSQL: rows that their workers touch, and that expire by the database's clock.

A row's number is the fencing number: every append of a worker locks its own row in the append's own transaction
(`check_mandate`), and taking a mandate away removes the row. So nothing of an old number is committed afterwards,
whatever its process does when it comes to itself.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

import psycopg

from adapters.ledger.postgres_connections import connected
from adapters.sql.postgres import PostgresStatements, answering, place_of, unavailable
from domain.ports.mandates import Mandate
from domain.record.ledger_errors import MandateLostError

TABLE = """
CREATE TABLE writer(
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name TEXT NOT NULL,
  since TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  seen_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT, DELETE, UPDATE (seen_at) ON writer TO duban_writer;
"""
UNHEARD_SECONDS = 2.5
"""A worker that was not heard of for so long loses its mandate."""
BEAT_SECONDS = 0.5
STALLED_IN_A_TRANSACTION = "2s"
"""A writer that stops in the middle of a transaction holds all others up: the database ends its session."""
_FIRST = "SELECT number FROM writer ORDER BY number LIMIT 1"
_HEARD_OF = (
    "SELECT number, name, since FROM writer WHERE seen_at >= clock_timestamp() - make_interval(secs => %s)"
    " ORDER BY number"
)
# A row that is locked belongs to a worker that is writing: it is looked at again with the next beat.
_TAKE_AWAY = (
    "DELETE FROM writer WHERE number IN (SELECT number FROM writer"
    " WHERE seen_at < clock_timestamp() - make_interval(secs => %s) AND number <> %s FOR UPDATE SKIP LOCKED)"
)


def check_mandate(statements: PostgresStatements, number: int) -> None:
    """Hold a mandate to the end of the transaction.

    Raises:
        MandateLostError: it was taken away.
    """
    # A touch of the row does not wait for this lock, its removal does.
    row = statements.execute("SELECT 1 FROM writer WHERE number=? FOR KEY SHARE", (number,)).fetchone()
    if row is None:
        raise MandateLostError(name=f"写台账的编号 {number}")


class PostgresMandates:
    """The port `Mandates` on one database. A thread of its own is heard of, whatever else the worker does."""

    elects = True

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._number: int | None = None
        self._leads_until = 0.0
        self._lost = False
        self._steady_since = 0.0
        self._beaten_at = 0.0
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def number(self) -> int | None:
        """The number of the mandate; none before it was taken and after it was given back."""
        return self._number

    @property
    def leads(self) -> bool:
        return not self._lost and time.monotonic() < self._leads_until

    @property
    def lost(self) -> bool:
        return self._lost

    def take(self, name: str) -> None:
        connection = self._connected()
        try:
            row = connection.execute("INSERT INTO writer(name) VALUES (%s) RETURNING number", (name,)).fetchone()
            assert row
            self._number = int(row[0])
            self._steady_since = self._beaten_at = time.monotonic()
            self._beat(connection)
        except psycopg.Error as error:
            connection.close()
            raise unavailable(place_of(self._dsn), error) from error
        self._thread = threading.Thread(target=self._go_on, args=(connection,), name="ledger-mandate", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        self._leaving.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        if not self._lost:
            self._number = None

    def held(self) -> list[Mandate]:
        with answering(self._dsn), self._connected() as connection:
            rows = connection.execute(_HEARD_OF, (UNHEARD_SECONDS,)).fetchall()
        return [Mandate(number=number, name=name, since=since) for number, name, since in rows]

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        with answering(self._dsn):
            return connected(self._dsn)

    def _go_on(self, connection: psycopg.Connection[tuple[Any, ...]] | None) -> None:
        while not self._lost and not self._leaving.wait(BEAT_SECONDS):
            try:
                connection = connection or connected(self._dsn)
                self._beat(connection)
            except psycopg.Error:
                # The database is away for everybody: nobody writes, and nobody is judged for a while afterwards.
                self._beaten_at = float("-inf")
                if connection is not None:
                    connection.close()
                connection = None
        with suppress(psycopg.Error):
            connection = connection or connected(self._dsn)
            connection.execute("DELETE FROM writer WHERE number=%s", (self._number,))
        if connection is not None:
            connection.close()
        self._leads_until = 0.0

    def _beat(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Be heard of; take the mandates of those away who are not; see who leads."""
        now = time.monotonic()
        if now - self._beaten_at > UNHEARD_SECONDS / 2:
            self._steady_since = now
        touched = connection.execute(
            "UPDATE writer SET seen_at=clock_timestamp() WHERE number=%s", (self._number,)
        ).rowcount
        if touched == 0:
            self._lost = True
            return
        self._beaten_at = now
        # After a pause of our own, others are not judged yet.
        if now - self._steady_since > UNHEARD_SECONDS:
            connection.execute(_TAKE_AWAY, (UNHEARD_SECONDS, self._number))
        first = connection.execute(_FIRST).fetchone()
        self._leads_until = now + UNHEARD_SECONDS if first and first[0] == self._number else 0.0
