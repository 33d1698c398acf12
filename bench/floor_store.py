"""The store of the smallest workflow: an append-only SQLite file, as safe as the ledger's."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from temporalio import activity

from bench.floor import WRITE_RECORD

_Row = tuple[str, int, str]


class FloorStore:
    """Records that wait together are committed together, each answered after the sync."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS record(position INTEGER PRIMARY KEY, stream TEXT NOT NULL,"
            " seq INTEGER NOT NULL, what TEXT NOT NULL, written_at TEXT NOT NULL, UNIQUE (stream, seq)) STRICT"
        )
        self._waiting: list[tuple[_Row, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    @activity.defn(name=WRITE_RECORD)
    async def write_record(self, stream: str, seq: int, what: str) -> None:
        """Append a record."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((stream, seq, what), answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_what_waits())
        await answer

    async def _write_what_waits(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await asyncio.to_thread(self._commit, [row for row, _ in batch])
            for _, answer in batch:
                answer.set_result(None)

    def _commit(self, rows: Sequence[_Row]) -> None:
        now = datetime.now(UTC).isoformat()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            "INSERT OR IGNORE INTO record(stream, seq, what, written_at) VALUES (?, ?, ?, ?)",
            [(*row, now) for row in rows],
        )
        self._connection.execute("COMMIT")


def floor_file(data: Path) -> Path:
    """The file of the floor's records."""
    return data / "floor.db"
