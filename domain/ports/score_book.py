"""Where acts about scores are kept."""

from __future__ import annotations

from typing import Protocol

from domain.evidence import EvidenceFile
from domain.scoring.score_acts import AnyScoreAct


class ScoreStore(Protocol):
    """MUST have an act on the disk before it answers; MUST NOT change or remove one."""

    async def add(self, act: AnyScoreAct, attested: EvidenceFile) -> None:
        """Keep an act, with the file that attests it.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """
