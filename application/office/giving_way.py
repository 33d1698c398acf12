"""Work that can wait gives way: it pauses while its process is busy with what cannot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

_BUSY: Final = 0.25
"""The share of a core from which the others of a process are not kept waiting."""
_LOOKED_BACK_SECONDS: Final = 0.25
_TIMES: Final = 4.0


class GivingWay:
    """Lets portions of work that can wait take a fifth of a thread while others keep the process busy, else all of it.

    Whoever shares one counts as one: they do not give way to one another.
    """

    def __init__(self, spent: Callable[[], float] = time.process_time) -> None:
        """`spent` tells the seconds of all cores that the process has used."""
        self._of_process = spent
        self._began, self._spent, self._own = time.monotonic(), spent(), 0.0
        self._busy = False

    async def pause(self, took: float) -> None:
        """Pause after a portion that took so many seconds."""
        self._own += took
        now = time.monotonic()
        if now - self._began >= _LOOKED_BACK_SECONDS:
            spent = self._of_process()
            self._busy = spent - self._spent - self._own > _BUSY * (now - self._began)
            self._began, self._spent, self._own = now, spent, 0.0
        if self._busy:
            await asyncio.sleep(took * _TIMES)
