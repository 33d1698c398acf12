"""Reading connections: read-only, borrowed for one page at a time, so that no reader holds an old snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from adapters.ledger.sqlite_schema import BUSY_SECONDS
from adapters.sql.sqlite_failures import unavailable
from adapters.sql.sqlite_files import read_only_uri


class SqliteReaders:
    """Connections that cannot write; any thread may ask."""

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
