"""The directory's stream in the ledger, as the one who changes it sees it; it is read as every stream is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.directory.events import DirectoryEvent


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
