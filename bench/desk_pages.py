"""The first byte of each page of the desk, beside so many projects that lived some weeks of their year.

`python -m bench desk [--desk-projects N]`; SQLite, in this process, without a socket: what the desk itself takes.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2

from bench import register_year
from bench.tables import table
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.papers.drafting import papers_for
from domain.ports.ledger import Decision, Ledger
from domain.rules.calendar import office_instant
from domain.rungs.wakeups import next_wakeup, wake
from entrypoints.desk.app import desk_application
from tests.entrypoints.desk.small_office import SmallOffice, small_office

NOON: Final = office_instant(date(2018, 6, 20), datetime.min.time()) + timedelta(hours=12)
GOAL: Final = 60.0
_BASE: Final = "http://127.0.0.1:8600"
_ROUNDS, _AT_ONCE, _LONG_ENOUGH = 20, 200, 5_000.0
_DEPARTMENT: Final = register_year.DEPARTMENTS[3]
_PROJECT: Final = "2018-43"
PAGES: Final[dict[str, Sequence[str]]] = {
    "operator": (
        "/register",
        "/register?light=red&sort=due&page=3",
        "/register?text=方案",
        f"/projects/{_PROJECT}",
        f"/projects/{_PROJECT}/milestones/{_PROJECT}-02",
        f"/projects/{_PROJECT}/acts/urge?milestone={_PROJECT}-02",
        "/waiting",
        "/events",
        "/events?text=没有这些字",
        "/year",
        "/coming",
        "/year-end",
    ),
    "own": (
        "/today",
        "/mine",
        "/papers",
        "/deputies",
        f"/duties/{_PROJECT}-02",
        f"/duties/{_PROJECT}-02/report-progress",
    ),
    "leader": ("/leader",),
}
"""The pages that are measured, by who asks for them."""


@dataclass(frozen=True, slots=True)
class FirstByte:
    """The milliseconds until a page is there, asked for again and again; `bytes` is its size."""

    path: str
    status: int
    size: int
    spans: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.spans)

    @property
    def p95(self) -> float:
        """What nineteen of twenty do not pass."""
        return sorted(self.spans)[math.ceil(len(self.spans) * 0.95) - 1]


async def measure(projects: int) -> list[FirstByte]:
    """The first bytes of all pages beside so many projects; the table is printed."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-desk-") as folder:
        async with served(Path(folder), projects) as (office, app):
            found = [each async for each in _first_bytes(office, app)]
    rows = [[each.path, f"{each.size / 1000:.0f}", f"{each.median:.1f}", f"{each.p95:.1f}"] for each in found]
    print(f"Pages of the desk beside {projects:,} projects.\n", flush=True)
    print(table(["page", "kB", "median ms", "p95 ms"], rows), flush=True)
    return found


@asynccontextmanager
async def served(folder: Path, projects: int) -> AsyncIterator[tuple[SmallOffice, object]]:
    """An office with so many projects, its register up to date, and its desk."""
    with small_office(folder) as office:
        office.now = NOON
        office.door.person("operator", "李四", "operator")
        office.door.person("leader", "周市长", "principal_leader")
        office.door.person("own", "张三", "department", departments=(_DEPARTMENT,))
        records = office.office.records
        await records.log.open()
        await records.doors.open()
        await fill(records.ledger, projects)
        await send(office)
        await office.office.register.follow()
        yield office, desk_application(office.office, office.door, office.accounts)


async def send(office: SmallOffice) -> None:
    """Let everything go out that could have gone out by then, as the mailboxes do."""
    outbox = office.office.records.outbox
    for mail in outbox.open_mail():
        digest = await outbox.claim(mail.addressee, f"{mail.addressee}/bench", NOON)
        await outbox.settle(digest, NOON)


async def fill(ledger: Ledger, projects: int) -> None:
    """Record so many projects with what time brought them until the instant that is measured, and their papers."""

    async def one(serial: int) -> None:
        for decision in _lived(serial):  # those of one project come one after the other
            await ledger.record(decision)

    for first in range(1, projects + 1, _AT_ONCE):
        await asyncio.gather(*map(one, range(first, min(first + _AT_ONCE, projects + 1))))


def _lived(serial: int) -> Iterator[Decision]:
    events: tuple[DomainEvent, ...] = register_year.opening(serial)
    state, at = fold(events), office_instant(register_year.FIRST_DAY, datetime.min.time())
    assert state is not None
    stream = supervision_workflow_id(state.project.project_id)
    while events:
        yield Decision(stream=stream, events=events, papers=tuple(papers_for(state, events)))
        wakes = next_wakeup(state, at)
        if wakes is None or wakes > NOON:
            return
        at = max(wakes, at)
        events = wake(state, at)
        after = fold(events, state)
        assert after is not None
        state = after


async def _first_bytes(office: SmallOffice, app: object) -> AsyncIterator[FirstByte]:
    for account, paths in PAGES.items():
        secret = f"session-of-{account}"
        office.door.sessions[secret] = account
        transport = httpx2.ASGITransport(app, client=("127.0.0.1", 50_000))  # type: ignore[arg-type]  # an application
        async with httpx2.AsyncClient(transport=transport, base_url=_BASE) as client:
            client.cookies.set("duban-session", secret, domain="127.0.0.1")
            for path in paths:
                answer = await client.get(path)
                spans: list[float] = []
                for _round in range(_ROUNDS):
                    if sum(spans) > _LONG_ENOUGH:
                        break
                    began = time.perf_counter()
                    answer = await client.get(path)
                    spans.append((time.perf_counter() - began) * 1000)
                    await asyncio.sleep(0)
                yield FirstByte(path, answer.status_code, len(answer.content), tuple(spans))
