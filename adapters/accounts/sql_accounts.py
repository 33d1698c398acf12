"""Accounts on an SQL store: one thread that owns the connection, one transaction after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from adapters.accounts.account_rows import SqlAccountRows
from adapters.sql.statements import Statements
from domain.errors import LedgerUnavailableError
from domain.ports.accounts import AccountRows

Answer = TypeVar("Answer")


class AccountConnection(Protocol):
    """A store's one connection; it is used by one thread."""

    place: str

    def changing(self) -> AbstractContextManager[Statements]:
        """A transaction that no other one runs beside; what is raised inside undoes it."""
        ...

    def reading(self) -> AbstractContextManager[Statements]:
        """Statements that only read."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


class SqlAccounts:
    """The port `AccountStore`."""

    def __init__(self, connection: AccountConnection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="accounts")
        self._closed = False

    async def change(self, work: Callable[[AccountRows], Answer]) -> Answer:
        """Do a work in a transaction of its own; what it raises undoes it."""
        return await self._on_the_thread(self._connection.changing, work)

    async def read(self, work: Callable[[AccountRows], Answer]) -> Answer:
        """Do a work that only reads."""
        return await self._on_the_thread(self._connection.reading, work)

    def close(self) -> None:
        """End what was begun, and let the store go. Repeatable."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._connection.close)
            self._thread.shutdown(wait=True)

    async def _on_the_thread(
        self, opened: Callable[[], AbstractContextManager[Statements]], work: Callable[[AccountRows], Answer]
    ) -> Answer:
        if self._closed:
            place = self._connection.place
            raise LedgerUnavailableError(f"账号库“{place}”已经关闭：请在程序重新启动后再试。", place=place)

        def done() -> Answer:
            with opened() as statements:
                return work(SqlAccountRows(statements))

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)
