"""The streams of the ledger that are no project's: of the directory, of readers' messages, of heads of other logs."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from adapters.ledger.leaf_bytes import canonical_event, canonical_leaf_event, event_in
from adapters.ledger.log_store import LogStore
from domain.directory.events import DIRECTORY_STREAM, DirectoryEvent
from domain.directory.person_name import PersonName, committed_name, name_file, person_names
from domain.papers.delivery import DeliveryEvent, delivery_stream
from domain.ports.books import KeptHead
from domain.ports.evidence import EvidenceStore
from domain.record.heads_of_logs import (
    FORKS_STREAM,
    HEAD_TAKEN,
    LOG_FORKED,
    LOG_WATCHED,
    LOGS_STREAM,
    Fork,
    TakenHead,
    WatchedLog,
    heads_stream,
)
from domain.record.leaf import instant_of, leaf_instant, own_event
from domain.record.ledger_errors import StreamMovedError
from domain.record.own_entries import OwnEntry


class LedgerDeliveryBook:
    """The port `DeliveryBook` over a store of the ledger."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    async def append(self, reader: str, events: Sequence[DeliveryEvent]) -> None:
        if events:
            stream = delivery_stream(reader)
            prepared = [canonical_event(stream, event) for event in events]
            await self._store.append_next(stream, events[0].seq, prepared)


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


class LedgerHeadsBook:
    """The port `HeadsBook` over a store of the ledger."""

    def __init__(self, store: LogStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def logs(self) -> Sequence[WatchedLog]:
        return [WatchedLog.model_validate(_said(leaf)) for leaf in self._store.leaves_of(LOGS_STREAM)]

    async def watch(self, log: WatchedLog) -> None:
        await self._store.append_own(OwnEntry(LOGS_STREAM, LOG_WATCHED, log.model_dump(), once=True))

    def heads(self, log: str, last: int | None = None) -> Sequence[KeptHead]:
        return [self._kept(leaf) for leaf in self._store.leaves_of(heads_stream(log), last)]

    async def take(self, head: TakenHead, after: KeptHead | None) -> None:
        stream = heads_stream(head.log)
        place = int(after.event_id.rpartition("#")[2]) + 1 if after else 0
        event = own_event(stream, place, HEAD_TAKEN, leaf_instant(self._now()), head.model_dump())
        await self._store.append_next(stream, place, [canonical_leaf_event(event)])

    def forks(self) -> Sequence[Fork]:
        return [Fork.model_validate(_said(leaf)) for leaf in self._store.leaves_of(FORKS_STREAM)]

    async def record_fork(self, fork: Fork) -> None:
        await self._store.append_own(OwnEntry(FORKS_STREAM, LOG_FORKED, fork.model_dump(), once=True))

    def _kept(self, leaf: bytes) -> KeptHead:
        event_id = event_in(leaf)["id"]
        position = self._store.position_of(event_id)
        assert position is not None
        at = instant_of(json.loads(leaf)["appended"])
        return KeptHead(event_id=event_id, position=position, at=at, head=TakenHead.model_validate(_said(leaf)))


def _said(leaf: bytes) -> dict[str, Any]:
    return {name: value for name, value in event_in(leaf)["data"].items() if name != "v"}
