"""The register: pages of any filter and sort, its making, and `duban status`.

`python -m bench register [--register-projects N]`; SQLite and PostgreSQL, one after the other.
"""

from __future__ import annotations

import asyncio
import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.clock.system_clock import SystemClock
from adapters.ledger.ledger_copy import copy_in
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.office.register import RegisterDesk
from bench import register_year
from bench.installation import progress
from bench.register_kills import killed
from bench.register_status import StatusTime, status_times
from bench.tables import table
from domain.ports.register import DutyQuery, ProjectQuery, Register
from domain.rules.calendar import office_instant
from tests.postgres_server import postgres_server

NOON = office_instant(date(2018, 7, 10), datetime.min.time()) + timedelta(hours=12)
PAGE = 50
MEDIAN_GOAL, P95_GOAL = 20.0, 60.0
_NOW = SystemClock().now
_ROUNDS = 20
_PROJECT_FILTERS: dict[str, dict[str, Any]] = {
    "everything": {},
    "year": {"year": 2018},
    "lead": {"lead": register_year.DEPARTMENTS[3]},
    "participant": {"participant": register_year.DEPARTMENTS[3]},
    "red": {"lights": ("red",)},
    "stage": {"stages": ("in_progress",)},
    "due in a month": {"due_from": date(2018, 7, 1), "due_until": date(2018, 7, 31)},
    "two characters": {"text": "方案"},
    "nothing found": {"text": "没有"},
    "category": {"category": "民生"},
    "red, category, text": {"lights": ("red",), "category": "民生", "text": "座谈"},
}
_DUTY_FILTERS: dict[str, dict[str, Any]] = {
    "everything": {},
    "department": {"department": register_year.DEPARTMENTS[3]},
    "its leads": {"department": register_year.DEPARTMENTS[3], "role": "lead"},
    "red": {"lights": ("red",)},
    "open": {"open": True},
    "due in a month": {"due_from": date(2018, 7, 1), "due_until": date(2018, 7, 31)},
    "two characters": {"text": "方案"},
}


@dataclass
class Pages:
    """The milliseconds of one question, asked again and again, and those of this process's CPU."""

    what: str
    rows: int
    spans: list[float]
    cpu: float

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.spans)

    @property
    def p95(self) -> float:
        """What nineteen of twenty do not pass."""
        return sorted(self.spans)[math.ceil(len(self.spans) * 0.95) - 1]


@dataclass
class StoreFigures:
    """What one store gives."""

    store: str
    rebuild_seconds: float = 0.0
    rebuild_cpu: float = 0.0
    midnight_rows: int = 0
    midnight_seconds: float = 0.0
    pages: list[Pages] = field(default_factory=list)


@dataclass
class RegisterFigures:
    """Everything that was measured; `problems` are figures out of their bounds and kills that left something."""

    projects: int
    stores: list[StoreFigures] = field(default_factory=list)
    status: list[StatusTime] = field(default_factory=list)
    kills: int = 0
    problems: list[str] = field(default_factory=list)


async def measure(projects: int, kills: int) -> RegisterFigures:
    """Both stores, then the command, then the kills; each table is printed as soon as it is there."""
    print(f"Register of {projects:,} projects.\n", flush=True)
    figures = RegisterFigures(projects)
    with tempfile.TemporaryDirectory(prefix="duban-bench-register-") as folder:
        file, kept = Path(folder) / "ledger.sqlite", Path(folder) / "kept.sqlite"
        progress(f"register: {projects} projects are recorded")
        ledger = SqliteLedger.open(file, _NOW)
        await register_year.fill(ledger, projects)
        ledger.close()
        shutil.copy(file, kept)
        ledger = SqliteLedger.open(file, _NOW)
        figures.stores.append(await _one_store("SQLite", ledger))
        ledger.close()
        print(store_table(figures.stores[-1]), flush=True)
        with postgres_server(Path(folder)) as address:
            PostgresLedger.open(address, _NOW).close()
            await asyncio.to_thread(copy_in, kept, address)
            on_postgres = PostgresLedger.open(address, _NOW)
            figures.stores.append(await _one_store("PostgreSQL", on_postgres))
            on_postgres.close()
        print(store_table(figures.stores[-1]), flush=True)
        progress("register: duban status beside an engine")
        figures.status = await status_times(projects, kept)
    progress("register: kills")
    figures.kills = kills
    with tempfile.TemporaryDirectory(prefix="duban-bench-register-") as folder:
        figures.problems += await asyncio.to_thread(killed, Path(folder), kills)
    for store in figures.stores:
        figures.problems += [
            f"{store.store}: {page.what} takes {page.median:.1f} ms, p95 {page.p95:.1f}"
            for page in store.pages
            if page.median > MEDIAN_GOAL or page.p95 > P95_GOAL
        ]
    figures.problems += [
        f"{each.what} takes {each.wall:.2f} s" for each in figures.status if each.wall > 1 and each.page
    ]
    print(rest_table(figures), flush=True)
    return figures


