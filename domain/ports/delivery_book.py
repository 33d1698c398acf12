"""The readers' streams in the ledger, as the one who sends their messages sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.papers.delivery import DeliveryEvent


class DeliveryBook(Protocol):
    """MUST keep all of the events or none of them, and none where somebody else was faster."""

    async def append(self, reader: str, events: Sequence[DeliveryEvent]) -> None:
        """Append events that were decided on a reader's stream as it was read.

        Raises:
            StreamMovedError: the stream is not that long any more; nothing was kept.
            LedgerUnavailableError: the store does not answer or has no room.
        """
