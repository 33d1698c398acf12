"""Where acts about scores are kept."""

from __future__ import annotations

from typing import Protocol

from domain.evidence import EvidenceFile
from domain.scoring.score_acts import AnyScoreAct


class ScoreStore(Protocol):
    """MUST have an act on the disk before it answers; MUST NOT change or remove one."""

    async def add(self, act: AnyScoreAct, attested: EvidenceFile, decided_on: int | None = None) -> None:
        """Keep an act, with the file that attests it; `decided_on` is how many acts there were when it was decided.

        Raises:
            StreamMovedError: there are more by now: two people published, appealed or ruled in one instant.
            LedgerUnavailableError: the ledger does not answer.
        """
