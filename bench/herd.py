"""A month's end: many projects due on the same day, beside the smallest workflow that does the same.

Both run on the same engine with the same worker settings, one after the other in alternating order, each with a fresh
worker process. The virtual calendar is anchored so that the due day is over soon after everything was started.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

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
    progress,
    usage_of,
)
from bench.patience import PATIENCE_SECONDS
from entrypoints.bootstrap import engine_now

Kind = Literal["floor", "duban"]
"""The smallest workflow, and a supervision."""

_AT_A_TIME = 16
_UPDATING_CLIENTS = 8
_WARM_UP = 10
_SPEED = 2
_LOOK_AGAIN_SECONDS = 0.5
_RECORD_SECONDS = PATIENCE_SECONDS
_DRAIN_SECONDS = 400.0
_LISTED_SECONDS = 400.0

_serials: Iterator[int] = count(10_000, 10_000)
_queues: Iterator[int] = count(1)


class HerdTooLateError(Exception):
    """The due day was over before everything was started, or the herd was not drained in time."""


@dataclass(frozen=True, slots=True)
class HerdPlan:
    """How many projects fall due, how many more are completed meanwhile, and the spread in the engine's seconds."""

    projects: int
    completions: int
    spread: timedelta = timedelta()
    starts_a_second: float = 30.0
    margin_seconds: float = 20.0

    @property
    def lead(self) -> timedelta:
        """The time that the starts get before the due day is over."""
        return timedelta(
            seconds=self.margin_seconds + (self.projects + self.completions + _WARM_UP) / self.starts_a_second
        )


@dataclass(frozen=True, slots=True)
class HerdFigures:
    """One herd of one kind; each `_ms` and `_kb` is for one project, each latency in seconds.

    `listed_seconds` is when the engine's own lists had caught up, from the due instant on. Storage is taken then.
    """

    kind: Kind
    starts_a_second: float
    recorded_a_second: float
    start_worker_ms: float
    start_engine_ms: float
    worker_kb: float
    worker_kb_after: float
    engine_kb: float
    store_kb: float
    drain_seconds: float
    listed_seconds: float
    drain_worker_ms: float
    drain_engine_ms: float
    worker_cores: float
    engine_cores: float
    late_median: float
    late_p99: float
    updates_a_second: float
    update_median: float
    update_p99: float
    timed_out: int
    failed_tasks: int
    events: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """What worker, engine and stores had used at an instant."""

    at: float
    worker_seconds: float
    engine_seconds: float
    worker_memory: int
    engine_bytes: int
    store_bytes: int


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


async def run_herd(office: Office, kind: Kind, plan: HerdPlan) -> HerdFigures:
    """Start a herd of one kind with a worker of its own, let it fall due, and measure.

    Raises:
        HerdTooLateError: it was not started before it fell due, or not drained in time.
    """
    settings = office.settings.model_copy(update={"task_queue": f"bench-{next(_queues)}"})
    program, sided = (DUBAN_WORKER, DubanSide) if kind == "duban" else (FLOOR_WORKER, FloorSide)
    async with at_work(office, settings, program) as worker:
        due_at = engine_now() + plan.lead
        others = plan.completions + _WARM_UP
        herd = herd_of(plan.projects, others, next(_serials), due_at, plan.spread, _SPEED)
        side: Side = sided(office, settings.task_queue, herd)
        return await _Measurement(office, kind, side, herd, worker, due_at).run()


