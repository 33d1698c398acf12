"""The directory's stream in the store of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from adapters.ledger.leaf_bytes import CanonicalEvent, canonical_event
from domain.directory.events import DIRECTORY_STREAM, DirectoryEvent


class GrowingStreams(Protocol):
    """A store in which a stream grows from where it was read, or not at all."""

    async def append_next(self, stream: str, first: int, events: Sequence[CanonicalEvent]) -> None:
        """Append events that were decided on a stream as long as `first`."""
        ...


class LedgerDirectoryBook:
    """The port `DirectoryBook` over a store of the ledger."""

    def __init__(self, store: GrowingStreams) -> None:
        self._store = store

    async def append(self, events: Sequence[DirectoryEvent]) -> None:
        """Append events that were decided on the directory as it was read (see the port)."""
        if events:
            prepared = [canonical_event(DIRECTORY_STREAM, event) for event in events]
            await self._store.append_next(DIRECTORY_STREAM, events[0].seq, prepared)
