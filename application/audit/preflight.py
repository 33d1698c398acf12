"""Before other code takes over: replay what is open with the code that is installed here, and say where it differs.

A worker whose code differs from a history cannot go on with that project: the engine asks it again and again, in
silence. So the question is asked first, of the histories themselves: few are replayed in a thread, many in as many
processes as there are cores.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from temporalio.client import WorkflowHistory

from application.audit.kept_histories import Archive, histories_of, history_bytes, history_from
from application.audit.replaying import ReplayVerdict, replayed
from domain.errors import DubanError
from domain.events import DOMAIN_EVENT
from domain.frozen import Frozen
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project, repairs_in
from domain.record.repairs import Repair

_WORTH_A_PROCESS = 50
"""So many workflows are replayed in the time in which another process begins."""


class Preflight(Frozen):
    """How many workflows were replayed, of how many history events, and the verdicts of those that differ."""

    workflows: int
    history_events: int
    differences: tuple[ReplayVerdict, ...]


async def preflight(
    archive: Archive,
    *,
    closed: bool = False,
    on_open: Callable[[int], None] = lambda _: None,
    on_each: Callable[[], None] = lambda: None,
    processes: int | None = None,
) -> Preflight:
    """Replay the open run of every workflow, or with `closed` all runs of all; nothing is changed.

    `on_open` is told how many there are, `on_each` when one is done.

    Raises:
        EngineUnreachableError: the engine does not answer.
        DubanError: a replaying process was ended from outside.
    """
    wanted = [each for each in archive.workflow_ids() if closed or await _is_open(archive, each)]
    on_open(len(wanted))
    at_once = min(processes or os.cpu_count() or 1, 1 + len(wanted) // _WORTH_A_PROCESS)
    with _replaying(at_once) as pool:
        gate = asyncio.Semaphore(2 * at_once)

        async def one(workflow_id: str) -> ReplayVerdict:
            async with gate:
                verdict = await _verdict(archive, workflow_id, pool, closed=closed)
            on_each()
            return verdict

        try:
            verdicts = await asyncio.gather(*(one(workflow_id) for workflow_id in wanted))
        except BrokenProcessPool as error:
            raise DubanError("重放没有做完：重放的进程被中断，多半是内存不足，请稍后再试。") from error
    return Preflight(
        workflows=len(verdicts),
        history_events=sum(verdict.history_events for verdict in verdicts),
        differences=tuple(verdict for verdict in verdicts if verdict.problem),
    )


def _replaying(at_once: int) -> Executor:
    if at_once == 1:
        return ThreadPoolExecutor(1)
    # A process that begins anew has none of this one's threads and connections.
    return ProcessPoolExecutor(at_once, mp_context=multiprocessing.get_context("spawn"))


async def _is_open(archive: Archive, workflow_id: str) -> bool:
    runs = await archive.engine.runs(workflow_id)
    return runs is not None and runs.running


async def _verdict(archive: Archive, workflow_id: str, pool: Executor, *, closed: bool) -> ReplayVerdict:
    histories = await _histories(archive, workflow_id, closed=closed)
    # The ledger is read after the history: it has all that the history tells, and what came since is not compared.
    recorded = list(archive.ledger.entries(workflow_id)) if is_project(workflow_id) else None
    events = None if recorded is None else [domain_event_of(entry).model_dump_json() for entry in recorded]
    runs = [history_bytes(history) for history in histories]
    repairs = repairs_in(archive.ledger, workflow_id)
    return await asyncio.get_running_loop().run_in_executor(pool, cold_replay, workflow_id, runs, events, repairs)


async def _histories(archive: Archive, workflow_id: str, *, closed: bool) -> Sequence[WorkflowHistory]:
    if closed:
        return [history for history in await histories_of(archive, workflow_id) if history.events]
    there = await archive.engine.runs(workflow_id)
    history = await archive.engine.history(workflow_id, there.last) if there else None
    return [history] if history is not None else []


def cold_replay(
    workflow_id: str, runs: list[bytes], events: list[str] | None, repairs: Sequence[Repair] = ()
) -> ReplayVerdict:
    """Replay runs from their beginning with the code installed here, and compare the events that they compute."""
    histories = [history_from(workflow_id, run) for run in runs]
    recorded = None if events is None else [DOMAIN_EVENT.validate_json(event) for event in events]
    return asyncio.run(replayed(histories, recorded, repairs=repairs, whole=False))
