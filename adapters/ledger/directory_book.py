"""The directory's stream in the store of the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from adapters.ledger.leaf_bytes import canonical_event
from adapters.ledger.log_store import LogStore
from domain.directory.events import DIRECTORY_STREAM, DirectoryEvent
from domain.directory.person_name import PersonName, committed_name, name_file, person_names
from domain.ports.evidence import EvidenceStore
from domain.record.ledger_errors import StreamMovedError

_SALT_BYTES: Final = 256


class LedgerDirectoryBook:
    """The port `DirectoryBook` over a store of the ledger; `files` keeps the names of persons beside it."""

    def __init__(self, store: LogStore, files: EvidenceStore) -> None:
        self._store = store
        self._files = files

    def committed(self, events: Sequence[DirectoryEvent]) -> tuple[DirectoryEvent, ...]:
        known: dict[tuple[str, str], PersonName] = {}
        made = []
        for event in events:
            names = {}
            for field, name in person_names(event):
                # A person's own name is one file, however often he is named; nobody else's is the same one.
                key = getattr(event, "person_id", ""), str(name)
                if name.file is None and key not in known:
                    known[key] = committed_name(name, name_file(name, secrets.token_hex(_SALT_BYTES)))
                names[field] = name if name.file is not None else known[key]
            made.append(event.model_copy(update=names) if names else event)
        return tuple(made)

    async def append(self, events: Sequence[DirectoryEvent]) -> None:
        if not events:
            return
        committed = self.committed(events)
        prepared = [canonical_event(DIRECTORY_STREAM, event) for event in committed]
        new = [name for event in committed for _, name in person_names(event) if name.unkept is not None]
        # The names come first: an entry never commits to what is not there.
        kept = [await self._files.keep("name.json", name.unkept) for name in new if name.unkept is not None]
        try:
            await self._store.append_next(DIRECTORY_STREAM, events[0].seq, prepared)
        except StreamMovedError:
            for file in kept:
                await self._files.erase(file.sha256)
            raise
