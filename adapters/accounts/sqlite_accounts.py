"""Accounts in a SQLite file of their own, which nobody else may read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from adapters.accounts.account_rows import COLUMNS
from adapters.accounts.sql_accounts import SqlAccounts
from adapters.sql.process_lock import ProcessLock
from adapters.sql.sqlite_failures import unavailable
from adapters.sql.statements import Statements
from domain.errors import InputError, LedgerUnavailableError

_APPLICATION_ID = 0x44554143
"""`DUAC`: says in the file's header whose file it is."""
_VERSION = 1
_BUSY_SECONDS = 10.0
_ONLY_US = 0o600
_WHAT = "账号库"


class SqliteAccounts(SqlAccounts):
    """The port `AccountStore` on one file; several processes may open it."""

    def __init__(self, path: Path) -> None:
        super().__init__(_SqliteConnection(path))


def leave_logins_out(copy: Path) -> None:
    """Delete everything but accounts and keys from a backup's copy: logins that ended since must not come back."""
    connection = sqlite3.connect(copy, isolation_level=None)
    try:
        connection.execute("DELETE FROM kept WHERE kind NOT IN ('account', 'passkey')")
        connection.execute("VACUUM")
    finally:
        connection.close()


def written_file(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Make a file of accounts that has these rows, and no other file beside it."""
    store = _SqliteConnection(path)
    try:
        with store.changing() as statements:
            statements.executemany("INSERT INTO kept(kind, key, owner, ends_at, document) VALUES (?, ?, ?, ?, ?)", rows)
        with store.reading() as statements:
            statements.execute("PRAGMA journal_mode=DELETE")
    finally:
        store.close()


class _SqliteConnection:
    failures: type[Exception] = sqlite3.Error

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self._path = path
        self._lock = ProcessLock(path.with_name(path.name + ".lock"), _BUSY_SECONDS, _WHAT)
        self._open: sqlite3.Connection | None = None

    @contextmanager
    def changing(self) -> Iterator[Statements]:
        try:
            connection = self._opened()
            with self._lock.held():
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    yield connection
                    connection.execute("COMMIT")
                except (sqlite3.Error, OSError):
                    self._abandon()  # undoes what was begun, while nobody else has the lock
                    raise
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
        except (sqlite3.Error, OSError) as error:
            raise unavailable(self._path, error, _WHAT) from error

    @contextmanager
    def reading(self) -> Iterator[Statements]:
        try:
            yield self._opened()
        except (sqlite3.Error, OSError) as error:
            self._let_go()
            raise unavailable(self._path, error, _WHAT) from error

    def close(self) -> None:
        try:
            self._let_go()
        finally:
            self._lock.close()

    def _let_go(self) -> None:
        """Under the lock, as whoever closes. Where it is not to be had, another one has the file open and checkpoints
        it: a connection that is not the last one closes without touching it."""
        if self._open is None:
            return
        with suppress(LedgerUnavailableError, OSError), self._lock.held():
            self._abandon()
        self._abandon()

    def _abandon(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._open is None:
            with self._lock.held():
                if not self._path.exists():
                    # Made closed to others before anything is in it; what SQLite puts beside it gets the same mode.
                    # Never a file that is there: to close it lets go of every lock that this process has on it, and
                    # the next process that leaves the store takes the log away from under the connections here.
                    os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, _ONLY_US))
                self._path.chmod(_ONLY_US)
                connection = sqlite3.connect(
                    self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
                )
                try:
                    self._prepare(connection)
                except BaseException:
                    connection.close()
                    raise
            self._open = connection
        return self._open

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # What was removed is not left in the file: hashes, and who was signed in from where.
        connection.execute("PRAGMA secure_delete=ON")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > _VERSION:
            raise InputError(f"账号库“{self._path}”由更新的版本写成：请用更新的版本打开。", place=str(self._path))
        if version < _VERSION:
            connection.executescript(
                f"BEGIN IMMEDIATE;CREATE TABLE IF NOT EXISTS kept{COLUMNS} STRICT;"
                "CREATE INDEX IF NOT EXISTS kept_owner ON kept(kind, owner);"
                "CREATE INDEX IF NOT EXISTS kept_end ON kept(ends_at) WHERE ends_at IS NOT NULL;"
                f"PRAGMA application_id={_APPLICATION_ID};PRAGMA user_version={_VERSION};COMMIT;"
            )
