"""The first byte of each page of the desk, beside so many projects that lived some weeks of their year.

`python -m bench desk [--desk-projects N]`; SQLite and PostgreSQL, one after the other, without a socket: what the desk
itself takes, in a process that does nothing else.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import httpx2
import psycopg

from adapters.ledger.ledger_copy import copy_in
from adapters.ledger.postgres_ledger import PostgresLedger
from application.office.outlook import OutlookDesk
from bench import desk_year, register_year
from bench.installation import progress
from bench.report import Report, Spans
from domain.rules.calendar import office_instant
from entrypoints.bootstrap import engine_now
from entrypoints.desk.app import desk_application
from tests.entrypoints.desk.small_office import SmallOffice, small_office
from tests.postgres_server import postgres_server

NOON: Final = office_instant(date(2018, 6, 20), datetime.min.time()) + timedelta(hours=12)
MEDIAN_GOAL, P95_GOAL, SEARCH_GOAL, MEMORY_GOAL = 20.0, 60.0, 60.0, 200.0
_BASE: Final = "http://127.0.0.1:8600"
_ROUNDS, _LONG_ENOUGH = 20, 5_000.0
_DEPARTMENT: Final = register_year.DEPARTMENTS[3]
_PROJECT: Final = "2018-23"  # its like is led by the department
PAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "operator": (
        "/register",
        "/register?light=red&sort=due&after=2018-06-15",
        "/register?sort=overdue&before=end",
        "/register?text=方案&after=2018-5000",
        "/register?text=方案",
        f"/projects/{_PROJECT}",
        f"/projects/{_PROJECT}/milestones/{_PROJECT}-02",
        f"/projects/{_PROJECT}/acts/urge?milestone={_PROJECT}-02",
        "/waiting",
        "/events",
        "/events?text=没有这些字",
        "/year",
        "/coming",
        "/coming?days=60&after=2018-07-10 组织部 1 2018-5000 0",
        "/coming?days=60&before=end",
        "/year-end",
    ),
    "own": (
        "/today",
        "/mine",
        "/mine?role=participant&after=2018-06-30",
        "/papers",
        "/papers?unread=1&after=00001000",
        "/deputies",
        f"/duties/{_PROJECT}-02",
        f"/duties/{_PROJECT}-02/report-progress",
    ),
    "leader": ("/leader",),
}
"""The pages that are measured, by who asks for them."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """What was measured on one store: the pages, those that refused, the most memory of the process (MB)."""

    found: list[Spans]
    refused: list[str]
    megabytes: float


async def desk_pages(projects: int) -> Report:
    """The first bytes of all pages beside so many projects, on both stores."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="duban-bench-desk-") as folder:
        place = Path(folder)
        progress(f"desk: {projects} projects are recorded")
        with small_office(place) as office:
            _persons(office)
            records = office.office.records
            await records.log.open()
            await records.doors.open()
            await desk_year.fill(records.ledger, projects, NOON)
            await _send(office)
            await _derive(office, projects)
            ledger_file = office.office.settings.ledger_file
        await _measured("SQLite", report, place)
        with postgres_server(place) as address:
            PostgresLedger.open(address, engine_now).close()
            await asyncio.to_thread(copy_in, ledger_file, address)
            with small_office(place / "on-postgres", ledger_url=address) as office:
                office.now = NOON
                await _derive(office, projects)
            with psycopg.connect(address, autocommit=True) as store:
                store.execute("VACUUM (ANALYZE)")  # as the server does by itself some minutes after so many rows
            await _measured("PostgreSQL", report, place / "on-postgres", ledger_url=address)
    return report


async def _measured(store: str, report: Report, folder: Path, **settings: Any) -> None:
    progress(f"desk: {store}, pages")
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        pages = await asyncio.get_running_loop().run_in_executor(apart, _in_a_process, folder, settings)
    report.figures[f"{store}: most memory of the desk's process, MB"] = pages.megabytes
    report.table((store, "bytes", "median ms", "p95 ms", "CPU ms"), [each.row for each in pages.found])
    report.problems += [f"{store}: {each}" for each in pages.refused]
    if pages.megabytes > MEMORY_GOAL:
        report.problems.append(f"{store}: {pages.megabytes:.0f} MB")
    for page in pages.found:
        median = SEARCH_GOAL if "text=" in page.what else MEDIAN_GOAL
        if page.median > median or page.p95 > P95_GOAL:
            report.problems.append(f"{store}: {page.what} {page.median:.1f} ms, p95 {page.p95:.1f}")


def _in_a_process(folder: Path, settings: dict[str, Any]) -> _Pages:
    async def run() -> list[tuple[Spans, int]]:
        with small_office(folder, **settings) as office:
            _persons(office)
            app = desk_application(office.office, office.door, office.accounts)
            return [each async for each in _first_bytes(office, app)]

    found = asyncio.run(run())
    refused = [f"{page.what} answers {status}" for page, status in found if status != HTTPStatus.OK]
    # What this program had at most; the other figure that a system tells is that of whoever began it, too.
    (peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return _Pages([page for page, _ in found], refused, int(peak.split()[1]) / 1024)


async def _derive(office: SmallOffice, projects: int) -> None:
    """Bring the register to where the ledger is; what time will bring of a project is what it brings of its like."""
    progress("desk: the register is derived")
    await office.office.register.follow()
    await desk_year.look_ahead(office.office.records.register.outlook, projects, NOON)
    await OutlookDesk(office.office.records.ledger, office.office.records.register, office.office.now).follow()


def _persons(office: SmallOffice) -> None:
    office.now = NOON
    office.door.person("operator", "李四", "operator")
    office.door.person("leader", "周市长", "principal_leader")
    office.door.person("own", "张三", "department", departments=(_DEPARTMENT,))


async def _send(office: SmallOffice) -> None:
    """Let everything go out that could have gone out by then, as the mailboxes do."""
    outbox = office.office.records.outbox
    for mail in outbox.open_mail():
        digest = await outbox.claim(mail.addressee, f"{mail.addressee}/bench", NOON)
        await outbox.settle(digest, NOON)


async def _first_bytes(office: SmallOffice, app: object) -> AsyncIterator[tuple[Spans, int]]:
    for account, paths in PAGES.items():
        secret = f"session-of-{account}"
        office.door.sessions[secret] = account
        transport = httpx2.ASGITransport(app, client=("127.0.0.1", 50_000))  # type: ignore[arg-type]  # an application
        async with httpx2.AsyncClient(transport=transport, base_url=_BASE) as client:
            client.cookies.set("duban-session", secret, domain="127.0.0.1")
            for path in paths:
                answer = await client.get(path)
                spans: list[float] = []
                cpu = time.process_time()
                for _round in range(_ROUNDS):
                    if sum(spans) > _LONG_ENOUGH:
                        break
                    began = time.perf_counter()
                    answer = await client.get(path)
                    spans.append((time.perf_counter() - began) * 1000)
                    await asyncio.sleep(0)
                took = (time.process_time() - cpu) * 1000 / len(spans)
                yield Spans(path, len(answer.content), spans, took), answer.status_code
