"""Accounts on an SQL store: one thread owns the connection; what waits for it is written in one transaction."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from adapters.accounts.account_rows import SqlAccountRows
from adapters.sql.answers import Outcome, deliver
from adapters.sql.statements import Statements
from domain.errors import LedgerUnavailableError
from domain.ports.accounts import AccountRows, LookThrough

Answer = TypeVar("Answer")
Work = Callable[[AccountRows], Any]
Waiting = tuple[Work, LookThrough | None, "asyncio.Future[Any]"]


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

    async def change(self, work: Callable[[AccountRows], Answer], look: LookThrough | None = None) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        with self._guard:
            self._must_be_open()
            self._waiting.append((work, look, answer))
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
            outcomes = self._outcomes([(work, look) for work, look, _ in batch])
        except BaseException as error:  # noqa: BLE001 - whatever went wrong belongs to the callers, never to this thread
            outcomes = [(None, error)] * len(batch)
        deliver([(answer, outcome) for (_, _, answer), outcome in zip(batch, outcomes, strict=True)])

    def _outcomes(self, works: Sequence[tuple[Work, LookThrough | None]]) -> list[Outcome]:
        with self._connection.changing() as statements:
            return [self._outcome(statements, SqlAccountRows(statements, look), work) for work, look in works]

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
