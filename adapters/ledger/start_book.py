"""The issued starts in the store of the ledger."""

from __future__ import annotations

from adapters.ledger.log_store import LogStore
from adapters.ledger.transaction import OwnEntry
from domain.evidence import EvidenceFile
from domain.record.issues import ISSUES_STREAM, START_ISSUED, IssuedStart


class LedgerStartBook:
    """The port `StartBook` over a store of the ledger."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    async def issue(self, start: IssuedStart, attested: EvidenceFile) -> None:
        """Say in the ledger that a start was issued (see the port)."""
        data = {**start.model_dump(mode="json", exclude_none=True), "attested": str(attested)}
        await self._store.append_own(OwnEntry(ISSUES_STREAM, START_ISSUED, data, (attested.model_dump(),)))
