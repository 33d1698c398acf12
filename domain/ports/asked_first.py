"""What is asked before something is recorded or kept, of whoever knows what the ledger has."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.acts.commands import AnyCommand
from domain.errors import RejectedError
from domain.ids import ProjectId
from domain.names import Addressee
from domain.ports.actions import MailKeeps
from domain.ports.ledger import Decision, Recorded


class ActDesk(Protocol):
    """What must be so before an act is heard: asked where it arrives, and once more before it is recorded. MUST answer
    the same for the same act at the same instant, as long as the ledger is the same."""

    def verdict(
        self, project_id: ProjectId, command: AnyCommand, at: datetime, engine_at: datetime
    ) -> RejectedError | None:
        """Why an act must not be heard at an instant (of the year, and of the engine's clock); none where it may.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """


class StartDesk(Protocol):
    """What is asked of a run before it records anything. MUST answer the same for the same decision as long as the
    ledger is the same."""

    async def answer(self, decision: Decision) -> Recorded | None:
        """What a run that has recorded nothing yet must do instead of recording: end, or go on with what the ledger
        has. None where it began as it should. A refusal is kept.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """


class MailRules(Protocol):
    """By which hours, calendar and clock the mail of the office goes out: what a mailbox keeps is asked about here.
    MUST answer by what the ledger has of the office's projects, whoever spoke to the mailbox."""

    async def instead(self, addressee: Addressee, keeps: MailKeeps) -> MailKeeps | None:
        """What a mailbox is to keep in the place of what it does; none where that is the office's own. What an earlier
        list had gives way to the newest one's; what was never the office's is kept as a refusal.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """
