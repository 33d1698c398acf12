"""Connections to the PostgreSQL ledger: one that writes, and readers that are borrowed for one query."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

import psycopg

from adapters.sql.postgres import answering, place_of, plainly_connected, translated, unavailable


def connected(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection of the writer role, each statement its own transaction unless one is begun."""
    connection = plainly_connected(dsn)
    connection.execute("SET ROLE duban_writer")
    connection.execute("SET search_path TO duban, pg_catalog")
    connection.execute("SET lock_timeout = '10s'")
    return connection


class PostgresReaders:
    """Reading connections; any thread may ask."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle: SimpleQueue[psycopg.Connection[tuple[Any, ...]]] = SimpleQueue()

    def rows(self, query: str, values: Sequence[object] = (), /) -> list[Any]:
        try:
            return self._asked(self._idle.get_nowait(), query, values)
        except (Empty, psycopg.OperationalError):
            # None is idle, or the one that was idle has been closed by the server: a new one answers, or nobody does.
            pass
        except psycopg.Error as error:
            raise unavailable(place_of(self._dsn), error) from error
        with answering(self._dsn):
            return self._asked(connected(self._dsn), query, values)

    def close(self) -> None:
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def _asked(
        self, connection: psycopg.Connection[tuple[Any, ...]], query: str, values: Sequence[object]
    ) -> list[Any]:
        try:
            rows = connection.execute(translated(query), values).fetchall()
        except psycopg.Error:
            connection.close()
            raise
        self._idle.put(connection)
        return rows
