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
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

import psutil

from application.engine_room.data_folder import prepare_data_folder
from application.engine_room.embedded import EmbeddedEngine
from application.engine_room.engine import Engine
from application.office.office import Office
from application.office.starting import InTurn, Year, start_mailboxes, start_project
from application.settings import Settings
from bench.attested import attesting
from bench.patience import PATIENCE_SECONDS, until
from bench.processes import Process, started
from domain.errors import EngineUnreachableError
from domain.project import KeyProject
from entrypoints.bootstrap import open_office

DUBAN_WORKER = ("worker.py",)
FLOOR_WORKER = ("-m", "bench.floor")

_installations = count()
_STARTED_AT_ONCE = 16
_STOP_SECONDS = 15.0
"""After that a worker that was told to stop is killed."""
_NOT_HANDED_ON = ("DUBAN_", "TEMPORAL_", "COLUMNS", "LINES", "FORCE_COLOR", "PYTHONDONTWRITEBYTECODE")


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
    """The environment of a child that works on this installation, with none of this one's settings but its printing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
    channels = {} if settings.channels is None else {"DUBAN_CHANNELS": str(settings.channels)}
    return (
        kept
        | channels
        | {
            "DUBAN_DATA": str(settings.data),
            "DUBAN_TASK_QUEUE": settings.task_queue,
            "DUBAN_LOG_LEVEL": "error",
            "DUBAN_PDF": os.environ.get("DUBAN_PDF", settings.pdf),
            "DUBAN_STICKY_SECONDS": str(settings.sticky_seconds),
            "DUBAN_CACHED_PROJECTS": str(settings.cached_projects),
            "PYTHONIOENCODING": "utf-8",
        }
    )


class Service:
    """A program that goes on until it is ended, as an operator runs it: it can be stopped, killed, begun again."""

    def __init__(self, program: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._program, self._environment, self._log = program, environment, log
        self._process = self._started()

    def _started(self) -> Process:
        with self._log.open("ab") as log:
            return started(self._program, self._environment, log)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()
        self._process.wait(PATIENCE_SECONDS)

    def start_again(self) -> None:
        """Start it again where it does not run."""
        if not self.alive():
            self._process = self._started()

    def stop(self) -> None:
        """End it politely, or else at once."""
        if self.alive():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()


class WorkerProcess(Service):
    """A worker of an installation."""

    def __init__(self, settings: Settings, program: Sequence[str] = DUBAN_WORKER) -> None:
        super().__init__(program, environment_of(settings), settings.data / "worker.log")


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


async def kill_engine(settings: Settings, away: float = 0.0) -> None:
    """End the installation's engine as a power failure would, and start it again after so many seconds."""
    os.kill(engine_pid(settings), signal.SIGKILL)
    await asyncio.sleep(away)
    await EmbeddedEngine(settings).up()


async def until_it_polls(office: Office, task_queue: str = "") -> None:
    """Wait until a worker polls a task queue, the office's own by itself.

    Raises:
        TimeoutError: none came.
    """
    engine = Engine(office.engine.client, task_queue or office.settings.task_queue)

    async def polled() -> bool:
        # An engine that has more to do than it can is asked again.
        with suppress(EngineUnreachableError):
            return bool(await engine.workers())
        return False

    await until(polled, f"a worker that polls {engine.task_queue}")


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
        await asyncio.to_thread(worker.stop)


async def start(office: Office, year: Year) -> None:
    """Start a year in this process; every project of it must be new.

    A worker opens a mailbox, too, where mail waits for one: by the installation's clock, as a start settles it.
    """
    await office.records.ledger.settle_clock(year.clock)
    gate, in_turn = asyncio.Semaphore(_STARTED_AT_ONCE), InTurn()

    async def one(project: KeyProject) -> None:
        async with gate:
            begun = await in_turn.started(lambda: start_project(office.engine, office.records.ledger, year, project))
        assert begun.outcome == "started", begun.text

    await asyncio.gather(*(one(project) for project in year.listed.projects))
    # The mailboxes come last: a project is on record only when its supervision order is in the outbox.
    await start_mailboxes(office.engine, year)


def starting(office: Office, plan: Path, out: IO[bytes]) -> Process:
    """The program that starts a plan, two persons having agreed."""
    told = (str(plan), "--as-of", "2018-04-25", "--by", "李", "--confirmed-by", "王", "--yes")
    return started(("starter.py", *told), environment_of(office.settings), out)
