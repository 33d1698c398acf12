"""Accounts on an SQL store: one thread owns the connection; what waits for it is written in one transaction.

What is kept of accounts as rows of one table: the kind, the key, the owner, the end, the document.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

from adapters.sql.answers import Outcome, deliver
from adapters.sql.statements import Statements
from domain.accounts.kept import Kept
from domain.accounts.tokens import ApiToken
from domain.errors import LedgerUnavailableError
from domain.ports.accounts import AccountRows

Thing = TypeVar("Thing", bound=Kept)

_ALL: Final = 2**31 - 1
"""More than any table of accounts has; one store wants a limit before an offset, and both take a number."""
COLUMNS: Final = """(
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  owner TEXT NOT NULL,
  ends_at TEXT,
  document TEXT NOT NULL,
  PRIMARY KEY (kind, key)
)"""


class SqlAccountRows:
    """The port `AccountRows` on an open transaction of any store."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    def one(self, kind: type[Thing], key: str) -> Thing | None:
        row = self._statements.execute("SELECT document FROM kept WHERE kind=? AND key=?", (kind.kind, key)).fetchone()
        return kind.model_validate_json(row[0]) if row else None

    def every(self, kind: type[Thing], owner: str | None = None) -> Sequence[Thing]:
        if owner is None:
            answers = self._statements.execute("SELECT document FROM kept WHERE kind=?", (kind.kind,))
        else:
            query = "SELECT document FROM kept WHERE kind=? AND owner=?"
            answers = self._statements.execute(query, (kind.kind, owner))
        things = [kind.model_validate_json(row[0]) for row in answers.fetchall()]
        return sorted(things, key=lambda thing: thing.key)

    def keys(self, kind: type[Kept], owner: str) -> Sequence[str]:
        query = "SELECT key FROM kept WHERE kind=? AND owner=?"
        return sorted(row[0] for row in self._statements.execute(query, (kind.kind, owner)).fetchall())

    def count(self, kind: type[Kept]) -> int:
        return int(self._statements.execute("SELECT count(*) FROM kept WHERE kind=?", (kind.kind,)).fetchone()[0])

    def put(self, thing: Kept) -> None:
        self._statements.execute(
            "INSERT INTO kept(kind, key, owner, ends_at, document) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET owner=excluded.owner, ends_at=excluded.ends_at,"
            " document=excluded.document",
            (thing.kind, thing.key, thing.owner, _instant(thing.ends_at), thing.model_dump_json()),
        )

    def remove(self, thing: Kept) -> bool:
        query = "DELETE FROM kept WHERE kind=? AND key=? RETURNING key"
        return bool(self._statements.execute(query, (thing.kind, thing.key)).fetchall())

    def keep_last(self, kind: type[Kept], owner: str, most: int) -> int:
        query = (
            "DELETE FROM kept WHERE kind=? AND key IN (SELECT key FROM kept WHERE kind=? AND owner=?"
            " ORDER BY ends_at DESC, key LIMIT ? OFFSET ?) RETURNING key"
        )
        return len(self._statements.execute(query, (kind.kind, kind.kind, owner, _ALL, most)).fetchall())

    def remove_ended(self, now: datetime) -> int:
        query = "DELETE FROM kept WHERE ends_at IS NOT NULL AND ends_at<=? AND kind<>? RETURNING key"
        return len(self._statements.execute(query, (_instant(now), ApiToken.kind)).fetchall())


def _instant(instant: datetime | None) -> str | None:
    """An instant as a text that sorts as instants do."""
    return None if instant is None else instant.astimezone(UTC).isoformat(timespec="microseconds")


Answer = TypeVar("Answer")
Work = Callable[[AccountRows], Any]
Waiting = tuple[Work, "asyncio.Future[Any]"]


class AccountConnection(Protocol):
    """A store's one connection; it is used by one thread."""

    place: str
    failures: type[Exception]
    """What the store raises when it fails; a work's own errors are of other kinds."""

    def changing(self) -> AbstractContextManager[Statements]:
        """A transaction that no other one runs beside; what is raised inside undoes it."""

    def reading(self) -> AbstractContextManager[Statements]:
        """Statements that only read."""

    def close(self) -> None:
        """Let the connection go."""


class SqlAccounts:
    """The port `AccountStore`. Many who come at once wait for the disk once, and each is kept or undone alone."""

    def __init__(self, connection: AccountConnection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="accounts")
        self._waiting: list[Waiting] = []
        self._guard = threading.Lock()
        self._closed = False

    async def change(self, work: Callable[[AccountRows], Answer]) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        with self._guard:
            self._must_be_open()
            self._waiting.append((work, answer))
            self._thread.submit(self._write)
        return await answer

    async def read(self, work: Callable[[AccountRows], Answer]) -> Answer:
        def done() -> Answer:
            with self._connection.reading() as statements:
                return work(SqlAccountRows(statements))

        with self._guard:
            self._must_be_open()
            answer = asyncio.get_running_loop().run_in_executor(self._thread, done)
        return await answer

    def close(self) -> None:
        with self._guard:
            already, self._closed = self._closed, True
        if not already:
            self._thread.submit(self._connection.close)
            self._thread.shutdown(wait=True)

    def _must_be_open(self) -> None:
        if self._closed:
            place = self._connection.place
            raise LedgerUnavailableError(f"账号库“{place}”已经关闭：请在程序重新启动后再试。", place=place)

    # The thread

    def _write(self) -> None:
        with self._guard:
            batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            outcomes = self._outcomes([work for work, _ in batch])
        except BaseException as error:  # noqa: BLE001 - whatever went wrong belongs to the callers, never to this thread
            outcomes = [(None, error)] * len(batch)
        deliver([(answer, outcome) for (_, answer), outcome in zip(batch, outcomes, strict=True)])

    def _outcomes(self, works: Sequence[Work]) -> list[Outcome]:
        with self._connection.changing() as statements:
            rows = SqlAccountRows(statements)
            return [self._outcome(statements, rows, work) for work in works]

    def _outcome(self, statements: Statements, rows: SqlAccountRows, work: Work) -> Outcome:
        statements.execute("SAVEPOINT work")
        try:
            result = work(rows)
        except self._connection.failures:
            raise
        except Exception as error:  # noqa: BLE001 - it is the caller's
            statements.execute("ROLLBACK TO SAVEPOINT work")
            return None, error
        statements.execute("RELEASE SAVEPOINT work")
        return result, None
