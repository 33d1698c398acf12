"""A throw-away installation for a measurement: the embedded engine, a data folder, and workers as real processes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psutil

from application.engine_room.data_folder import prepare_data_folder
from application.engine_room.embedded import EmbeddedEngine
from application.engine_room.engine import Engine
from application.office.office import Office
from application.settings import Settings
from bench.attested import attesting
from bench.patience import PATIENCE_SECONDS
from bench.processes import Process, started
from domain.errors import EngineUnreachableError
from entrypoints.bootstrap import open_office

DUBAN_WORKER = ("worker.py",)
FLOOR_WORKER = ("-m", "bench.floor_worker")

_installations = count()
_STOP_SECONDS = 15.0
"""After that a worker that was told to stop is killed."""
_NOT_HANDED_ON = ("DUBAN_", "TEMPORAL_", "COLUMNS", "LINES", "FORCE_COLOR")


def progress(text: str) -> None:
    """Tell on standard error how far it is, so that standard output is the table alone."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@dataclass(slots=True)
class Usage:
    """What a process has used so far: CPU seconds, and the bytes it holds in memory."""

    cpu_seconds: float
    memory: int


def usage_of(pid: int) -> Usage:
    """What a process uses now."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    return Usage(times.user + times.system, process.memory_info().rss)


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment of a child that works on this installation, with nothing of this one's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
    channels = {} if settings.channels is None else {"DUBAN_CHANNELS": str(settings.channels)}
    return (
        kept
        | channels
        | {
            "DUBAN_DATA": str(settings.data),
            "DUBAN_TASK_QUEUE": settings.task_queue,
            "DUBAN_LOG_LEVEL": "error",
            "DUBAN_STICKY_SECONDS": str(settings.sticky_seconds),
            "DUBAN_CACHED_PROJECTS": str(settings.cached_projects),
            "PYTHONIOENCODING": "utf-8",
        }
    )


class WorkerProcess:
    """A worker as an operator runs it: a process of its own that can be measured, stopped and killed."""

    def __init__(self, settings: Settings, program: Sequence[str] = DUBAN_WORKER) -> None:
        self._settings, self._program = settings, program
        self._process = self._started()

    def _started(self) -> Process:
        with (self._settings.data / "worker.log").open("ab") as log:
            return started(self._program, environment_of(self._settings), log)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def usage(self) -> Usage:
        """What the worker uses now."""
        return usage_of(self.pid)

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()
        self._process.wait(PATIENCE_SECONDS)

    def start_again(self) -> None:
        """Start it again, after it ended."""
        self._process = self._started()

    def stop(self) -> None:
        """End it politely, or else at once."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()


@asynccontextmanager
async def installation(name: str, sticky_seconds: int = 20) -> AsyncIterator[Office]:
    """An office on an embedded engine of its own; the engine is ended and the folder removed whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix=f"duban-bench-{name}-"))
    # Each installation looks for ports in a range of its own, so that two measurements do not meet.
    first = 12_000 + os.getpid() % 180 * 100 + next(_installations) % 10 * 10
    settings = Settings(data=folder / "data", engine_port=first, ui_port=first + 5, sticky_seconds=sticky_seconds)
    prepare_data_folder(settings)
    embedded = EmbeddedEngine(settings)
    try:
        await embedded.up()
        async with open_office(settings) as office:
            await office.engine.prepare_namespace()
            yield attesting(office)
    finally:
        await asyncio.to_thread(embedded.down)
        shutil.rmtree(folder, ignore_errors=True)


def engine_pid(settings: Settings) -> int:
    """The process id of the installation's engine."""
    running = EmbeddedEngine(settings).running()
    assert running is not None
    return running.pid


def engine_bytes(settings: Settings) -> int:
    """The bytes of the engine's database that hold something, its write-ahead log included."""
    return used_bytes(settings.engine_folder / "temporal.db")


def used_bytes(database: Path) -> int:
    """The bytes of a SQLite file's pages in use, as a reader sees them."""

    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        pages, free, size = (
            int(connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
    finally:
        connection.close()
    return (pages - free) * size


async def until_it_polls(office: Office, task_queue: str) -> None:
    """Wait until a worker polls a task queue.

    Raises:
        TimeoutError: none came.
    """

    engine = Engine(office.engine.client, task_queue)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        # An engine that has more to do than it can is asked again.
        with suppress(EngineUnreachableError):
            if await engine.workers():
                return
        await asyncio.sleep(0.1)
    raise TimeoutError(f"no worker polls {task_queue}")


@asynccontextmanager
async def at_work(
    office: Office, settings: Settings | None = None, program: Sequence[str] = DUBAN_WORKER
) -> AsyncIterator[WorkerProcess]:
    """A worker that polls, on the office's own settings or on others; it is ended afterwards, whatever happens."""
    settings = settings or office.settings
    worker = WorkerProcess(settings, program)
    try:
        await until_it_polls(office, settings.task_queue)
        yield worker
    finally:
        worker.stop()
