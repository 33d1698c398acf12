"""What follows the ledger waits while a worker has many decisions to record, but never for long."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

_MANY, _WITHIN_SECONDS = 10, 1.0
"""So many in so short a time are a month's end or a year's start, and no ordinary day."""
_LOOKS_AGAIN_SECONDS: Final = 0.25
AT_MOST_SECONDS: Final = 15.0
"""How long a pass waits: a month's end of a thousand projects is over by then; of more the rest goes on beside."""


class DecisionsFirst(Interceptor):
    """Hears when a worker has done something, and lets a work wait until less is done."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._done: deque[float] = deque(maxlen=_MANY)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """The interceptor that stands before what a worker does."""
        done, now = self._done, self._now

        class Heard(ActivityInboundInterceptor):
            async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
                try:
                    return await super().execute_activity(input)
                finally:
                    done.append(now())

        return Heard(next)

    async def give_way(self, at_most: float = AT_MOST_SECONDS) -> None:
        """Wait until the worker has few decisions to record, or for so many seconds."""
        began = self._now()
        while self._busy() and self._now() < began + at_most:  # noqa: ASYNC110 - quiet has no event
            await asyncio.sleep(_LOOKS_AGAIN_SECONDS)

    def before(self, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        """A work whose every pass gives way first."""

        async def after_decisions() -> None:
            await self.give_way()
            await work()

        return after_decisions

    def _busy(self) -> bool:
        return len(self._done) == _MANY and self._now() - self._done[0] < _WITHIN_SECONDS
