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
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError

from application.audit.reconciling import reconcile
from application.engine_room.connecting import speak_through_our_log
from application.office.office import Office
from application.office.starting import Year, addressees_of, start_year
from bench import sample
from bench.installation import WorkerProcess, installation, progress, until_it_polls
from bench.patience import PATIENCE_SECONDS
from bench.processes import ROOT
from bench.race_arrivals import Arrival, Door, any_arrival
from bench.race_checks import RaceFindings, check, late, mailbox_problems
from domain.clock import OFFICE_TIME, VirtualClock
from domain.errors import DubanError
from domain.ids import DepartmentId, ProjectId, mailbox_workflow_id, supervision_workflow_id
from domain.project import KeyProject, ProjectList
from domain.rules.policy import SupervisionPolicy
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
    speed: int = 4_000
    lives: tuple[float, float] = (30.0, 60.0)
    absences: tuple[float, float] = (2.0, 14.0)
    asked: float = 0.5
    asked_at: tuple[float, float] = (0.0, 0.8)
    arrivals: float = 1.0
    killed: float = 0.6


@dataclass(frozen=True, slots=True)
class Outage:
    """From when to when nobody worked, by the engine's clock."""

    begun: datetime
    ended: datetime


@dataclass(slots=True)
class AbsenceFigures:
    """What happened in the rounds, and what the checks found."""

    plan: AbsencesPlan
    seconds: float = 0.0
    to_read: float = 0.0
    kills: int = 0
    outages: list[Outage] = field(default_factory=list)
    questions: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    findings: RaceFindings = field(default_factory=RaceFindings)
    mailboxes: list[str] = field(default_factory=list)
    reconciliation: list[str] = field(default_factory=list)

    @property
    def problems(self) -> int:
        """How many projects, mailboxes and findings of the reconciliation are not as they must be."""
        return len(self.findings.problems) + len(self.mailboxes) + len(self.reconciliation)


async def absences(plan: AbsencesPlan) -> AbsenceFigures:
    """One seeded campaign from an empty data folder to the checks."""
    speak_through_our_log("error")
    async with installation("absences", sticky_seconds=_STICKY_SECONDS) as office:
        return await _Scene(office, plan).played()


