"""By which hours, calendar and clock the mail of the office goes out: what a mailbox was told is asked about here."""

from __future__ import annotations

from typing import Protocol

from domain.names import Addressee
from domain.ports.actions import MailKeeps


class MailRules(Protocol):
    """MUST answer by what the ledger has of the office's projects, whoever spoke to the mailbox."""

    async def instead(self, addressee: Addressee, keeps: MailKeeps) -> MailKeeps | None:
        """What a mailbox is to keep in the place of what it was told; none where that is the office's own. What is not
        taken is kept as a refusal.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """
