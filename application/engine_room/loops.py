"""What goes on beside a worker: one loop for all of it, which no failure ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from application.log_lines import log_lines
from domain.errors import DubanError

_log = log_lines("duban.beside")


@dataclass(frozen=True, slots=True)
class Beside:
    """One work that is done again and again: under which name it is told of, how often, and what one pass does."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]
    at_once: bool = True
    """Whether the first pass comes before the first pause."""
    after_failure: float = 5.0
    """The least pause after a pass that failed: what is away for long is not told ten times a second."""


async def kept_going(beside: Beside) -> None:
    """Do a work again and again until cancelled: a pass that fails is told in the log, and the next one comes all the
    same, so that a full disk or a store that is away ends with its cause."""
    if not beside.at_once:
        await asyncio.sleep(beside.seconds)
    while True:
        good = await tried(beside)
        await asyncio.sleep(beside.seconds if good else max(beside.seconds, beside.after_failure))


async def tried(beside: Beside) -> bool:
    """Do one pass of a work; say whether it succeeded."""
    try:
        await beside.work()
    except Exception as error:  # noqa: BLE001 - whatever a pass meets, what goes on beside the worker goes on
        text = error.text if isinstance(error, DubanError) else " ".join(f"{type(error).__name__}: {error}".split())
        _log.error("beside_failed", work=beside.name, rule=getattr(error, "rule", None), text=text)
        return False
    return True


@asynccontextmanager
async def going_on(works: Sequence[Beside]) -> AsyncIterator[None]:
    """Let works go on as long as the block lasts."""
    tasks = [asyncio.create_task(kept_going(work), name=work.name) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
