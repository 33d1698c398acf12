"""Where the heads of other logs are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import AwareDatetime

from domain.frozen import Frozen
from domain.record.heads_of_logs import Fork, TakenHead, WatchedLog


class KeptHead(Frozen):
    """A head as it is kept: its entry, its place in the log of heads, and when it was taken."""

    event_id: str
    position: int
    at: AwareDatetime
    head: TakenHead


class HeadsBook(Protocol):
    """MUST have an entry on the disk before it answers; MUST NOT change or remove one."""

    def logs(self) -> Sequence[WatchedLog]:
        """The logs whose heads are taken, in the order in which they were named."""

    async def watch(self, log: WatchedLog) -> None:
        """Name a log; the same again changes nothing."""

    def heads(self, log: str, last: int | None = None) -> Sequence[KeptHead]:
        """The heads that were taken of a log (only the `last` ones of them), in order."""

    async def take(self, head: TakenHead, after: KeptHead | None) -> None:
        """Keep a head that was judged beside the last one.

        Raises:
            StreamMovedError: another one was taken meanwhile.
        """

    def forks(self) -> Sequence[Fork]:
        """Every fork that was seen."""

    async def record_fork(self, fork: Fork) -> None:
        """Keep a fork; the same again changes nothing."""
