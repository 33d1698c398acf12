"""The directory's stream in the ledger, as the one who changes it sees it; it is read as every stream is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.directory.events import DirectoryEvent


class DirectoryBook(Protocol):
    """MUST keep all of the events or none of them, and none where somebody else was faster."""

    async def append(self, events: Sequence[DirectoryEvent]) -> None:
        """Append events that were decided on the directory as it was read: the first one's place is the stream's end.

        Raises:
            StreamMovedError: the stream is not that long any more; nothing was kept.
            LedgerUnavailableError: the store does not answer or has no room.
        """
        ...
