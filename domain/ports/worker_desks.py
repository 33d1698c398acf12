"""What the activities ask of the office, so that the record follows what was decided there: whether an act may be heard
(where it arrives, and once more before it is recorded), whether a run may record anything, that whoever is to get a
paper has a mailbox, and by which hours, calendar and clock the mail goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from domain.acts.commands import AnyCommand
from domain.errors import RejectedError
from domain.ids import DepartmentId, ProjectId
from domain.names import Addressee
from domain.ports.actions import MailKeeps
from domain.ports.ledger import Decision, Recorded


class ActDesk(Protocol):
    """MUST answer the same for the same act at the same instant, as long as the ledger is the same."""

    def verdict(
        self, project_id: ProjectId, command: AnyCommand, at: datetime, engine_at: datetime
    ) -> RejectedError | None:
        """Why an act must not be heard at an instant (of the year, and of the engine's clock); none where it may.

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


class Mailboxes(Protocol):
    """MUST NOT wait and MUST NOT fail: it is told of in the moment of recording, and does its work beside it."""

    def see_to(self, addressees: Iterable[DepartmentId]) -> None:
        """Have a mailbox opened for each of those who have none."""

    def hurry(self, addressees: Iterable[DepartmentId]) -> None:
        """Have their mailboxes look now: what came for them does not wait for the morning."""


class MailRules(Protocol):
    """MUST answer by what the ledger has of the office's projects, whoever spoke to the mailbox."""

    async def instead(self, addressee: Addressee, keeps: MailKeeps) -> MailKeeps | None:
        """What a mailbox is to keep in the place of what it was told; none where that is the office's own. What is not
        taken is kept as a refusal.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """
