"""The ledger's streams that no decision of a project adds to, as those see them who have something to say in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.events.event import Event
from domain.record.own_entries import OwnEntry


class OwnStreams(Protocol):
    """MUST have an entry on the disk before it answers; MUST NOT change or remove one."""

    async def append_own(self, entry: OwnEntry) -> None:
        """Append an entry.

        Raises:
            ClassifiedError: a text of it bears a classification mark.
            StreamMovedError: it was decided on a stream that is longer by now.
            LedgerUnavailableError: the ledger does not answer.
        """

    async def append_next(self, stream: str, events: Sequence[Event]) -> None:
        """Append events that were decided on a stream as it was read, all of them or none: of the directory, or of a
        reader's messages.

        Raises:
            StreamMovedError: the stream is not that long any more; nothing was kept.
            LedgerUnavailableError: the ledger does not answer.
        """