class _Measurement:
    def __init__(
        self, office: Office, kind: Kind, side: Side, herd: Herd, worker: WorkerProcess, due_at: datetime
    ) -> None:
        self._office, self._kind, self._side, self._herd = office, kind, side, herd
        self._worker, self._due_at = worker, due_at
        self._engine_pid = engine_pid(office.settings)

    async def run(self) -> HerdFigures:
        side, herd = self._side, self._herd
        warm, others = herd.others[:_WARM_UP], herd.others[_WARM_UP:]
        everything = (*herd.due, *others)
        await _each(warm, side.start, _AT_A_TIME)
        await self._until(lambda: len(side.look()[0]) == len(warm), _RECORD_SECONDS, "warm")
        before = self._read()
        await _each(everything, side.start, _AT_A_TIME)
        started = time.monotonic()
        await self._until(lambda: len(side.look()[0]) == len(everything) + len(warm), _RECORD_SECONDS, "recorded")
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
        await self._until(lambda: len(side.look()[1]) == len(herd.due), _DRAIN_SECONDS, "drained")
        latencies = await updating
        drained = self._read()
        await self._until_listed(len(everything) + len(warm))
        return await self._figures((before, open_, due, drained, self._read()), started, latencies)

    async def _until_listed(self, projects: int) -> None:
        """Wait until the engine's lists show every project."""
        queue, client = f"TaskQueue='{self._side.task_queue}'", self._office.engine.client
        deadline = time.monotonic() + _LISTED_SECONDS
        while True:
            shown = (await client.count_workflows(queue)).count
            if shown >= projects:
                return
            if time.monotonic() > deadline:
                raise HerdTooLateError(f"the engine lists {shown} projects, and no more")
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def _read(self) -> _Reading:
        worker, engine = self._worker.usage(), usage_of(self._engine_pid)
        return _Reading(
            time.monotonic(),
            worker.cpu_seconds,
            engine.cpu_seconds,
            worker.memory,
            engine_bytes(self._office.settings),
            self._side.store_bytes(),
        )

    async def _until(self, reached: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                raise HerdTooLateError(f"not {what} after {seconds:.0f} s")
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _figures(self, readings: tuple[_Reading, ...], started: float, latencies: Sequence[float]) -> HerdFigures:
        before, open_, due, drained, listed = readings
        side, herd = self._side, self._herd
        count_, due_count, others = len(herd.due) + len(latencies), len(herd.due), len(latencies)
        woken = side.look()[1]
        instants = {serial: woken[side.workflow_id(serial)] for serial in herd.due}
        lateness = [(at - herd.due_at(serial)).total_seconds() for serial, at in instants.items()]
        kinds = await self._event_kinds((*herd.due, *herd.others[_WARM_UP:]))
        drain_seconds = (max(instants.values()) - self._due_at).total_seconds()
        timed_out = kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT]
        progress(f"  {self._kind}: drained in {drain_seconds:.1f} s, {timed_out} tasks timed out")
        return HerdFigures(
            kind=self._kind,
            starts_a_second=count_ / (started - before.at),
            recorded_a_second=count_ / (open_.at - before.at),
            start_worker_ms=1000 * (open_.worker_seconds - before.worker_seconds) / count_,
            start_engine_ms=1000 * (open_.engine_seconds - before.engine_seconds) / count_,
            worker_kb=(open_.worker_memory - before.worker_memory) / count_ / 1024,
            worker_kb_after=(drained.worker_memory - before.worker_memory) / count_ / 1024,
            engine_kb=(listed.engine_bytes - before.engine_bytes) / count_ / 1024,
            store_kb=(listed.store_bytes - before.store_bytes) / count_ / 1024,
            drain_seconds=drain_seconds,
            listed_seconds=listed.at - due.at,
            drain_worker_ms=1000 * (drained.worker_seconds - due.worker_seconds) / due_count,
            drain_engine_ms=1000 * (drained.engine_seconds - due.engine_seconds) / due_count,
            worker_cores=(drained.worker_seconds - due.worker_seconds) / (drained.at - due.at),
            engine_cores=(drained.engine_seconds - due.engine_seconds) / (drained.at - due.at),
            late_median=statistics.median(lateness),
            late_p99=percentile(lateness, 0.99),
            updates_a_second=others / sum(latencies) * _UPDATING_CLIENTS if others else 0.0,
            update_median=statistics.median(latencies) if others else 0.0,
            update_p99=percentile(latencies, 0.99) if others else 0.0,
            timed_out=timed_out,
            failed_tasks=kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED],
            events=kinds.total() / count_,
        )

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
