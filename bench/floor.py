"""The smallest workflow that does to the engine what a supervision does, and nothing else; `python -m bench.floor`.

It carries the same text, waits until the same instants with one timer at a time, writes one record for each wake-up
and each update by a local activity, and knows nothing of supervision. Its store is an append-only SQLite file, as safe
as the ledger's, its worker has a supervision worker's own tuning.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio import activity, workflow

from application.settings import load_settings
from bench.working import work_until_told
from entrypoints.bootstrap import reach_engine

WRITE_RECORD = "write_record"
_Row = tuple[str, int, str]


@workflow.defn(name="Smallest")
class Smallest:
    """Waits, writes, answers."""

    @workflow.init
    def __init__(self, carried: str, instants: list[datetime]) -> None:
        self._unwritten = [carried]
        self._seq = 0

    @workflow.run
    async def run(self, carried: str, instants: list[datetime]) -> int:
        """Write what there is, then wait for the next instant or an update."""
        for at in instants:
            while not await self._came(at):
                await self._write()
            self._unwritten.append(f"due {at.isoformat()}")
        await self._write()
        return self._seq

    @workflow.update
    def complete(self, text: str) -> int:
        """Take a completion."""
        self._unwritten.append(text)
        return self._seq

    async def _came(self, at: datetime) -> bool:
        if self._unwritten:
            return False
        try:
            await workflow.wait_condition(lambda: bool(self._unwritten), timeout=at - workflow.now())
        except TimeoutError:
            return True
        return False

    async def _write(self) -> None:
        what = "\n".join(self._unwritten)
        self._unwritten.clear()
        seq, self._seq = self._seq, self._seq + 1
        await workflow.execute_local_activity(
            WRITE_RECORD,
            args=[workflow.info().workflow_id, seq, what],
            schedule_to_close_timeout=timedelta(seconds=6),
        )


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


async def _work() -> None:
    settings = load_settings()
    engine, _ = await reach_engine(settings)
    await work_until_told(engine.client, settings, [FloorStore(floor_file(settings.data)).write_record], [Smallest])


if __name__ == "__main__":
    asyncio.run(_work())
