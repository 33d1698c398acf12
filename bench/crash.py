"""A month's end under kill -9: the worker's and the engine's process are killed at random moments, then all is checked.

The calendar runs fast: the due day ends a few seconds after the start, the urging morning and the first order follow
within half a minute, and the kills fall between the due night and that order.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

from application.engine_room.embedded import EmbeddedEngine
from application.office.office import Office
from application.office.starting import Year, start_year
from bench import sample
from bench.crash_checks import CrashFindings, check, what_waits
from bench.installation import WorkerProcess, engine_pid, installation, progress
from bench.patience import PATIENCE_SECONDS
from domain.clock import VirtualClock
from domain.project import ProjectList
from domain.rules.calendar import end_of, office_instant
from domain.rules.life_cycle import LifeCycleRules, LimitRules, Limits
from domain.rules.policy import EscalationStep, MilestoneRules, SupervisionPolicy
from entrypoints.bootstrap import engine_now

DUE = sample.month_ends(7, 3)
POLICY = SupervisionPolicy(
    rules=MilestoneRules(
        reminders_working_days_before=(7, 1),
        escalation=(
            EscalationStep(level="blue", after_working_days=2, to="{lead}主要负责人"),
            EscalationStep(level="yellow", after_working_days=10, to="分管领导", opens_inspection=True),
        ),
    ),
    # Receipts that may wait the year out: what comes is the ladder alone.
    life_cycle=LifeCycleRules(limits=Limits(receipt=LimitRules(working_days=250, reminders_working_days_before=()))),
)
# From the last hour of the due day, over the herd of the night, to noon after the herd of the first morning.
_FIRST_KILL = end_of(DUE[0]) - timedelta(hours=1)
_LAST_KILL = office_instant(date(2018, 8, 1), time_of_day(12, 0))
_REPAIR_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class CrashPlan:
    """How many projects, the seed of everything random, and how many times as fast as life the calendar runs."""

    projects: int
    seed: int
    speed: int = 3_600
    starts_a_second: float = 25.0

    @property
    def lead_seconds(self) -> float:
        """The time that the starts get."""
        return 8 + self.projects / self.starts_a_second


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: of what, how many seconds after the first moment for kills, and how long nobody brings it back."""

    what: str
    after: float
    away: float


@dataclass(frozen=True, slots=True)
class CrashFigures:
    """One run: what was killed, how long until all was done again, and what the checks found."""

    seed: int
    worker_kills: int
    engine_kills: int
    seconds: float
    findings: CrashFindings


def kills_of(seed: int, speed: int) -> list[Kill]:
    """The kills of a run, in order: one to three of the worker, one or two of the engine."""
    chance = random.Random(seed)
    span = (_LAST_KILL - _FIRST_KILL).total_seconds() / speed
    names = ["worker"] * chance.randint(1, 3) + ["engine"] * chance.randint(1, 2)
    return sorted(
        (Kill(name, chance.uniform(0, span), chance.uniform(0, 1.5)) for name in names), key=lambda kill: kill.after
    )


class StartedTooLateError(Exception):
    """The first moment for kills came before every project was started: the machine is busier than the plan said."""


async def crash_run(plan: CrashPlan) -> CrashFigures:
    """One seeded run from an empty data folder to the checks; begun again with more time when the starts took too long.

    Raises:
        StartedTooLateError: even eight times as long was not enough.
    """
    for slower in (1, 2, 4):
        try:
            return await _once(replace(plan, starts_a_second=plan.starts_a_second / slower))
        except StartedTooLateError:
            progress(f"  seed {plan.seed}: started too late, begun again")
    return await _once(replace(plan, starts_a_second=plan.starts_a_second / 8))


async def _once(plan: CrashPlan) -> CrashFigures:
    async with installation("crash") as office:
        scene = _Scene(office, plan)
        try:
            return await scene.run()
        finally:
            await scene.close()


class _Scene:
    def __init__(self, office: Office, plan: CrashPlan) -> None:
        self._office, self._plan = office, plan
        self._worker = WorkerProcess(office.settings)
        self._wanted = True
        self._keeper = asyncio.create_task(self._keep_alive())

    async def close(self) -> None:
        """End the worker and whoever brings it back."""
        self._wanted = False
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        self._worker.stop()

    async def run(self) -> CrashFigures:
        """Start, kill, wait until everything is done, check."""
        begun = time.monotonic()
        year = self._year()
        # The worker opens a mailbox, too, where mail waits for one: by the installation's clock, as a start settles it.
        await self._office.records.ledger.settle_clock(year.clock)
        results = await start_year(self._office.engine, self._office.records.ledger, year)
        failed = [result.text for result in results if result.outcome != "started"]
        assert not failed, failed[:3]
        if engine_now() > year.clock.engine(_FIRST_KILL):
            raise StartedTooLateError
        await _sleep_until(year.clock.engine(_FIRST_KILL))
        kills = kills_of(self._plan.seed, self._plan.speed)
        await self._kill(kills)
        waits = await self._settled()
        findings = CrashFindings(problems=(f"not done in time: {waits}",)) if waits else await check(self._office, year)
        figures = CrashFigures(
            seed=self._plan.seed,
            worker_kills=sum(kill.what == "worker" for kill in kills),
            engine_kills=sum(kill.what == "engine" for kill in kills),
            seconds=time.monotonic() - begun,
            findings=findings,
        )
        progress(f"  seed {self._plan.seed}: {len(kills)} kills, {len(findings.problems)} problems")
        for problem in findings.problems[:10]:
            progress(f"    {problem}")
        return figures

    def _year(self) -> Year:
        # A lead alone: each rung is taken once, and each paper has a subject of its own.
        alone = {"participating_departments": ()}
        serials = range(1_001, 1_001 + self._plan.projects)
        projects = tuple(sample.project(serial, DUE).model_copy(update=alone) for serial in serials)
        listed = ProjectList(**dict(sample.HEADER), projects=projects)
        anchor = engine_now() + timedelta(seconds=self._plan.lead_seconds)
        clock = VirtualClock(engine_at=anchor, supervised_at=_FIRST_KILL, speed=self._plan.speed)
        return Year(listed, POLICY, sample.calendar(), clock)

    async def _kill(self, kills: list[Kill]) -> None:
        begun = time.monotonic()
        for kill in kills:
            await asyncio.sleep(max(0.0, begun + kill.after - time.monotonic()))
            if kill.what == "worker":
                self._wanted = False
                self._worker.kill()
                await asyncio.sleep(kill.away)
                self._wanted = True
            else:
                os.kill(engine_pid(self._office.settings), signal.SIGKILL)
                await asyncio.sleep(kill.away)
                await EmbeddedEngine(self._office.settings).up()

    async def _keep_alive(self) -> None:
        # As a service manager does: a worker that finds no engine ends, and is started again.
        while True:
            if self._wanted and not self._worker.alive():
                self._worker = WorkerProcess(self._office.settings)
            await asyncio.sleep(_REPAIR_SECONDS)

    async def _settled(self) -> str:
        """Wait until all is done; what still waits when that does not come."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (waits := what_waits(self._office, self._plan.projects)) and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        return waits


async def _sleep_until(engine_instant: datetime) -> None:
    await asyncio.sleep(max(0.0, (engine_instant - engine_now()).total_seconds()))
