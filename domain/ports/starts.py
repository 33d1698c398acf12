"""What is asked of a run before it records anything."""

from __future__ import annotations

from typing import Protocol

from domain.ports.ledger import Decision, Recorded


class StartDesk(Protocol):
    """MUST answer the same for the same decision as long as the ledger is the same."""

    async def answer(self, decision: Decision) -> Recorded | None:
        """What a run that has recorded nothing yet must do instead of recording: end, or go on with what the ledger
        has. None where it began as it should. A refusal is kept.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """
