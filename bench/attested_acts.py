"""What an act costs with its attestation and without, side by side: `python -m bench.attested_acts [ACTS]`.

One engine, one ledger, two workers in this process, one of them with the desk; acts in alternating blocks. The time is
that of this process: whoever gives the act, the worker that hears it, and the ledger. Events and bytes are those of the
two projects' histories.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as clock_time

from application.engine_room.act_desk import ActInterceptor
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from application.office.office import Office
from bench import sample
from bench.attested import AttestedEngine
from bench.installation import installation
from domain.actors import department
from domain.acts.commands import ReportProgress
from domain.clock import VirtualClock
from domain.ids import supervision_workflow_id
from domain.project import KeyProject
from domain.rules.calendar import office_instant
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import activities_of, guards_of
from entrypoints.bootstrap.documents import documents_of
from workflows.inputs import Opening, SupervisionInput

_BLOCK = 25
_WARM = 10


@dataclass
class Side:
    """One side: an engine, a project, and what its acts took."""

    name: str
    engine: Engine
    project: KeyProject
    cpu: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    async def act(self, number: int, *, counted: bool = True) -> None:
        """One report."""
        milestone_id = self.project.milestones[0].milestone_id
        by = department(self.project.lead_department)
        command = ReportProgress(request_id=f"act-{number}", by=by, milestone_id=milestone_id, text="继续推进")
        cpu, began = time.process_time(), time.perf_counter()
        await self.engine.command(self.project.project_id, command)
        if counted:
            self.cpu.append(time.process_time() - cpu)
            self.seconds.append(time.perf_counter() - began)


async def measured(office: Office, acts: int) -> list[str]:
    """The table of both sides."""
    settings, records = office.settings, office.records
    await records.log.open()
    await records.doors.open()
    guards = guards_of(records, settings)
    places = (documents_of(settings, settings.papers_folder), settings.outbox_folder)
    bare = build_worker(office.engine.client, task_queue="bare", activities=activities_of(records, *places))
    full = build_worker(
        office.engine.client,
        task_queue="full",
        activities=activities_of(records, *places, guards=guards),
        interceptors=[ActInterceptor(guards.acts)],
    )
    clock = VirtualClock(engine_at=datetime.now(UTC), supervised_at=office_instant(date(2018, 4, 25), clock_time(9)))
    sides = [
        Side("without", Engine(office.engine.client, "bare"), sample.project(1, sample.month_ends(5, 1))),
        Side("with", AttestedEngine(office, "full"), sample.project(2, sample.month_ends(5, 1))),
    ]
    async with bare, full:
        for side in sides:
            opening = Opening(
                listed=sample.HEADER, project=side.project, policy=SupervisionPolicy(), calendar=sample.calendar()
            )
            await side.engine.start_project(SupervisionInput(clock=clock, opening=opening))
            for number in range(_WARM):
                await side.act(-1 - number, counted=False)
        for first in range(0, acts, _BLOCK):
            for side in sides:
                for number in range(first, first + _BLOCK):
                    await side.act(number)
    return [await _line(office, side) for side in sides]


async def _line(office: Office, side: Side) -> str:
    handle = office.engine.client.get_workflow_handle(supervision_workflow_id(side.project.project_id))
    history = await handle.fetch_history()
    given = len(side.cpu) + _WARM
    size = sum(event.ByteSize() for event in history.events)
    cpu, took = sorted(side.cpu), sorted(side.seconds)
    return (
        f"{side.name:8} cpu {sum(cpu) / len(cpu) * 1000:6.2f} ms (median {cpu[len(cpu) // 2] * 1000:.2f}), "
        f"answer p50 {took[len(took) // 2] * 1000:6.1f} ms p95 {took[len(took) * 95 // 100] * 1000:6.1f} ms, "
        f"{len(history.events) / given:5.2f} events and {size / given:6.0f} bytes of history an act"
    )


async def main(acts: int) -> None:
    """Measure, and print."""
    async with installation("attested-acts") as office:
        for line in await measured(office, acts):
            print(line)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
