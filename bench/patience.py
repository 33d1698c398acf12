"""How long tests and campaigns wait for what must come: in one place, and generous.

A limit costs nothing while all is well, for what is waited for ends the wait. A narrow one turns a busy machine into a
failure. The time that pytest gives a test (`pyproject.toml`) is longer, so that a wait ends with its own sentence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from inspect import isawaitable

PATIENCE_SECONDS = 300.0


async def until(
    came: Callable[[], object], what: str, *, seconds: float = PATIENCE_SECONDS, every: float = 0.1
) -> None:
    """Ask again and again, in a coroutine or not, until it came.

    Raises:
        TimeoutError: it did not.
    """
    deadline = time.monotonic() + seconds
    while not (await answer if isawaitable(answer := came()) else answer):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        await asyncio.sleep(every)