async def _one_store(name: str, ledger: SqliteLedger | PostgresLedger) -> StoreFigures:
    figures = StoreFigures(name)
    progress(f"register: {name}, all rows are derived")
    now = [NOON]
    desk = RegisterDesk(ledger, ledger.register(), lambda: now[0])
    cpu, began = time.process_time(), time.perf_counter()
    await desk.rebuild()
    figures.rebuild_seconds, figures.rebuild_cpu = time.perf_counter() - began, time.process_time() - cpu
    progress(f"register: {name}, pages")
    figures.pages = list(_pages(ledger.register()))
    now[0] = office_instant(NOON.date() + timedelta(days=1), datetime.min.time()) + timedelta(seconds=1)
    figures.midnight_rows, began = len(ledger.register().due(now[0])), time.perf_counter()
    await desk.follow()
    figures.midnight_seconds = time.perf_counter() - began
    return figures


def _pages(register: Register) -> Iterator[Pages]:
    for name, asked in _PROJECT_FILTERS.items():
        for sort in ("project", "title", "light", "due", "overdue"):
            query = ProjectQuery(**asked, sort=sort, limit=PAGE)
            yield from _first_and_last(f"projects, {name}, by {sort}", query, register.projects)
    for name, asked in _DUTY_FILTERS.items():
        for order in ("milestone", "department", "light", "stage", "due"):
            duties = DutyQuery(**asked, sort=order, limit=PAGE)
            yield from _first_and_last(f"duties, {name}, by {order}", duties, register.duties)
    yield _timed("counts by light", len(register.lights(ProjectQuery())), lambda: register.lights(ProjectQuery()))
    yield _timed("one project's view", 1, lambda: register.views(["2018-77"]))


def _first_and_last(what: str, query: Any, ask: Callable[[Any], Any]) -> Iterator[Pages]:
    count = ask(query).count
    last = query.model_copy(update={"offset": max(0, (count - 1) // PAGE * PAGE)})
    for where, asked in (("first page", query), ("last page", last)):
        yield _timed(f"{what}, {where}", count, lambda asked=asked: ask(asked))  # type: ignore[misc]


def _timed(what: str, rows: int, ask: Callable[[], object]) -> Pages:
    spans, cpu = [], time.process_time()
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        ask()
        spans.append((time.perf_counter() - began) * 1_000)
    return Pages(what, rows, spans, (time.process_time() - cpu) * 1_000 / _ROUNDS)


def store_table(store: StoreFigures) -> str:
    """What one store gives, as tables."""
    worst = sorted(store.pages, key=lambda page: -page.p95)
    every = sorted(span for page in store.pages for span in page.spans)
    told = (
        f"{store.store}: rebuilt in {store.rebuild_seconds:.1f} s ({store.rebuild_cpu:.1f} s CPU); at midnight"
        f" {store.midnight_rows:,} rows changed, {store.midnight_seconds:.1f} s; {len(store.pages)} questions:"
        f" median {statistics.median(every):.1f} ms, p95 {every[math.ceil(len(every) * 0.95) - 1]:.1f} ms.\n"
    )
    rows = [
        (page.what, f"{page.rows:,}", f"{page.median:.1f}", f"{page.p95:.1f}", f"{page.cpu:.1f}") for page in worst[:12]
    ]
    slowest = table(("slowest questions", "rows in all", "median ms", "p95 ms", "CPU ms here"), rows)
    return f"{told}\n{slowest}"


def rest_table(figures: RegisterFigures) -> str:
    """The command's calls, the kills, and what is out of its bounds."""
    calls = [(each.what, f"{each.wall:.2f}", f"{each.cpu:.2f}", f"{each.kilobytes:,}") for each in figures.status]
    told = f"{figures.kills} kills in the middle of acts; problems: {figures.problems or 'none'}.\n"
    return table(("command", "wall s", "CPU s", "KB told"), calls) + "\n" + told
