"""Short histories under everything at once: what arrives, a slow store, killed workers and continue-as-new, all seeded.

Each history is one project whose weeks go by in seconds, so that rungs fall due among the updates, signals, questions
and requests to cancel that arrive. Workers are killed or stopped, and come back with another cache. In the end a worker
that has nothing cached must answer for every project, and every history is replayed cold and compared with the ledger.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from temporalio.service import RPCError

from application.engine_room.connecting import speak_through_our_log
from application.engine_room.standing import Overdue, resting
from application.office.office import Office
from application.office.starting import START_OF_DAY
from bench import sample
from bench.installation import WorkerProcess, installation, progress, until_it_polls
from bench.race_arrivals import Arrival, Door, arrivals_of
from bench.race_checks import check, never_at_rest, unfired
from bench.report import Report
from domain.clock import VirtualClock
from domain.errors import DubanError
from domain.ids import ProjectId, supervision_workflow_id
from domain.rules.calendar import office_instant
from domain.rungs.wakeups import next_rung
from entrypoints.bootstrap import engine_now
from workflows.inputs import HISTORY_LIMIT

_LIMITS = (20, 30, HISTORY_LIMIT)
_TASK = timedelta(seconds=1)
_STILL_SECONDS = 15.0
_LOST_AFTER = timedelta(seconds=60)
_NO_SEED = "-"


@dataclass(frozen=True, slots=True)
class RacesPlan:
    """How many histories, how many of them at once, for how long each is asked, and the seed of everything random.

    `crowded` is the share of histories whose arrivals all come within their first task; `lives` bounds a worker's life
    and absence in seconds, none for one worker throughout; `speeds` bounds how fast the calendars run.
    """

    histories: int
    seed: int = 1
    at_once: int = 40
    seconds: float = 5.0
    crowded: float = 0.3
    lives: tuple[tuple[float, float], tuple[float, float]] | None = ((1.5, 5.0), (0.0, 3.0))
    speeds: tuple[int, int] = (100_000, 500_000)


@dataclass(frozen=True, slots=True)
class _Raced:
    """One project that was raced: its clock, what was acknowledged and must be on record."""

    project_id: ProjectId
    clock: VirtualClock
    acknowledged: tuple[str, ...]


async def races(plan: RacesPlan) -> Report:
    """One seeded campaign from an empty data folder to the checks."""
    speak_through_our_log("error")
    async with installation("races", sticky_seconds=1) as office:
        scene = _Scene(office, plan)
        async with scene.workers():
            raced = await scene.raced()
        await scene.check(raced)
        return scene.report


class _Scene:
    def __init__(self, office: Office, plan: RacesPlan) -> None:
        self._office, self._plan = office, plan
        self.report = Report()
        self._door = Door(office, self.report)
        self._woken: set[ProjectId] = set()

    @asynccontextmanager
    async def workers(self) -> AsyncIterator[None]:
        """Workers that come and go as long as the block lasts."""
        keeper = asyncio.create_task(self._come_and_go())
        try:
            await until_it_polls(self._office)
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _come_and_go(self) -> None:
        chance, number = random.Random(f"{self._plan.seed} workers"), 0
        while True:
            number += 1
            cached = chance.choice((1, 5, 20_000))
            settings = self._office.settings.model_copy(update={"cached_projects": cached})
            worker = WorkerProcess(settings, ("-m", "bench.race_worker", f"{self._plan.seed} {number}"))
            try:
                await until_it_polls(self._office)
                if self._plan.lives is None:
                    await asyncio.Event().wait()
                    return
                lives, absences = self._plan.lives
                await asyncio.sleep(chance.uniform(*lives))
                # A worker that ends politely gives its own queue back at once: a question is then the next one's
                # first task. A killed one's is given up after ten seconds.
                if chance.random() < 0.5:
                    self.report.figures["workers killed"] += 1
                    worker.kill()
                else:
                    self.report.figures["workers stopped"] += 1
                    await asyncio.to_thread(worker.stop)
                await asyncio.sleep(chance.uniform(*absences))
            finally:
                worker.kill()

    async def raced(self) -> list[_Raced]:
        """Start every project and give it what arrives, so many at a time."""
        gate, done = asyncio.Semaphore(self._plan.at_once), 0

        async def one(number: int) -> _Raced:
            nonlocal done
            async with gate:
                raced = await self._race(number)
            done += 1
            if done % 100 == 0:
                progress(f"  {done} of {self._plan.histories} histories")
            return raced

        return list(await asyncio.gather(*(one(number) for number in range(self._plan.histories))))

    async def _race(self, number: int) -> _Raced:
        chance = random.Random(f"{self._plan.seed} {number}")
        project = sample.project(1_001 + number, _due(chance))
        await asyncio.sleep(chance.uniform(0, 1))
        start = office_instant(sample.ISSUED_ON, START_OF_DAY)
        clock = VirtualClock(engine_at=engine_now(), supervised_at=start, speed=chance.randint(*self._plan.speeds))
        given = sample.given(project, clock, history_limit=chance.choice(_LIMITS))
        await self._office.engine.start_project(given, task_timeout=_TASK)
        span = 0.25 if chance.random() < self._plan.crowded else self._plan.seconds
        arrivals = arrivals_of(project, chance, span)

        async def arrive(arrival: Arrival) -> str | None:
            await asyncio.sleep(arrival.after)
            return await self._door.give(project, arrival)

        acknowledged = await asyncio.gather(*(arrive(each) for each in arrivals))
        return _Raced(project.project_id, clock, tuple(filter(None, acknowledged)))

    async def check(self, raced: list[_Raced]) -> None:
        """Let a worker that knows nothing yet bring everything to rest, then check every history."""
        progress("  all arrived; a fresh worker brings everything to rest")
        worker = WorkerProcess(self._office.settings, ("-m", "bench.race_worker", _NO_SEED))
        try:
            await until_it_polls(self._office)
            clocks = {each.project_id: each.clock for each in raced}
            stuck = await never_at_rest(clocks, lambda project_id: self._unrest(project_id, clocks[project_id]))
        finally:
            await asyncio.to_thread(worker.stop)
        progress("  at rest; every history is replayed")
        must_be_there = {each.project_id: each.acknowledged for each in raced}
        await check(self._office, must_be_there, stuck, self.report)

    async def _unrest(self, project_id: ProjectId, clock: VirtualClock) -> str | None:
        try:
            state = await self._office.engine.state(project_id)
        except (DubanError, RPCError) as error:
            return f"does not answer a worker that has nothing cached: {str(error)[:300]}"
        recorded = sum(1 for _ in self._office.records.ledger.entries(supervision_workflow_id(project_id)))
        if recorded != state.next_seq:
            return f"the ledger has {recorded} events and the state {state.next_seq}"
        now = engine_now()
        due = next_rung(state, clock.supervised(now))
        if due is not None and clock.engine(due.at) < now - timedelta(seconds=_STILL_SECONDS):
            if clock.engine(due.at) < now - _LOST_AFTER and await self._lost_its_timer(project_id, now - _LOST_AFTER):
                # The engine's fault, and nobody's here: it is woken as a worker wakes it (docs/adr/0244), and counted.
                await self._office.engine.look_at_the_clock(project_id)
                self._woken.add(project_id)
                self.report.figures["timers lost by the engine"] = len(self._woken)
            return f"{due.rung.name} was due at {due.at} and was not taken"
        if due is not None and clock.engine(due.at) < now + timedelta(seconds=_STILL_SECONDS):
            return "has something to do soon"
        return None

    async def _lost_its_timer(self, project_id: ProjectId, before: datetime) -> bool:
        engine, workflow_id = self._office.engine, supervision_workflow_id(project_id)
        there = await engine.runs(workflow_id)
        history = await engine.history(workflow_id, there.last) if there else None
        return (
            history is not None
            and unfired(history, before)
            and bool(await resting(engine, Overdue([workflow_id], before)))
        )


def _due(chance: random.Random) -> list[date]:
    first = sample.ISSUED_ON + timedelta(days=chance.randint(5, 30))
    return [first + timedelta(days=15 * number) for number in range(chance.randint(1, 2))]
