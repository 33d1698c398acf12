"""Where the persons' own keys are enrolled and revoked, and stolen keys of any kind reported."""

from __future__ import annotations

from typing import Protocol

from domain.evidence import EvidenceFile
from domain.record.person_keys import PersonKey
from domain.record.stolen_keys import StolenKey


class PersonKeyBook(Protocol):
    """MUST have an entry on the disk before it answers; MUST NOT change or remove one."""

    async def enrol(self, key: PersonKey, attested: EvidenceFile) -> None:
        """Say in the ledger that a key is a person's, with the file that attests it; the same again changes nothing.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """

    async def revoke(self, key: str, by: str, reason: str, attested: EvidenceFile) -> None:
        """Say in the ledger that a key counts no more (raises as `enrol`)."""

    async def report_stolen(self, stolen: StolenKey, attested: EvidenceFile) -> None:
        """Say in the ledger since when a key is in doubt (raises as `enrol`)."""
