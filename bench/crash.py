"""A month's end under kill -9: the worker's and the engine's process die at random moments, then all is checked.

The calendar runs fast: the due day ends a few seconds after the start, the urging morning and the first order follow
within half a minute, and the kills fall between the due night and that order. Reconciliation compares the ledger, the
histories, the papers and the receipts. What the list alone says, each rung once, as many papers as projects, is here.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from datetime import time as time_of_day

from application.audit.reconciling import reconcile
from application.office.office import Office
from application.office.starting import Year
from bench import sample
from bench.installation import WorkerProcess, installation, kill_engine, progress, start
from bench.patience import until
from bench.report import Report
from domain.clock import VirtualClock
from domain.ids import supervision_workflow_id
from domain.ports.ledger import LedgerEntry
from domain.project import KeyProject
from domain.record.leaf import domain_event_of
from domain.rules.calendar import end_of, office_instant
from domain.rules.ladder_rules import EscalationStep, MilestoneRules
from domain.rules.life_cycle import LifeCycleRules, LimitRules, Limits
from domain.rules.policy import SupervisionPolicy
from domain.rungs.ladder import RUNG_CAUSE
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
_FEWEST_STARTS_A_SECOND = 1.0
_RUNGS = ("breach", "urge", "order-blue")


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


async def crashes(projects: int, runs: int, seed: int) -> Report:
    """Seeded runs, one after the other."""
    report = Report()
    for number in range(seed, seed + runs):
        await crash_run(CrashPlan(projects, number), report)
    return report


async def crash_run(plan: CrashPlan, report: Report) -> None:
    """One seeded run from an empty data folder to the checks; begun again with more time when the starts took too long.

    Raises:
        StartedTooLateError: even thirty times as long was not enough.
    """
    try:
        async with installation("crash") as office:
            await _Scene(office, plan, report).run()
    except StartedTooLateError:
        if plan.starts_a_second < _FEWEST_STARTS_A_SECOND:
            raise
        progress(f"  seed {plan.seed}: started too late, begun again")
        await crash_run(replace(plan, starts_a_second=plan.starts_a_second / 2), report)


class _Scene:
    def __init__(self, office: Office, plan: CrashPlan, report: Report) -> None:
        self._office, self._plan, self._report = office, plan, report
        self._worker = WorkerProcess(office.settings)
        self._wanted = True

    async def run(self) -> None:
        """Start, kill, wait until everything is done, check."""
        keeper = asyncio.create_task(self._keep_alive())
        try:
            await self._run()
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            self._worker.stop()

    async def _run(self) -> None:
        report, before = self._report, len(self._report.problems)
        year = self._year()
        await start(self._office, year)
        left = (year.clock.engine(_FIRST_KILL) - engine_now()).total_seconds()
        if left < 0:
            raise StartedTooLateError
        await asyncio.sleep(left)
        await self._kill(kills_of(self._plan.seed, self._plan.speed))
        try:
            await until(lambda: not _what_waits(self._office, self._plan.projects), "the first orders", every=0.5)
        except TimeoutError:
            report.problems.append(f"not done in time: {_what_waits(self._office, self._plan.projects)}")
        else:
            await _check(self._office, year, report)
        report.figures["runs"] += 1
        report.problems[before:] = [f"seed {self._plan.seed}: {each}" for each in report.problems[before:]]
        progress(f"  seed {self._plan.seed}: {report.problems[before:] or 'nothing wrong'}")

    def _year(self) -> Year:
        # A lead alone: each rung is taken once, and each paper has a subject of its own.
        alone = {"participating_departments": ()}
        serials = range(1_001, 1_001 + self._plan.projects)
        projects = [sample.project(serial, DUE).model_copy(update=alone) for serial in serials]
        anchor = engine_now() + timedelta(seconds=self._plan.lead_seconds)
        clock = VirtualClock(engine_at=anchor, supervised_at=_FIRST_KILL, speed=self._plan.speed)
        return sample.year(projects, clock, POLICY)

    async def _kill(self, kills: list[Kill]) -> None:
        begun = time.monotonic()
        for kill in kills:
            await asyncio.sleep(max(0.0, begun + kill.after - time.monotonic()))
            self._report.figures[f"kills of the {kill.what}"] += 1
            if kill.what == "worker":
                self._wanted = False
                self._worker.kill()
                await asyncio.sleep(kill.away)
                self._wanted = True
            else:
                await kill_engine(self._office.settings, kill.away)

    async def _keep_alive(self) -> None:
        # As a service manager does: a worker that finds no engine ends, and is started again.
        while True:
            if self._wanted:
                self._worker.start_again()
            await asyncio.sleep(_REPAIR_SECONDS)


def _what_waits(office: Office, projects: int) -> str:
    """What is still to come until every project has had its first order and no paper waits; nothing when all is."""
    orders = sum(numbered.paper.kind == "escalation_order" for numbered in office.records.outbox.papers())
    waiting = [item for item in office.records.outbox.items() if item.state not in ("sent", "withheld")]
    if orders >= projects and not waiting:
        return ""
    named = ", ".join(f"{item.numbered.paper.paper_id} to {item.addressee} ({item.state})" for item in waiting[:3])
    return f"{orders} of {projects} first orders, {len(waiting)} papers wait: {named}"


async def _check(office: Office, year: Year, report: Report) -> None:
    superseded = 0
    for project in year.listed.projects:
        stream = supervision_workflow_id(project.project_id)
        entries = list(office.records.ledger.entries(stream))
        report.problems += [f"{stream}: {problem}" for problem in _rung_problems(project, entries)]
        superseded += sum(entry.event["data"].get("reason") == "superseded" for entry in entries)
        report.most("latest breach after its instant, s", _breach_lateness(year, project, entries))
        view = await office.engine.status(project.project_id)
        if view.next_due_on != project.milestones[0].due_on or view.light != "red":
            report.problems.append(f"{stream}: shows {view.light} and {view.next_due_on}")
    report.problems += _paper_problems(office, len(year.listed.projects), superseded)
    now = engine_now()
    found = await reconcile(office.archive, year.clock.supervised(now), now, await office.engine.retention())
    report.problems += [f"{each.check} {each.stream}: {each.text}" for each in found.findings]
    report.figures["entries of the ledger checked"] += found.entries
    report.figures["papers, each once by its number"] += found.papers
    report.figures["receipts, each of one item of mail"] += found.receipts
    report.figures["urges that an order overtook, recorded as such"] += superseded


def _rung_problems(project: KeyProject, entries: list[LedgerEntry]) -> Iterator[str]:
    taken = Counter(
        (event.type, event.cause.removeprefix(RUNG_CAUSE))
        for event in map(domain_event_of, entries)
        if event.cause.startswith(RUNG_CAUSE)
        and getattr(event, "milestone_id", "") == project.milestones[0].milestone_id
    )
    if twice := [key for key, times in taken.items() if times > 1]:
        yield f"taken twice: {twice}"
    if missing := set(_RUNGS) - {rung for _, rung in taken}:
        yield f"not taken: {missing}"


def _breach_lateness(year: Year, project: KeyProject, entries: list[LedgerEntry]) -> float:
    due = project.milestones[0].due_on
    assert due is not None
    nominal = year.clock.engine(end_of(due) + year.policy.spread_for(project.project_id))
    found = [entry.appended_at for entry in entries if entry.type == "DeadlineBreached"]
    return max(((at - nominal).total_seconds() for at in found), default=0.0)


def _paper_problems(office: Office, projects: int, superseded: int) -> Iterator[str]:
    papers = office.records.outbox.papers()
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for numbered in papers:
        numbers[numbered.paper.kind].append(numbered.sequence)
    for kind, sequences in numbers.items():
        if sorted(sequences) != list(range(1, len(sequences) + 1)):
            yield f"the numbers of {kind} are not dense"
    for what, values in (
        ("number", [numbered.number for numbered in papers]),
        ("event", [numbered.paper.paper_id for numbered in papers]),
        (
            "subject",
            [(p.paper.kind, p.paper.level, p.paper.milestone_id or p.paper.project_id) for p in papers],
        ),
    ):
        if len(set(values)) != len(papers):
            yield f"two papers share a {what}"
    # A kind of which none went out has no numbers: when every urge was superseded, there is no urge.
    wanted = {"supervision_order": projects, "urge": projects - superseded, "escalation_order": projects}
    expected = {kind: count for kind, count in wanted.items() if count}
    if (found := {kind: len(sequences) for kind, sequences in numbers.items()}) != expected:
        yield f"papers {found}, expected {expected}"
