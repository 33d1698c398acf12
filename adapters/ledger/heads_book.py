"""The heads of other logs in the store of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from adapters.ledger.leaf_bytes import appended_of, canonical_leaf_event, event_in, said_in
from adapters.ledger.log_store import LogStore
from domain.ports.heads_book import KeptHead
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
from domain.record.own_entries import OwnEntry


class LedgerHeadsBook:
    """The port `HeadsBook` over a store of the ledger."""

    def __init__(self, store: LogStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def logs(self) -> Sequence[WatchedLog]:
        return [WatchedLog.model_validate(said_in(event_in(leaf))) for leaf in self._store.leaves_of(LOGS_STREAM)]

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
        return [Fork.model_validate(said_in(event_in(leaf))) for leaf in self._store.leaves_of(FORKS_STREAM)]

    async def record_fork(self, fork: Fork) -> None:
        await self._store.append_own(OwnEntry(FORKS_STREAM, LOG_FORKED, fork.model_dump(), once=True))

    def _kept(self, leaf: bytes) -> KeptHead:
        event = event_in(leaf)
        position = self._store.position_of(event["id"])
        assert position is not None
        head, at = TakenHead.model_validate(said_in(event)), instant_of(appended_of(leaf))
        return KeptHead(event_id=event["id"], position=position, at=at, head=head)
