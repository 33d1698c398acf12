"""Waiting for a worker, project by project: where none answers, not for each of them anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from domain.errors import NoWorkerError

Answer = TypeVar("Answer")
AT_A_TIME: Final = 16
"""So many projects are asked for at once."""


class Patience:
    """Gives up on all when no worker has answered for many projects in a row: each of them is waited for."""

    def __init__(self) -> None:
        self._silent: list[NoWorkerError] = []

    async def asked(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """What is answered.

        Raises:
            NoWorkerError: no worker answers, now or for so many before.
        """
        if len(self._silent) >= AT_A_TIME:
            raise self._silent[-1]
        try:
            answer = await ask()
        except NoWorkerError as error:
            self._silent.append(error)
            raise
        self._silent.clear()
        return answer
