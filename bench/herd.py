"""A month's end: many projects due on the same day, beside the smallest workflow that does the same.

Both run on the same engine with the same worker settings, one after the other in alternating order, each with a fresh
worker process. The virtual calendar is anchored so that the due day is over soon after everything was started.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

import psutil
from temporalio.api.enums.v1 import EventType, TimeoutType

from application.office.office import Office
from bench.herd_sides import DubanSide, FloorSide, Herd, Side, herd_of
from bench.installation import (
    DUBAN_WORKER,
    FLOOR_WORKER,
    WorkerProcess,
    at_work,
    engine_bytes,
    engine_pid,
    installation,
    progress,
    usage_of,
)
from bench.patience import PATIENCE_SECONDS, until
from bench.report import Report, percentile
from entrypoints.bootstrap import engine_now

Kind = Literal["floor", "duban"]
"""The smallest workflow, and a supervision."""
Figures = Mapping[str, float]
"""One herd of one kind by name; `_ms` and `_kb` are for one project, latencies are in seconds."""

_AT_A_TIME = 16
_UPDATING_CLIENTS = 8
_WARM_UP = 10
_SPEED = 2
_SPREAD = timedelta(seconds=30)
_LOOK_AGAIN_SECONDS = 0.5
_DRAIN_SECONDS = 400.0

_serials: Iterator[int] = count(10_000, 10_000)
_queues: Iterator[int] = count(1)

ROWS: Mapping[str, str] = {
    "starts_a_second": "starts a second, acknowledged",
    "recorded_a_second": "starts a second, recorded in the store",
    "start_worker_ms": "worker CPU a start, ms",
    "start_engine_ms": "engine CPU a start, ms",
    "worker_kb": "worker memory a project, KB",
    "worker_kb_after": "worker memory a project after the herd, KB",
    "worker_mb": "worker memory in all, MB",
    "worker_mb_after": "worker memory in all after the herd, MB",
    "engine_kb": "engine storage a project, KB",
    "all_kb": "storage with each side's records, KB",
    "events": "events a project",
    "drain_seconds": "time to drain, s",
    "listed_seconds": "the engine's lists caught up after, s",
    "drain_worker_ms": "worker CPU a wake-up, ms",
    "drain_engine_ms": "engine CPU a wake-up, ms",
    "worker_cores": "cores that the worker kept busy",
    "engine_cores": "cores that the engine kept busy",
    "late_median": "lateness, median, s",
    "late_p99": "lateness, p99, s",
    "updates_a_second": "completions a second",
    "update_median": "completion, median, s",
    "update_p99": "completion, p99, s",
    "timed_out": "workflow tasks timed out",
    "failed_tasks": "workflow tasks failed",
}
"""Every figure of a herd, in words."""
_AT_LEAST = {"starts_a_second": 0.85, "updates_a_second": 0.85}
"""Goals for ours over the smallest workflow's, as are those below."""
_AT_MOST = {"engine_kb": 1.25, "all_kb": 1.25, "update_p99": 1.3}
_DRAIN_AT_MOST, _DRAIN_AT_MOST_OF_MANY, _MANY = 1.15, 1.25, 3_000
_OURS = {"timed_out": 0.0, "failed_tasks": 0.0}
"""Goals for ours alone."""
_OURS_SPREAD = {"late_p99": 2.0}
_ALL = 20_000
_OPEN_SPREAD = timedelta(minutes=10)
_OPEN_AT_MOST = {"worker_mb": 400.0, "worker_mb_after": 400.0, "late_p99": 2.0, "update_p99": 2.0}
"""Goals for many open projects under the default settings: most wake, and are asked, while they are out of memory."""


class HerdTooLateError(Exception):
    """The due day was over before everything was started."""


@dataclass(frozen=True, slots=True)
class HerdPlan:
    """How many projects fall due, how many more are completed meanwhile, the spread in the engine's seconds, and how
    many a worker of either side keeps in memory (as by default, where it does not say)."""

    projects: int
    completions: int
    spread: timedelta = timedelta()
    starts_a_second: float = 30.0
    margin_seconds: float = 20.0
    kept: int | None = None

    @property
    def lead(self) -> timedelta:
        """The time that the starts get before the due day is over."""
        return timedelta(
            seconds=self.margin_seconds + (self.projects + self.completions + _WARM_UP) / self.starts_a_second
        )


