"""The ledger's own streams, as those see them who have something to say in them."""

from __future__ import annotations

from typing import Protocol

from domain.record.own_entries import OwnEntry


class OwnStreams(Protocol):
    """MUST have an entry on the disk before it answers; MUST NOT change or remove one."""

    async def append_own(self, entry: OwnEntry) -> None:
        """Append an entry.

        Raises:
            ClassifiedError: a text of it bears a classification mark.
            StreamMovedError: it was decided on a stream that is longer by now.
            LedgerUnavailableError: the ledger does not answer.
        """
