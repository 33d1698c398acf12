"""The worker of a whole office goes away and comes back, again and again, while things fall due and people go on.

The calendar runs fast. In each round the worker is killed or stopped at a random moment and is away for a while; half
of the projects and mailboxes are asked a question meanwhile, which the next worker may get as its first task of them,
and commands, signals and requests to cancel arrive all the time. In the end nothing may be stuck, lost or later than
the outage, no difference may show in a cold replay, and reconciliation finds nothing.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError

from application.audit.reconciling import reconcile
from application.engine_room.connecting import speak_through_our_log
from application.office.office import Office
from application.office.starting import Year, addressees_of
from bench import sample
from bench.installation import WorkerProcess, installation, progress, start, until_it_polls
from bench.patience import until
from bench.processes import ROOT
from bench.race_arrivals import Arrival, Door, any_arrival
from bench.race_checks import check, check_mailboxes, late, never_at_rest, unanswered
from bench.report import Report
from domain.clock import OFFICE_TIME, VirtualClock
from domain.ids import DepartmentId, ProjectId, mailbox_workflow_id, supervision_workflow_id
from domain.project import KeyProject
from entrypoints.bootstrap import engine_now
from entrypoints.bootstrap.plan_files import read_plan

_PLAN = "examples/2018-key-projects.yaml"
_NOON = datetime(2018, 4, 25, 12, tzinfo=OFFICE_TIME)
_STICKY_SECONDS = 3
_PAGE = "__temporal_workflow_metadata"
_ASKED_WITHIN = timedelta(seconds=90)
_ASKED_AGAIN_SECONDS = 0.5
_BEFORE_THE_END = timedelta(seconds=20)
_LOOKED_AT_CLOSER = ("due", "replay")
_NOT_SENT = "至今未发"
ANSWERED = "question into an absence: answered"


@dataclass(frozen=True, slots=True)
class AbsencesPlan:
    """So many projects (the real list's first), rounds, how fast the calendar runs, and the seed of everything random.

    A worker lives and is away for seconds between these bounds; `asked` is the share of projects and mailboxes that
    get a question in each absence, within `asked_at` of it; `arrivals` come in each second; `killed` is the share of
    workers that are killed, the others end politely, which gives their questions to the next one at once.
    """

    projects: int = 200
    rounds: int = 30
    seed: int = 1
    # Slow enough for a worker on two cores: one that has more to do than it can is late for that reason alone.
    speed: int = 1_000
    lives: tuple[float, float] = (40.0, 80.0)
    absences: tuple[float, float] = (2.0, 14.0)
    asked: float = 0.5
    asked_at: tuple[float, float] = (0.0, 0.8)
    arrivals: float = 1.0
    killed: float = 0.6


async def absences(plan: AbsencesPlan) -> Report:
    """One seeded campaign from an empty data folder to the checks."""
    speak_through_our_log("error")
    async with installation("absences", sticky_seconds=_STICKY_SECONDS) as office:
        return await _Scene(office, plan).played()


class _Scene:
    def __init__(self, office: Office, plan: AbsencesPlan) -> None:
        self._office, self._plan = office, plan
        self._chance = random.Random(plan.seed)
        self._report = Report()
        self._door = Door(office, self._report)
        self._outages: list[tuple[datetime, datetime]] = []
        self._year = _year(plan)
        self._acknowledged: dict[ProjectId, list[str]] = {each.project_id: [] for each in self._year.listed.projects}
        self._addressees: list[DepartmentId] = addressees_of(self._year.listed, self._year.policy)

    async def played(self) -> Report:
        """Start the year, let the worker go and come, bring a fresh one in, check."""
        begun = time.monotonic()
        worker = await self._begun()
        try:
            await start(self._office, self._year)
            progress(f"  {self._plan.projects} projects and {len(self._addressees)} mailboxes started")
            # Who is asked before its first task has nothing to answer from, and would not be asked at all.
            await asyncio.gather(*(self._first_answer(each) for each in self._everybody()))
            async with self._people():
                for number in range(self._plan.rounds):
                    worker = await self._away(worker)
                    progress(f"  absence {number + 1} is over")
            stuck = await never_at_rest(self._acknowledged, partial(unanswered, self._office))
            worker.kill()
            worker = await self._begun()
            read_since = time.monotonic()
            stuck |= await never_at_rest(self._acknowledged, partial(unanswered, self._office))
            to_read = time.monotonic() - read_since
        finally:
            await asyncio.to_thread(worker.stop)
        self._report.figures["a fresh worker reads all histories in, s"] = to_read
        await self._check(stuck, engine_now(), to_read)
        self._report.figures["seconds"] = time.monotonic() - begun
        return self._report

    async def _begun(self) -> WorkerProcess:
        worker = WorkerProcess(self._office.settings)
        await until_it_polls(self._office)
        return worker

    async def _away(self, worker: WorkerProcess) -> WorkerProcess:
        await asyncio.sleep(self._chance.uniform(*self._plan.lives))
        begun = engine_now()
        if self._chance.random() < self._plan.killed:
            self._report.figures["workers killed"] += 1
            worker.kill()
        else:
            self._report.figures["workers stopped"] += 1
            await asyncio.to_thread(worker.stop)
        seconds = self._chance.uniform(*self._plan.absences)
        asked_after = seconds * self._chance.uniform(*self._plan.asked_at)
        await asyncio.sleep(asked_after)
        asked = [asyncio.create_task(self._ask(each)) for each in self._some()]
        await asyncio.sleep(seconds - asked_after)
        worker = await self._begun()
        self._outages.append((begun, engine_now()))
        self._report.most("longest absence, s", (self._outages[-1][1] - begun).total_seconds())
        await asyncio.gather(*asked)
        return worker

    def _everybody(self) -> list[str]:
        known = [supervision_workflow_id(each) for each in self._acknowledged]
        return known + [mailbox_workflow_id(each) for each in self._addressees]

    def _some(self) -> list[str]:
        return [each for each in self._everybody() if self._chance.random() < self._plan.asked]

    async def _page(self, workflow_id: str) -> None:
        # The question of the Web UI's page, which every workflow has.
        await self._office.engine.client.get_workflow_handle(workflow_id).query(_PAGE, rpc_timeout=_ASKED_WITHIN)

    async def _first_answer(self, workflow_id: str) -> None:
        async def answered() -> bool:
            with suppress(RPCError, WorkflowQueryFailedError):
                await self._page(workflow_id)
                return True
            return False

        await until(answered, f"an answer of {workflow_id}")

    async def _ask(self, workflow_id: str) -> None:
        # The engine turns a question away where nobody has polled for a while: who asks tries again, as a page does.
        until = time.monotonic() + _ASKED_WITHIN.total_seconds()
        while True:
            try:
                await self._page(workflow_id)
            except (RPCError, WorkflowQueryFailedError) as error:
                self._report.figures[f"question into an absence: {type(error).__name__}"] += 1
                if time.monotonic() > until:
                    return
                await asyncio.sleep(_ASKED_AGAIN_SECONDS)
            else:
                self._report.figures[ANSWERED] += 1
                return

    @asynccontextmanager
    async def _people(self) -> AsyncIterator[None]:
        """People who go on giving commands, sending signals and asking, as long as the block lasts."""
        pending: set[asyncio.Task[None]] = set()

        async def give(project: KeyProject, arrival: Arrival) -> None:
            if (leaves := await self._door.give(project, arrival)) is not None:
                self._acknowledged[project.project_id].append(leaves)

        async def come() -> None:
            chance, number = random.Random(f"{self._plan.seed} people"), 0
            while True:
                await asyncio.sleep(chance.expovariate(self._plan.arrivals))
                number += 1
                project = chance.choice(self._year.listed.projects)
                arrival = any_arrival(project, chance, f"{project.project_id}/{number}")
                task = asyncio.create_task(give(project, arrival))
                pending.add(task)
                task.add_done_callback(pending.discard)

        coming = asyncio.create_task(come())
        try:
            yield
        finally:
            coming.cancel()
            with suppress(asyncio.CancelledError):
                await coming
            await asyncio.gather(*pending)

    async def _check(self, stuck: dict[ProjectId, str], stopped: datetime, to_read: float) -> None:
        progress("  the worker has stopped; every history is replayed")
        office, report, clock = self._office, self._report, self._year.clock
        await check(office, self._acknowledged, stuck, report, midway=True)
        late(office, self._acknowledged, clock, [*self._outages, (stopped, engine_now())], report, to_read=to_read)
        await check_mailboxes(office, self._addressees, report)
        progress("  reconciliation")
        then = clock.supervised(stopped - _BEFORE_THE_END)
        found = await reconcile(office.archive, then, stopped, await office.engine.retention())
        # A calendar that runs fast leaves whole days out while nobody works, and its last decision in the middle:
        # `late` looks closer at what was due, `check` at every history.
        report.problems += [
            f"reconciliation: {each.check} {each.stream}: {each.text}"
            for each in found.findings
            if each.check not in _LOOKED_AT_CLOSER and _NOT_SENT not in each.text
        ]


def _year(plan: AbsencesPlan) -> Year:
    due = sample.month_ends(6, 6)
    made_up = (sample.project(serial, due) for serial in range(1_001, 1_001 + plan.projects))
    projects = (*read_plan(ROOT / _PLAN).projects, *made_up)[: plan.projects]
    return sample.year(projects, VirtualClock(engine_at=engine_now(), supervised_at=_NOON, speed=plan.speed))
