"""Histories are replayed beside whoever asks: few in a thread of his process, many in a process for each core."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from temporalio.client import WorkflowHistory

from application.audit.kept_histories import history_bytes, history_from
from application.audit.replaying import ReplayVerdict, replayed
from domain.errors import DubanError
from domain.ports.ledger import LedgerEntry
from domain.record.leaf import domain_event_of
from domain.record.repairs import Repair

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")
_WORTH_A_PROCESS = 50
"""So many workflows are replayed in the time in which another process begins."""


@dataclass(frozen=True, slots=True)
class ReplayPool:
    """Replays some workflows at once, with the code that is installed here."""

    executor: Executor
    at_once: int

    async def each(
        self,
        items: Iterable[_Item],
        work: Callable[[_Item], Awaitable[_Found]],
        on_each: Callable[[], None] = lambda: None,
    ) -> list[_Found]:
        """What `work` finds of each item, in order; some are at work at once, so that no replaying process waits.

        `on_each` is told when one is done.

        Raises:
            DubanError: a replaying process was ended from outside.
        """
        gate = asyncio.Semaphore(2 * self.at_once)

        async def one(item: _Item) -> _Found:
            async with gate:
                found = await work(item)
            on_each()
            return found

        tasks = [asyncio.create_task(one(item)) for item in items]
        try:
            return await asyncio.gather(*tasks)
        except BrokenProcessPool as error:
            raise DubanError("重放没有做完：重放的进程被中断，多半是内存不足，请稍后再试。") from error
        finally:
            for task in tasks:
                task.cancel()

    async def replayed(
        self,
        histories: Sequence[WorkflowHistory],
        recorded: Sequence[LedgerEntry] | None,
        repairs: Sequence[Repair] = (),
        *,
        whole: bool = True,
    ) -> ReplayVerdict:
        """Replay all runs of one workflow from their beginning (see `replaying.replayed`)."""
        runs = [(history.workflow_id, history_bytes(history)) for history in histories]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, cold_replay, runs, recorded, repairs, whole)


@contextmanager
def replay_pool(workflows: int, processes: int | None = None) -> Iterator[ReplayPool]:
    """A pool for so many workflows: of so many `processes` at most, by default one for each core."""
    at_once = min(processes or os.cpu_count() or 1, 1 + workflows // _WORTH_A_PROCESS)
    executor = ThreadPoolExecutor(1) if at_once == 1 else _processes(at_once)
    try:
        yield ReplayPool(executor, at_once)
    finally:
        executor.shutdown(cancel_futures=True)


def _processes(at_once: int) -> Executor:
    # A process that begins anew has none of this one's threads and connections.
    spawning = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(at_once, mp_context=spawning, initializer=_begin)
    # Ctrl-C reaches every process of a terminal: it ends the one that asked, which then ends these. All begin at once,
    # while it is kept from them.
    kept = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(at_once):
            executor.submit(os.getpid)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, kept)
    return executor


def _begin() -> None:
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """Wait for nothing from a parent that was killed and could not say so."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def cold_replay(
    runs: Sequence[tuple[str, bytes]],
    recorded: Sequence[LedgerEntry] | None,
    repairs: Sequence[Repair] = (),
    whole: bool = True,
) -> ReplayVerdict:
    """Replay runs from their beginning with the code installed here, and compare the events that they compute."""
    histories = [history_from(workflow_id, run) for workflow_id, run in runs]
    events = None if recorded is None else [domain_event_of(entry) for entry in recorded]
    return asyncio.run(replayed(histories, events, repairs=repairs, whole=whole))
