"""What must be so before an act is heard: asked where it arrives, and once more before it is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.acts.commands import AnyCommand
from domain.errors import RejectedError
from domain.ids import ProjectId


class ActDesk(Protocol):
    """MUST answer the same for the same act at the same instant, as long as the ledger is the same."""

    def verdict(
        self, project_id: ProjectId, command: AnyCommand, at: datetime, engine_at: datetime
    ) -> RejectedError | None:
        """Why an act must not be heard at an instant (of the year, and of the engine's clock); none where it may.

        Raises:
            LedgerUnavailableError: the ledger does not answer.
        """
