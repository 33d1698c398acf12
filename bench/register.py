"""The register: pages of any filter and sort, its making, and `duban status`.

`python -m bench register [--register-projects N]`; SQLite and PostgreSQL, one after the other.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.clock import system_clock
from adapters.ledger.ledger_copy import copy_in
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.office.register import RegisterDesk
from bench import register_year
from bench.installation import progress
from bench.register_kills import killed
from bench.register_status import status_times
from bench.report import Report, Spans, percentile
from domain.ports.register import DutyQuery, ProjectQuery, Register
from domain.rules.calendar import office_instant
from tests.postgres_server import postgres_server

NOON = office_instant(date(2018, 7, 10), datetime.min.time()) + timedelta(hours=12)
PAGE = 50
MEDIAN_GOAL, P95_GOAL = 20.0, 60.0
_NOW = system_clock.now
_ROUNDS, _SLOWEST = 20, 12
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


async def register(projects: int, kills: int) -> Report:
    """Both stores, then the command, then the kills."""
    report = Report()
    report.figures |= {"projects": projects, "kills in the middle of acts": kills}
    with tempfile.TemporaryDirectory(prefix="duban-bench-register-") as folder:
        file, kept = Path(folder) / "ledger.sqlite", Path(folder) / "kept.sqlite"
        progress(f"register: {projects} projects are recorded")
        ledger = SqliteLedger.open(file, _NOW)
        await register_year.fill(ledger, projects)
        ledger.close()
        shutil.copy(file, kept)
        ledger = SqliteLedger.open(file, _NOW)
        await _one_store("SQLite", ledger, report)
        ledger.close()
        with postgres_server(Path(folder)) as address:
            PostgresLedger.open(address, _NOW).close()
            await asyncio.to_thread(copy_in, kept, address)
            on_postgres = PostgresLedger.open(address, _NOW)
            await _one_store("PostgreSQL", on_postgres, report)
            on_postgres.close()
        progress("register: duban status beside an engine")
        await status_times(projects, kept, report)
    progress("register: kills")
    with tempfile.TemporaryDirectory(prefix="duban-bench-register-") as folder:
        report.problems += await asyncio.to_thread(killed, Path(folder), kills)
    return report


async def _one_store(name: str, ledger: SqliteLedger | PostgresLedger, report: Report) -> None:
    progress(f"register: {name}, all rows are derived")
    now, figures = [NOON], report.figures
    desk = RegisterDesk(ledger, ledger.register(), lambda: now[0])
    cpu, began = time.process_time(), time.perf_counter()
    await desk.rebuild()
    figures[f"{name}: rebuilt, s"] = time.perf_counter() - began
    figures[f"{name}: rebuilt, s of CPU"] = time.process_time() - cpu
    progress(f"register: {name}, pages")
    pages = list(_pages(ledger.register()))
    now[0] = office_instant(NOON.date() + timedelta(days=1), datetime.min.time()) + timedelta(seconds=1)
    figures[f"{name}: rows that change at midnight"], began = len(ledger.register().due(now[0])), time.perf_counter()
    await desk.follow()
    figures[f"{name}: midnight, s"] = time.perf_counter() - began
    every = [span for page in pages for span in page.spans]
    figures[f"{name}: median of {len(pages)} questions, ms"] = percentile(every, 0.5)
    figures[f"{name}: p95 of them, ms"] = percentile(every, 0.95)
    slowest = sorted(pages, key=lambda page: -page.p95)[:_SLOWEST]
    report.table(
        (f"{name}: slowest questions", "rows in all", "median ms", "p95 ms", "CPU ms"), [p.row for p in slowest]
    )
    report.problems += [
        f"{name}: {page.what} takes {page.median:.1f} ms, p95 {page.p95:.1f}"
        for page in pages
        if page.median > MEDIAN_GOAL or page.p95 > P95_GOAL
    ]


def _pages(register: Register) -> Iterator[Spans]:
    for name, asked in _PROJECT_FILTERS.items():
        for sort in ("project", "title", "light", "due", "overdue"):
            query = ProjectQuery(**asked, sort=sort, limit=PAGE)
            yield from _first_and_last(f"projects, {name}, by {sort}", query, register.projects)
    for name, asked in _DUTY_FILTERS.items():
        for order in ("milestone", "department", "light", "stage", "due"):
            duties = DutyQuery(**asked, sort=order, limit=PAGE)
            yield from _first_and_last(f"duties, {name}, by {order}", duties, register.duties)
    yield _timed("one project's view", 1, lambda: register.views(["2018-77"]))


def _first_and_last(what: str, query: Any, ask: Callable[[Any], Any]) -> Iterator[Spans]:
    count = ask(query).count
    last = query.model_copy(update={"offset": max(0, (count - 1) // PAGE * PAGE)})
    for where, asked in (("first page", query), ("last page", last)):
        yield _timed(f"{what}, {where}", count, lambda asked=asked: ask(asked))  # type: ignore[misc]


def _timed(what: str, rows: int, ask: Callable[[], object]) -> Spans:
    spans, cpu = [], time.process_time()
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        ask()
        spans.append((time.perf_counter() - began) * 1_000)
    return Spans(what, rows, spans, (time.process_time() - cpu) * 1_000 / _ROUNDS)
