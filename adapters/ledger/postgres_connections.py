"""Connections to the PostgreSQL ledger: one that writes, and readers that are borrowed for one query."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import Any

import psycopg

from domain.errors import LedgerUnavailableError
from domain.record.ledger_errors import LedgerAddressError

_PATIENCE_SECONDS = 10


def dsn_of(url: str, password: str | None = None) -> str:
    """How a database is reached: an address as people write it, with the password that stands elsewhere.

    Raises:
        LedgerAddressError: it is no address of a PostgreSQL database.
    """
    # What the library says of a wrong address repeats it, password and all: it is never told.
    try:
        given = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise LedgerAddressError(detail="读不懂") from None
    if not given.get("dbname"):
        raise LedgerAddressError(detail="没有写数据库名")
    return psycopg.conninfo.make_conninfo(url, **({"password": password} if password else {}))


def place_of(dsn: str) -> str:
    """Which database it is, without anything secret."""
    given = psycopg.conninfo.conninfo_to_dict(dsn)
    return f"{given.get('host', 'localhost')}/{given.get('dbname', '')}"


def unavailable(place: str, error: Exception) -> LedgerUnavailableError:
    """The error to raise for a store that does not answer."""
    detail = str(error).strip().partition("\n")[0]
    return LedgerUnavailableError(
        f"账本数据库“{place}”不能读写（{detail}）：请检查数据库服务、磁盘和权限，恢复后会自动重试。",
        place=place,
        detail=detail,
    )


def plainly_connected(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection of the login itself, in no role of the ledger."""
    return psycopg.connect(dsn, autocommit=True, connect_timeout=_PATIENCE_SECONDS)


def connected(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection of the writer role, each statement its own transaction unless one is begun."""
    connection = plainly_connected(dsn)
    connection.execute("SET ROLE duban_writer")
    connection.execute("SET search_path TO duban, pg_catalog")
    connection.execute("SET lock_timeout = '10s'")
    return connection


class PostgresStatements:
    """The writing connection as the rows see it: values stand for `?`."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._cursor = connection.cursor()

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run one statement."""
        return self._cursor.execute(_translated(statement), values, prepare=True)

    def executemany(self, statement: str, values: Sequence[Sequence[Any]], /) -> object:
        """Run one statement for each row of values."""
        if len(values) == 1:
            return self.execute(statement, values[0])
        self._cursor.executemany(_translated(statement), values)
        return None


class PostgresReaders:
    """Reading connections; any thread may ask."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle: SimpleQueue[psycopg.Connection[tuple[Any, ...]]] = SimpleQueue()

    def rows(self, query: str, values: Sequence[object] = (), /) -> list[Any]:
        """All rows of one query.

        Raises:
            LedgerUnavailableError: the database does not answer.
        """
        try:
            connection = self._borrowed()
            try:
                rows = connection.execute(_translated(query), values).fetchall()
            except psycopg.Error:
                connection.close()
                raise
        except psycopg.Error as error:
            raise unavailable(place_of(self._dsn), error) from error
        self._idle.put(connection)
        return rows

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def _borrowed(self) -> psycopg.Connection[tuple[Any, ...]]:
        try:
            return self._idle.get_nowait()
        except Empty:
            return connected(self._dsn)


@lru_cache(maxsize=256)
def _translated(statement: str) -> bytes:
    return statement.replace("%", "%%").replace("?", "%s").encode()
