"""What it costs that an act is attested: the same acts, with an attestation that the worker asks about and without it,
side by side on one engine and one ledger."""

from __future__ import annotations

import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from application.engine_room.act_desk import ActInterceptor
from application.engine_room.engine import Engine
from application.engine_room.own_tasks import OwnTasks
from application.engine_room.runtime import build_worker
from application.office.office import Office
from bench import sample
from bench.attested import AttestedEngine
from bench.costs import START
from bench.installation import installation, progress
from bench.report import Report
from domain.actors import department
from domain.acts.commands import ReportProgress
from domain.clock import VirtualClock
from domain.ids import supervision_workflow_id
from domain.project import KeyProject
from entrypoints.bootstrap import activities_of, guards_of
from entrypoints.bootstrap.documents import documents_of
from entrypoints.bootstrap.payloads import payload_keys_of

_BATCH = 20
_WARM_UP = 20


@dataclass
class Side:
    """One of the two: its engine and project, and what each batch of acts took."""

    name: str
    engine: Engine
    project: KeyProject
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    given: int = 0

    async def give(self, count: int) -> None:
        """Give so many acts, one after the other."""
        for _ in range(count):
            self.given += 1
            report = ReportProgress(
                request_id=f"{self.name}-{self.given}",
                by=department(self.project.lead_department),
                milestone_id=self.project.milestones[0].milestone_id,
                text="已完成初稿，正在征求意见",
            )
            await self.engine.command(self.project.project_id, report)

    async def events(self) -> int:
        """How long the history of its project is."""
        handle = self.engine.client.get_workflow_handle(supervision_workflow_id(self.project.project_id))
        return len((await handle.fetch_history()).events)


async def attested_costs(acts: int) -> Report:
    """So many acts of either side, in batches that take turns; the CPU is of this process, which gives and hears."""
    async with installation("attested") as office, AsyncExitStack() as at_work:
        sides = [await _side(office, at_work, "attested", 1), await _side(office, at_work, "unattested", 2)]
        for side in sides:
            await side.give(_WARM_UP)
        before = [await side.events() for side in sides]
        for number in range(max(1, acts // _BATCH)):
            progress(f"attested: batch {number + 1} of {acts // _BATCH}")
            for side in sides if number % 2 else reversed(sides):
                cpu, wall = time.process_time(), time.monotonic()
                await side.give(_BATCH)
                side.cpu.append(1000 * (time.process_time() - cpu) / _BATCH)
                side.wall.append(1000 * (time.monotonic() - wall) / _BATCH)
        after = [await side.events() for side in sides]
    report = Report()
    report.table(
        ("an act", "acts", "CPU ms, median of batches", "least", "most", "ms by the clock, median", "history events"),
        [
            (
                side.name,
                side.given - _WARM_UP,
                f"{statistics.median(side.cpu):.1f}",
                f"{min(side.cpu):.1f}",
                f"{max(side.cpu):.1f}",
                f"{statistics.median(side.wall):.0f}",
                f"{(last - first) / (side.given - _WARM_UP):.2f}",
            )
            for side, first, last in zip(sides, before, after, strict=True)
        ],
    )
    return report


async def _side(office: Office, at_work: AsyncExitStack, name: str, serial: int) -> Side:
    attests = name == "attested"
    settings, client, queue = office.settings, office.engine.client, f"bench-{name}"
    guards = guards_of(office.records, settings) if attests else None
    documents = documents_of(settings, settings.papers_folder)
    activities = activities_of(office.records, documents, settings.outbox_folder, guards=guards)
    # What a worker of `duban run` has around its acts, or nothing at all.
    asked = OwnTasks(payload_keys_of(settings), office.records.ledger.refuse, _now)
    interceptors: list[Any] = [ActInterceptor(guards.acts), asked] if guards else []
    worker = build_worker(client, task_queue=queue, activities=activities, interceptors=interceptors)
    await at_work.enter_async_context(worker)
    engine = AttestedEngine(office, queue) if attests else Engine(client, queue)
    side = Side(name, engine, sample.project(serial, sample.month_ends(5, 1)))
    clock = VirtualClock(engine_at=datetime.now(UTC), supervised_at=START)
    await engine.start_project(sample.given(side.project, clock))
    await engine.status(side.project.project_id)
    return side


async def _now() -> datetime:
    return datetime.now(UTC)
