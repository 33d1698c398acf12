"""The streams of the ledger that are no project's, as those see them who write there: who changes the directory, sends
messages, watches other logs, has something to say in the ledger's own. They are read as every stream is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import AwareDatetime

from domain.directory.events import DirectoryEvent
from domain.frozen import Frozen
from domain.papers.delivery import DeliveryEvent
from domain.record.heads_of_logs import Fork, TakenHead, WatchedLog
from domain.record.own_entries import OwnEntry


class DeliveryBook(Protocol):
    """MUST keep all of the events or none of them, and none where somebody else was faster."""

    async def append(self, reader: str, events: Sequence[DeliveryEvent]) -> None:
        """Append events that were decided on a reader's stream as it was read.

        Raises:
            StreamMovedError: the stream is not that long any more; nothing was kept.
            LedgerUnavailableError: the store does not answer or has no room.
        """


class DirectoryBook(Protocol):
    """MUST keep all of the events or none of them, and none where somebody else was faster. MUST keep persons' names
    beside the entries, each with a random salt, and never in one."""

    def committed(self, events: Sequence[DirectoryEvent]) -> tuple[DirectoryEvent, ...]:
        """The events as their entries will say them: with commitments to the persons' names that have none yet."""
        ...

    async def append(self, events: Sequence[DirectoryEvent]) -> None:
        """Append events that were decided on the directory as it was read: the first one's place is the stream's end.
        Where nothing was kept, no name that came with them is either.

        Raises:
            StreamMovedError: the stream is not that long any more; nothing was kept.
            LedgerUnavailableError: the store does not answer or has no room.
        """
        ...


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


class OwnStreams(Protocol):
    """MUST have an entry on the disk before it answers; MUST NOT change or remove one."""

    async def append_own(self, entry: OwnEntry) -> None:
        """Append an entry.

        Raises:
            ClassifiedError: a text of it bears a classification mark.
            StreamMovedError: it was decided on a stream that is longer by now.
            LedgerUnavailableError: the ledger does not answer.
        """
