"""PostgreSQL as every store of ours speaks to it: addresses, connections, statements whose values stand for `?`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from domain.errors import LedgerUnavailableError
from domain.record.ledger_errors import LedgerAddressError

_PATIENCE_SECONDS = 10
ANSWERS_WITHIN_SECONDS = 30.0
"""How long one statement is waited for: longer than it may wait for a lock (10 s)."""
# A host that vanishes says nothing: who waits for nobody's answer any more hears of it within half a minute, whether
# something was sent that nobody took (the last one) or nothing was. What an address says of these goes before.
_VANISHED = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
Found = TypeVar("Found")
_NOT_SET_UP = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)


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


def unavailable(place: str, error: Exception, what: str = "台账") -> LedgerUnavailableError:
    """The error to raise for a store that does not answer."""
    detail = str(error).strip().partition("\n")[0]
    if isinstance(error, _NOT_SET_UP) or "does not exist" in detail:
        # The ledger's own login makes nothing: an administrator does, once and after each upgrade.
        return LedgerUnavailableError(
            f"{what}数据库“{place}”还没有准备好，或这个登录没有权限（{detail}）：请数据库管理员运行 "
            "python deploy/set_up_ledger.py（docs/operations.md），再试一次。",
            place=place,
            detail=detail,
        )
    return LedgerUnavailableError(
        f"{what}数据库“{place}”不能读写（{detail}）：请检查数据库服务、磁盘和权限，恢复后会自动重试。",
        place=place,
        detail=detail,
    )


@contextmanager
def answering(dsn: str, what: str = "台账") -> Iterator[None]:
    """Let what the database does not do in this block be told as a store that does not answer.

    Raises:
        LedgerUnavailableError: it did not do it.
    """
    try:
        yield
    except psycopg.Error as error:
        raise unavailable(place_of(dsn), error, what) from error


class _AnsweredInTime(psycopg.Connection[tuple[Any, ...]]):
    """A connection of which nobody waits for ever: a server that is frozen takes what is sent and does not answer."""

    def wait(self, gen: PQGen[Found], interval: float = 0.1, timeout: float | None = None) -> Found:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        began = time.monotonic()
        try:
            return super().wait(gen, interval, ANSWERS_WITHIN_SECONDS)
        except psycopg.OperationalError as error:
            if time.monotonic() < began + ANSWERS_WITHIN_SECONDS:
                raise
            # Whatever comes of it still is not known here; who asks next asks by another connection.
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer within {ANSWERS_WITHIN_SECONDS:.0f} s") from error


def plainly_connected(dsn: str, *, for_ever: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection of the login itself, in no role of the ledger; `for_ever` for what may take its time."""
    kind: type[psycopg.Connection[tuple[Any, ...]]] = psycopg.Connection if for_ever else _AnsweredInTime
    given = psycopg.conninfo.conninfo_to_dict(dsn)
    vanished = {name: value for name, value in _VANISHED.items() if name not in given}
    dsn = psycopg.conninfo.make_conninfo(dsn, **vanished)
    # A server or a login may be set to another encoding; without one (SQL_ASCII) the library reads bytes for texts.
    connection = kind.connect(dsn, autocommit=True, connect_timeout=_PATIENCE_SECONDS, client_encoding="UTF8")
    # Set to a stricter one, it would refuse what waits for a lock in good order, and an act with it.
    connection.execute("SET default_transaction_isolation = 'read committed'")
    return connection


class PostgresStatements:
    """The writing connection as the rows see it: values stand for `?`."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._cursor = connection.cursor()

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[tuple[Any, ...]]:
        return self._cursor.execute(translated(statement), values, prepare=True)

    def executemany(self, statement: str, values: Sequence[Sequence[Any]], /) -> object:
        if len(values) == 1:
            return self.execute(statement, values[0])
        self._cursor.executemany(translated(statement), values)
        return None


@lru_cache(maxsize=256)
def translated(statement: str) -> bytes:
    """A statement as the library wants it."""
    return statement.replace("%", "%%").replace("?", "%s").encode()