async def herds(sizes: Sequence[int], rounds: int, starts_a_second: float) -> Report:
    """Month's ends of every size that is asked for, the smallest one with a spread besides and twice as often; both
    sides keep all in memory."""
    report, smallest = Report(), min(sizes)
    for size in sizes:
        for spread in (timedelta(), _SPREAD) if size == smallest else (timedelta(),):
            plan = HerdPlan(size, max(20, size // 5), spread, starts_a_second, kept=_ALL)
            found: dict[Kind, list[Figures]] = {"floor": [], "duban": []}
            async with installation("herd") as office:
                for number in range(rounds if size == smallest else max(1, rounds // 2)):
                    progress(f"herd of {size}, spread {spread.total_seconds():.0f} s, round {number + 1}")
                    for kind in tuple(found)[:: 1 if number % 2 == 0 else -1]:
                        found[kind].append(await run_herd(office, kind, plan))
            _compare(report, plan, found)
    return report


async def open_projects(count: int, starts_a_second: float) -> Report:
    """Many open projects that wake one after another, and act meanwhile, under the default settings."""
    plan = HerdPlan(count, 200, _OPEN_SPREAD, starts_a_second)
    async with installation("open") as office:
        ours = await run_herd(office, "duban", plan)
    report = Report()
    rows = [(words, f"{ours[name]:.4g}", f"{_OPEN_AT_MOST.get(name, '')}") for name, words in ROWS.items()]
    report.table(("", f"{count:,} open projects", "at most"), rows)
    report.problems += [
        f"{ROWS[name]}: {ours[name]:.4g}, not {most:g}" for name, most in _OPEN_AT_MOST.items() if ours[name] > most
    ]
    return report


def _compare(report: Report, plan: HerdPlan, found: Mapping[Kind, Sequence[Figures]]) -> None:
    """The figures of both sides and our ratios to the floor, medians of all rounds, against the goals."""
    spread = f"spread over {plan.spread.total_seconds():.0f} s" if plan.spread else "no spread"
    report.tables.append(
        f"Herd of {plan.projects:,}, {spread}, {plan.completions} completions meanwhile,"
        f" {len(found['duban'])} round(s)\n"
    )
    floor, ours = ({name: statistics.median(each[name] for each in found[kind]) for name in ROWS} for kind in found)
    rows = []
    for name, words in ROWS.items():
        ratio = ours[name] / floor[name] if floor[name] else float("nan")
        goal, met = _goal(plan, name, ratio, ours[name])
        rows.append((words, f"{floor[name]:.4g}", f"{ours[name]:.4g}", f"{ratio:.2f}", goal, met))
    report.table(("", "smallest workflow", "Duban", "ratio", "goal", "met"), rows)
    report.tables.append(_bound(ours))


def _goal(plan: HerdPlan, name: str, ratio: float, ours: float) -> tuple[str, str]:
    """The goal of a figure and whether it is met, in words; nothing where it has none."""
    drain = _DRAIN_AT_MOST_OF_MANY if plan.projects >= _MANY else _DRAIN_AT_MOST
    at_most = _AT_MOST if plan.spread else _AT_MOST | {"drain_seconds": drain}
    alone = _OURS | _OURS_SPREAD if plan.spread else _OURS
    if name in _AT_LEAST:
        goal, met = f"≥ {_AT_LEAST[name]:g} ×", ratio >= _AT_LEAST[name]
    elif name in at_most:
        goal, met = f"≤ {at_most[name]:g} ×", ratio <= at_most[name]
    elif name in alone:
        goal, met = f"≤ {alone[name]:g}", ours <= alone[name]
    else:
        return "", ""
    return goal, "yes" if met else "**no**"


def _bound(ours: Figures) -> str:
    """What bounds a herd of ours: how much of the machine engine and worker took, and whose CPU the ratios follow."""
    worker, engine, cores = ours["worker_cores"], ours["engine_cores"], psutil.cpu_count() or 1
    if worker + engine > 0.85 * cores:
        first = "the machine's cores"
    elif max(worker, engine) > 0.85:
        first = "the worker, in Python one thread at a time" if worker > engine else "the engine"
    else:
        first = "neither engine nor worker (a spread or small herd, the disk, or a machine that others use too)"
    return (
        f"Bound: {first}. The engine kept {engine:.1f} and the worker {worker:.1f} of {cores} cores busy; starts and"
        " drain follow the CPU of both, completions the worker's, which answers them between its wake-ups. Memory is"
        " the engine library's copies of a workflow's input and steps, and our state (docs/measurements.md).\n"
    )


async def run_herd(office: Office, kind: Kind, plan: HerdPlan) -> Figures:
    """Start a herd of one kind with a worker of its own, let it fall due, and measure.

    Raises:
        HerdTooLateError: it was not started before it fell due.
        TimeoutError: it was not drained in time.
    """
    kept = plan.kept or office.settings.cached_projects
    settings = office.settings.model_copy(update={"task_queue": f"bench-{next(_queues)}", "cached_projects": kept})
    program, sided = (DUBAN_WORKER, DubanSide) if kind == "duban" else (FLOOR_WORKER, FloorSide)
    async with at_work(office, settings, program) as worker:
        due_at = engine_now() + plan.lead
        others = plan.completions + _WARM_UP
        herd = herd_of(plan.projects, others, next(_serials), due_at, plan.spread, _SPEED)
        side: Side = sided(office, settings.task_queue, herd)
        drained_in = plan.spread.total_seconds() + _DRAIN_SECONDS
        return await _Measurement(office, kind, side, herd, worker, due_at, drained_in).run()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What worker, engine and stores had used at an instant."""

    at: float
    worker_seconds: float
    engine_seconds: float
    worker_memory: int
    engine_bytes: int
    store_bytes: int


class _Measurement:
    def __init__(
        self,
        office: Office,
        kind: Kind,
        side: Side,
        herd: Herd,
        worker: WorkerProcess,
        due_at: datetime,
        drained_in: float,
    ) -> None:
        self._office, self._kind, self._side, self._herd = office, kind, side, herd
        self._worker, self._due_at, self._drained_in = worker, due_at, drained_in
        self._engine_pid = engine_pid(office.settings)

    async def run(self) -> Figures:
        side, herd = self._side, self._herd
        warm, others = herd.others[:_WARM_UP], herd.others[_WARM_UP:]
        everything = (*herd.due, *others)
        await _each(warm, side.start, _AT_A_TIME)
        await self._seen(side.opened, len(warm))
        before = self._read()
        await _each(everything, side.start, _AT_A_TIME)
        started = time.monotonic()
        await self._seen(side.opened, len(everything) + len(warm), PATIENCE_SECONDS + len(everything) / _AT_A_TIME)
        open_ = self._read()
        left = (self._due_at - engine_now()).total_seconds()
        if left < 0:
            raise HerdTooLateError(f"the due day was over {-left:.0f} s too soon: give a lower --starts-a-second")
        progress(
            f"  {self._kind}: {len(everything)} at {len(everything) / (started - before.at):.0f}/s, {left:.0f} s left"
        )
        await asyncio.sleep(left)
        due = self._read()
        updating = asyncio.create_task(_each(others, side.complete, _UPDATING_CLIENTS))
        await self._seen(side.woken, len(herd.due), self._drained_in)
        latencies = await updating
        drained = self._read()
        await until(lambda: self._listed(len(everything) + len(warm)), "the engine's lists", seconds=_DRAIN_SECONDS)
        return await self._figures((before, open_, due, drained, self._read()), started, latencies)

    async def _seen(self, seen: set[str] | dict[str, datetime], many: int, seconds: float = PATIENCE_SECONDS) -> None:
        def look() -> bool:
            self._side.look()
            return len(seen) == many

        await until(look, f"{many} in the store", seconds=seconds, every=_LOOK_AGAIN_SECONDS)

    async def _listed(self, projects: int) -> bool:
        """Whether the engine's lists show every project."""
        queue = f"TaskQueue='{self._side.task_queue}'"
        return (await self._office.engine.client.count_workflows(queue)).count >= projects

    def _read(self) -> _Reading:
        worker, engine = usage_of(self._worker.pid), usage_of(self._engine_pid)
        return _Reading(
            time.monotonic(),
            worker.cpu_seconds,
            engine.cpu_seconds,
            worker.memory,
            engine_bytes(self._office.settings),
            self._side.store_bytes(),
        )

    async def _figures(self, readings: tuple[_Reading, ...], started: float, latencies: Sequence[float]) -> Figures:
        before, open_, due, drained, listed = readings
        side, herd = self._side, self._herd
        count_, due_count, others = len(herd.due) + len(latencies), len(herd.due), len(latencies)
        instants = {serial: side.woken[side.workflow_id(serial)] for serial in herd.due}
        lateness = [(at - herd.due_at(serial)).total_seconds() for serial, at in instants.items()]
        kinds = await self._event_kinds((*herd.due, *herd.others[_WARM_UP:]))
        found = {
            "starts_a_second": count_ / (started - before.at),
            "recorded_a_second": count_ / (open_.at - before.at),
            "start_worker_ms": 1000 * (open_.worker_seconds - before.worker_seconds) / count_,
            "start_engine_ms": 1000 * (open_.engine_seconds - before.engine_seconds) / count_,
            "worker_kb": (open_.worker_memory - before.worker_memory) / count_ / 1024,
            "worker_kb_after": (drained.worker_memory - before.worker_memory) / count_ / 1024,
            "worker_mb": open_.worker_memory / 1e6,
            "worker_mb_after": drained.worker_memory / 1e6,
            "engine_kb": (listed.engine_bytes - before.engine_bytes) / count_ / 1024,
            "all_kb": (listed.engine_bytes + listed.store_bytes - before.engine_bytes - before.store_bytes)
            / count_
            / 1024,
            "events": kinds.total() / count_,
            "drain_seconds": (max(instants.values()) - self._due_at).total_seconds(),
            "listed_seconds": listed.at - due.at,
            "drain_worker_ms": 1000 * (drained.worker_seconds - due.worker_seconds) / due_count,
            "drain_engine_ms": 1000 * (drained.engine_seconds - due.engine_seconds) / due_count,
            "worker_cores": (drained.worker_seconds - due.worker_seconds) / (drained.at - due.at),
            "engine_cores": (drained.engine_seconds - due.engine_seconds) / (drained.at - due.at),
            "late_median": statistics.median(lateness),
            "late_p99": percentile(lateness, 0.99),
            "updates_a_second": others / sum(latencies) * _UPDATING_CLIENTS if others else 0.0,
            "update_median": statistics.median(latencies) if others else 0.0,
            "update_p99": percentile(latencies, 0.99) if others else 0.0,
            "timed_out": float(kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT]),
            "failed_tasks": float(kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED]),
        }
        progress(f"  {self._kind}: drained in {found['drain_seconds']:.1f} s, {found['timed_out']:.0f} tasks timed out")
        return found

    async def _event_kinds(self, serials: Sequence[int]) -> Counter[int]:
        kinds: Counter[int] = Counter()

        async def one(serial: int) -> None:
            handle = self._office.engine.client.get_workflow_handle(self._side.workflow_id(serial))
            history = await handle.fetch_history()
            kinds.update(event.event_type for event in history.events)
            for event in history.events:
                if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
                    kind = event.workflow_task_timed_out_event_attributes.timeout_type
                    progress(f"    {handle.id}: event {event.event_id}, {TimeoutType.Name(kind)}")

        await _each(serials, one, _AT_A_TIME)
        return kinds


async def _each(serials: Sequence[int], do: Callable[[int], Awaitable[None]], at_a_time: int) -> list[float]:
    """Do it for each, so many at a time; answer how long each took, in seconds."""
    waiting = iter(serials)
    took: list[float] = []

    async def client() -> None:
        for serial in waiting:
            begun = time.monotonic()
            await do(serial)
            took.append(time.monotonic() - begun)

    await asyncio.gather(*(client() for _ in range(at_a_time)))
    return took
