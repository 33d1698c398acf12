"""Group commit: callers await, one thread writes everything that is queued in one transaction, then answers all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from adapters.ledger.transaction import Transaction
from adapters.sql.answers import Outcome, deliver
from domain.errors import LedgerUnavailableError

T = TypeVar("T")
Work = Callable[[Transaction], Any]

_MOST_AT_ONCE = 512


class GroupCommit:
    """One thread that owns the writing connection. `write` runs a list of works in one transaction: all or none.

    `close` is called on the same thread at the end. The thread starts with the first write, so that a process that only
    reads never opens the file for writing.
    """

    def __init__(self, write: Callable[[Sequence[Work]], Sequence[Any]], close: Callable[[], None], place: str) -> None:
        self._write = write
        self._close = close
        self._place = place
        self._queue: SimpleQueue[tuple[Work, asyncio.Future[Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._guard = threading.Lock()

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run a work in a transaction and answer after the commit.

        Raises:
            LedgerUnavailableError: the ledger was closed, or the store does not answer.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._guard:
            if self._closed:
                raise LedgerUnavailableError(
                    f"台账“{self._place}”已经关闭：请在程序重新启动后再试。", place=self._place
                )
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="ledger-writer", daemon=True)
                self._thread.start()
            self._queue.put((work, answer))
        return await answer

    def close(self) -> None:
        """Write what is queued, answer, and end the thread. Repeatable."""
        with self._guard:
            already, self._closed = self._closed, True
            if not already and self._thread is not None:
                self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._gathered()
            if batch:
                outcomes = self._outcomes([work for work, _ in batch])
                deliver([(answer, outcome) for (_, answer), outcome in zip(batch, outcomes, strict=True)])
        self._close()

    def _gathered(self) -> tuple[list[tuple[Work, asyncio.Future[Any]]], bool]:
        """Everything that waits now (at least one), and whether the queue stays open."""
        batch = []
        job = self._queue.get()
        while job is not None:
            batch.append(job)
            if len(batch) == _MOST_AT_ONCE:
                return batch, True
            try:
                job = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _outcomes(self, works: Sequence[Work]) -> list[Outcome]:
        try:
            return [(result, None) for result in self._write(works)]
        except LedgerUnavailableError as error:
            return [(None, error)] * len(works)
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs to a caller, never to this thread
            if len(works) == 1:
                return [(None, error)]
        # One of them cannot be kept: each alone, so that the others are.
        return [outcome for work in works for outcome in self._outcomes([work])]