class _Scene:
    def __init__(self, office: Office, plan: AbsencesPlan) -> None:
        self._office, self._plan = office, plan
        self._chance = random.Random(plan.seed)
        self._door = Door(office)
        self._figures = AbsenceFigures(plan)
        self._year = _year(plan)
        self._acknowledged: dict[ProjectId, list[str]] = {each.project_id: [] for each in self._year.listed.projects}
        self._addressees: list[DepartmentId] = addressees_of(self._year.listed, self._year.policy)

    async def played(self) -> AbsenceFigures:
        """Start the year, let the worker go and come, bring a fresh one in, check."""
        begun = time.monotonic()
        worker = await self._begun()
        try:
            # The worker opens a mailbox, too, where mail waits for one: by the installation's clock.
            await self._office.records.ledger.settle_clock(self._year.clock)
            results = await start_year(self._office.engine, self._office.records.ledger, self._year)
            failed = [result.text for result in results if result.outcome != "started"]
            assert not failed, failed[:3]
            progress(f"  {len(results)} projects and {len(self._addressees)} mailboxes started")
            # Who is asked before its first task has nothing to answer from, and would not be asked at all.
            await asyncio.gather(*(self._first_answer(each) for each in self._everybody()))
            async with self._people():
                for number in range(self._plan.rounds):
                    worker = await self._away(worker)
                    progress(f"  round {number + 1}: {len(self._figures.outages)} absences")
            stuck = await self._answered()
            worker.kill()
            worker = await self._begun()
            read_since = time.monotonic()
            stuck |= await self._answered()
            self._figures.to_read = time.monotonic() - read_since
        finally:
            await asyncio.to_thread(worker.stop)
        await self._check(stuck, engine_now())
        self._figures.seconds = time.monotonic() - begun
        self._figures.answers = self._door.answers
        return self._figures

    async def _begun(self) -> WorkerProcess:
        worker = WorkerProcess(self._office.settings)
        await until_it_polls(self._office, self._office.settings.task_queue)
        return worker

    async def _away(self, worker: WorkerProcess) -> WorkerProcess:
        await asyncio.sleep(self._chance.uniform(*self._plan.lives))
        begun = engine_now()
        if self._chance.random() < self._plan.killed:
            self._figures.kills += 1
            worker.kill()
        else:
            await asyncio.to_thread(worker.stop)
        seconds = self._chance.uniform(*self._plan.absences)
        asked_after = seconds * self._chance.uniform(*self._plan.asked_at)
        await asyncio.sleep(asked_after)
        asked = [asyncio.create_task(self._ask(each)) for each in self._some()]
        await asyncio.sleep(seconds - asked_after)
        worker = await self._begun()
        self._figures.outages.append(Outage(begun, engine_now()))
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
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await self._page(workflow_id)
            except (RPCError, WorkflowQueryFailedError):
                if time.monotonic() > deadline:
                    raise

    async def _ask(self, workflow_id: str) -> None:
        # The engine turns a question away where nobody has polled for a while: who asks tries again, as a page does.
        until = time.monotonic() + _ASKED_WITHIN.total_seconds()
        while True:
            try:
                await self._page(workflow_id)
            except (RPCError, WorkflowQueryFailedError) as error:
                self._figures.questions[type(error).__name__] += 1
                if time.monotonic() > until:
                    return
                await asyncio.sleep(_ASKED_AGAIN_SECONDS)
            else:
                self._figures.questions["answered"] += 1
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

    async def _answered(self) -> dict[ProjectId, str]:
        """What is wrong with the projects that do not answer a question within a minute."""
        gate, deadline = asyncio.Semaphore(32), time.monotonic() + PATIENCE_SECONDS

        async def one(project_id: ProjectId) -> tuple[ProjectId, str] | None:
            async with gate:
                while True:
                    try:
                        await self._office.engine.state(project_id)
                    except (DubanError, RPCError) as error:
                        if time.monotonic() > deadline:
                            return project_id, str(error)
                    else:
                        return None

        found = await asyncio.gather(*(one(project_id) for project_id in self._acknowledged))
        return dict(filter(None, found))

    async def _check(self, stuck: dict[ProjectId, str], stopped: datetime) -> None:
        progress("  the worker has stopped; every history is replayed")
        figures, office = self._figures, self._office
        figures.findings = await check(office, self._acknowledged, stuck, midway=True)
        clock, outages = self._year.clock, [(each.begun, each.ended) for each in figures.outages]
        everything = [*outages, (stopped, engine_now())]
        late(office, self._acknowledged, clock, everything, figures.findings, to_read=figures.to_read)
        figures.mailboxes = await mailbox_problems(office, self._addressees)
        progress("  reconciliation")
        then = clock.supervised(stopped - _BEFORE_THE_END)
        found = await reconcile(office.archive, then, stopped, await office.engine.retention())
        # A calendar that runs fast leaves whole days out while nobody works, and its last decision in the middle:
        # `late` looks closer at what was due, `check` at every history.
        figures.reconciliation = [
            f"{each.check} {each.stream}: {each.text}"
            for each in found.findings
            if each.check not in _LOOKED_AT_CLOSER and _NOT_SENT not in each.text
        ]


def _year(plan: AbsencesPlan) -> Year:
    real = read_plan(ROOT / _PLAN)
    due = sample.month_ends(6, 6)
    made_up = (sample.project(serial, due) for serial in range(1_001, 1_001 + plan.projects))
    projects = (*real.projects, *made_up)[: plan.projects]
    listed = ProjectList(**dict(sample.HEADER), projects=projects)
    clock = VirtualClock(engine_at=engine_now(), supervised_at=_NOON, speed=plan.speed)
    return Year(listed, SupervisionPolicy(), sample.calendar(), clock)
