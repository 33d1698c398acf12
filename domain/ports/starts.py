"""Where starts are issued, and what is asked of a run before it records anything."""

from __future__ import annotations

from typing import Protocol

from domain.evidence import EvidenceFile
from domain.ports.ledger import Decision, Recorded
from domain.record.issues import IssuedStart


class StartBook(Protocol):
    """MUST have an issued start on the disk before it answers; MUST NOT change or remove one."""

    async def issue(self, start: IssuedStart, attested: EvidenceFile) -> None:
        """Say in the ledger that a start was issued, with the file that attests it.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """


class StartDesk(Protocol):
    """MUST answer the same for the same decision as long as the ledger is the same."""

    async def answer(self, decision: Decision) -> Recorded | None:
        """What a run that has recorded nothing yet must do instead of recording: end, or go on with what the ledger
        has. None where it began as it should. A refusal is kept.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """
