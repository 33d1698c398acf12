"""The streams of the readers' messages in the store of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.ledger.leaf_bytes import canonical_event
from adapters.ledger.log_store import LogStore
from domain.papers.delivery import DeliveryEvent, delivery_stream


class LedgerDeliveryBook:
    """The port `DeliveryBook` over a store of the ledger."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    async def append(self, reader: str, events: Sequence[DeliveryEvent]) -> None:
        if events:
            stream = delivery_stream(reader)
            prepared = [canonical_event(stream, event) for event in events]
            await self._store.append_next(stream, events[0].seq, prepared)
