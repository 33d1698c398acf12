"""The ledger and the outbox in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self

from adapters.ledger.group_commit import GroupCommit, Work
from adapters.ledger.packing import packed
from adapters.ledger.sql_ledger import SqlLedger
from adapters.ledger.sql_rows import SqlRows
from adapters.ledger.sqlite_schema import BUSY_SECONDS, prepare_file
from adapters.ledger.transaction import Transaction
from adapters.ledger.writer_clock import WriterClock
from adapters.sql.process_lock import ProcessLock
from adapters.sql.sqlite_failures import unavailable
from adapters.sql.sqlite_files import is_on_a_still_medium, read_only_uri
from domain.errors import DubanError, LedgerConflictError
from domain.ports.mandates import Mandate


class SqliteReaders:
    """Connections that cannot write, borrowed for one page at a time, so that no reader holds an old snapshot. Any
    thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    def rows(self, query: str, values: Sequence[object] = (), /) -> list[Any]:
        try:
            connection = self._borrowed()
            try:
                return connection.execute(query, values).fetchall()
            finally:
                self._idle.put(connection)
        except sqlite3.Error as error:
            raise unavailable(self._path, error) from error

    def close(self) -> None:
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _borrowed(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except Empty:
            # SQLite is built for several threads; a connection is lent to one at a time.
            return sqlite3.connect(
                read_only_uri(self._path), uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )


class SoleMandate:
    """The port `Mandates` over a file: its host's lock orders who writes, and whoever works on it leads."""

    elects = False
    leads = True
    lost = False

    def take(self, name: str) -> None:
        """Nothing is to be taken."""

    def leave(self) -> None:
        """Nothing is to be given back."""

    def held(self) -> list[Mandate]:
        """Nobody needs one."""
        return []


class SqliteLedger(SqlLedger):
    """The ports `Ledger` and `Outbox` on one file: one writing thread, readers on connections of their own.

    Several processes may open the same file; their transactions follow one another.
    """

    _check = "PRAGMA integrity_check(20)"

    def __init__(self, path: Path, now: Callable[[], datetime], lock: ProcessLock) -> None:
        self._path = path
        self._clock = WriterClock(now)
        self._lock = lock
        self._connection: sqlite3.Connection | None = None
        self._is_still = is_on_a_still_medium(path)
        super().__init__(SqliteReaders(path), GroupCommit(self._write, self._end_writing, str(path)))

    @classmethod
    def open(cls, path: Path, now: Callable[[], datetime], *, as_it_stands: bool = False) -> Self:
        """Open the ledger's file, or make it; `now` is the writer's clock (aware instants). With `as_it_stands` an
        older file stays so: entries and what goes out can be read.

        Raises:
            LedgerTooNewError: a newer version wrote the file.
            LedgerUnreadableError: the file is something else.
            LedgerUnavailableError: the file cannot be opened or made.
        """
        lock = ProcessLock(path.with_name(path.name + ".lock"), BUSY_SECONDS)
        try:
            prepare_file(path, lock, as_it_stands=as_it_stands)
        except BaseException:
            lock.close()
            raise
        return cls(path, now, lock)

    def close(self) -> None:
        """Write what is queued, answer those who wait, and let the file go. Repeatable."""
        # The writing connection closes last: it folds the write-ahead log into the file, which then is whole.
        self._readers.close()
        super().close()
        self._lock.close()

    def stand_still(self, why: DubanError) -> None:
        """Let nothing be written from here, for this reason; what is there can be read."""
        self._is_still, self._refused = True, why

    def mandates(self) -> SoleMandate:
        """Whoever works on a file leads."""
        return SoleMandate()

    # The writing thread

    def _write(self, works: Sequence[Work]) -> list[Any]:
        if self._refused is not None:
            raise self._refused
        with self._lock.held():
            try:
                connection = self._writing()
                connection.execute("BEGIN IMMEDIATE")
                transaction = Transaction(SqlRows(connection, packed), self._clock)
                results = [work(transaction) for work in works]
                connection.execute("COMMIT")
                self._clock.committed()
            except sqlite3.IntegrityError as error:
                self._abandon()
                raise LedgerConflictError(
                    f"台账“{self._path}”的守则拒绝了这次写入（{error}）：未记入，请告知系统维护人员。"
                ) from error
            except sqlite3.Error as error:
                self._abandon()
                # Where the file could only be read, SQLite goes on so for as long as any connection of ours is open.
                self._readers.close()
                raise unavailable(self._path, error) from error
            except BaseException:
                self._roll_back()
                raise
        return results

    def _writing(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("PRAGMA foreign_keys=ON")
        return self._connection

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _abandon(self) -> None:
        """Let a connection go whose last write failed: what the disk holds is asked anew by the next one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _end_writing(self) -> None:
        if self._connection is not None:
            with self._lock.held():
                self._abandon()
