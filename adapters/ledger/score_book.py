"""The acts about scores in the store of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.ledger.log_store import LogStore
from adapters.ledger.transaction import OwnEntry
from domain.evidence import EvidenceFile
from domain.record.leaf import SCORES_STREAM

if TYPE_CHECKING:  # no act waits for the scores
    from domain.scoring.score_acts import AnyScoreAct


class LedgerScoreStore:
    """The port `ScoreStore` over a store of the ledger."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    async def add(self, act: AnyScoreAct, attested: EvidenceFile, decided_on: int | None = None) -> None:
        """Keep an act (see the port)."""
        data = {**act.model_dump(mode="json", exclude_none=True), "attested": str(attested)}
        blobs = (attested.model_dump(),)
        await self._store.append_own(OwnEntry(SCORES_STREAM, act.kind, data, blobs, first=decided_on))
