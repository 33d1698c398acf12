"""Short histories under everything at once: what arrives, a slow store, killed workers and continue-as-new, all seeded.

Each history is one project whose weeks go by in seconds, so that rungs fall due among the updates, signals, questions
and requests to cancel that arrive. Workers are killed or stopped, and come back with another cache. In the end a worker
that has nothing cached must answer for every project, and every history is replayed cold and compared with the ledger.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta

from temporalio.service import RPCError

from application.engine_room.connecting import speak_through_our_log
from application.office.office import Office
from application.office.starting import START_OF_DAY
from bench import sample
from bench.installation import WorkerProcess, installation, progress, until_it_polls
from bench.race_arrivals import Arrival, Door, arrivals_of
from bench.race_checks import RaceFindings, check
from domain.clock import VirtualClock
from domain.errors import DubanError
from domain.ids import ProjectId, supervision_workflow_id
from domain.rules.calendar import office_instant
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import next_rung
from entrypoints.bootstrap import engine_now
from workflows.inputs import HISTORY_LIMIT, Opening, SupervisionInput

_SPEEDS = (100_000, 500_000)
_LIMITS = (20, 30, HISTORY_LIMIT)
_TASK = timedelta(seconds=1)
_SETTLE_SECONDS = 60.0
_STILL_SECONDS = 15.0
_NO_SEED = "-"


@dataclass(frozen=True, slots=True)
class RacesPlan:
    """How many histories, how many of them at once, for how long each is asked, and the seed of everything random.

    `crowded` is the share of histories whose arrivals all come within their first task; `lives` bounds a worker's life
    and absence in seconds, none for one worker throughout.
    """

    histories: int
    seed: int = 1
    at_once: int = 40
    seconds: float = 5.0
    crowded: float = 0.3
    lives: tuple[tuple[float, float], tuple[float, float]] | None = ((1.5, 5.0), (0.0, 3.0))


@dataclass(frozen=True, slots=True)
class RaceFigures:
    """What arrived and how it was answered, what became of the workers, and what the checks found."""

    plan: RacesPlan
    answers: Counter[str]
    kills: int
    stops: int
    findings: RaceFindings


@dataclass(frozen=True, slots=True)
class Raced:
    """One project that was raced: its clock, what was acknowledged and must be on record."""

    project_id: ProjectId
    clock: VirtualClock
    acknowledged: tuple[str, ...]


async def races(plan: RacesPlan) -> RaceFigures:
    """One seeded campaign from an empty data folder to the checks."""
    speak_through_our_log("error")
    async with installation("races", sticky_seconds=1) as office:
        scene = _Scene(office, plan)
        async with scene.workers():
            raced = await scene.raced()
        return await scene.checked(raced)


class _Scene:
    def __init__(self, office: Office, plan: RacesPlan) -> None:
        self._office, self._plan = office, plan
        self._door = Door(office)
        self._kills = self._stops = 0

    @asynccontextmanager
    async def workers(self) -> AsyncIterator[None]:
        """Workers that come and go as long as the block lasts."""
        keeper = asyncio.create_task(self._come_and_go())
        try:
            await until_it_polls(self._office, self._office.settings.task_queue)
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
                await until_it_polls(self._office, settings.task_queue)
                if self._plan.lives is None:
                    await asyncio.Event().wait()
                    return
                lives, absences = self._plan.lives
                await asyncio.sleep(chance.uniform(*lives))
                # A worker that ends politely gives its own queue back at once: a question is then the next one's
                # first task. A killed one's is given up after ten seconds.
                if chance.random() < 0.5:
                    self._kills += 1
                    worker.kill()
                else:
                    self._stops += 1
                    await asyncio.to_thread(worker.stop)
                await asyncio.sleep(chance.uniform(*absences))
            finally:
                worker.kill()

    async def raced(self) -> list[Raced]:
        """Start every project and give it what arrives, so many at a time."""
        gate, done = asyncio.Semaphore(self._plan.at_once), 0

        async def one(number: int) -> Raced:
            nonlocal done
            async with gate:
                raced = await self._race(number)
            done += 1
            if done % 100 == 0:
                progress(f"  {done} of {self._plan.histories} histories")
            return raced

        return list(await asyncio.gather(*(one(number) for number in range(self._plan.histories))))

    async def _race(self, number: int) -> Raced:
        chance = random.Random(f"{self._plan.seed} {number}")
        project = sample.project(1_001 + number, _due(chance))
        await asyncio.sleep(chance.uniform(0, 1))
        start = office_instant(sample.ISSUED_ON, START_OF_DAY)
        clock = VirtualClock(engine_at=engine_now(), supervised_at=start, speed=chance.randint(*_SPEEDS))
        policy = SupervisionPolicy(version=chance.choice((1, 2)))
        opening = Opening(listed=sample.HEADER, project=project, policy=policy, calendar=sample.calendar())
        given = SupervisionInput(clock=clock, opening=opening, history_limit=chance.choice(_LIMITS))
        await self._office.engine.start_project(given, task_timeout=_TASK)
        span = 0.25 if chance.random() < self._plan.crowded else self._plan.seconds
        arrivals = arrivals_of(project, chance, span)

        async def arrive(arrival: Arrival) -> str | None:
            await asyncio.sleep(arrival.after)
            return await self._door.give(project, arrival)

        acknowledged = await asyncio.gather(*(arrive(each) for each in arrivals))
        return Raced(project.project_id, clock, tuple(filter(None, acknowledged)))

    async def checked(self, raced: list[Raced]) -> RaceFigures:
        """Let a worker that knows nothing yet bring everything to rest, then check every history."""
        progress("  all arrived; a fresh worker brings everything to rest")
        worker = WorkerProcess(self._office.settings, ("-m", "bench.race_worker", _NO_SEED))
        try:
            await until_it_polls(self._office, self._office.settings.task_queue)
            problems = await self._settled(raced)
        finally:
            await asyncio.to_thread(worker.stop)
        progress("  at rest; every history is replayed")
        must_be_there = {each.project_id: each.acknowledged for each in raced}
        findings = await check(self._office, must_be_there, problems)
        return RaceFigures(self._plan, self._door.answers, self._kills, self._stops, findings)

    async def _settled(self, raced: list[Raced]) -> dict[ProjectId, str]:
        """Wait until no project has anything to do for a while; what is wrong with those that never come to rest."""
        gate = asyncio.Semaphore(32)
        deadline = asyncio.get_running_loop().time() + _SETTLE_SECONDS

        async def one(each: Raced) -> tuple[ProjectId, str | None]:
            problem: str | None = None
            async with gate:
                while asyncio.get_running_loop().time() < deadline:
                    problem = await self._unrest(each)
                    if problem is None:
                        break
                    await asyncio.sleep(0.5)
            return each.project_id, problem

        found = await asyncio.gather(*(one(each) for each in raced))
        return {project_id: problem for project_id, problem in found if problem}

    async def _unrest(self, each: Raced) -> str | None:
        try:
            state = await self._office.engine.state(each.project_id)
        except (DubanError, RPCError) as error:
            return f"does not answer a worker that has nothing cached: {str(error)[:300]}"
        recorded = sum(1 for _ in self._office.records.ledger.entries(supervision_workflow_id(each.project_id)))
        if recorded != state.next_seq:
            return f"the ledger has {recorded} events and the state {state.next_seq}"
        now = engine_now()
        due = next_rung(state, each.clock.supervised(now))
        if due is not None and each.clock.engine(due.at) < now - timedelta(seconds=_STILL_SECONDS):
            return f"{due.rung.name} was due at {due.at} and was not taken"
        if due is not None and each.clock.engine(due.at) < now + timedelta(seconds=_STILL_SECONDS):
            return "has something to do soon"
        return None


def _due(chance: random.Random) -> list[date]:
    first = sample.ISSUED_ON + timedelta(days=chance.randint(5, 30))
    return [first + timedelta(days=15 * number) for number in range(chance.randint(1, 2))]
