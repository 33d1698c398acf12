"""An installation as the commands see it: its settings, its engine, and its records, opened when they are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from application.engine_room.engine import Engine
from application.settings import Settings
from domain.clock import VirtualClock
from domain.ids import ProjectId, supervision_workflow_id

if TYPE_CHECKING:
    from datetime import datetime

    from application.audit.kept_histories import Archive
    from application.office.attesting import Attestor, Giver, Signer
    from application.office.register import RegisterDesk
    from application.records import Records
    from domain.acts.commands import AnyCommand
    from domain.errors import RejectedError


@dataclass(frozen=True, slots=True)
class Office:
    """An installation with its engine: what commands work with."""

    settings: Settings
    engine: Engine
    web_ui: str | None
    opened: Callable[[], Records]
    engine_now: Callable[[], datetime]
    attestor: Callable[[], Attestor] | None = None
    giver: Giver | None = None
    """Who gives acts here; a screen of several people has an office for each (`dataclasses.replace`)."""
    signer: Signer | None = None
    """How the giver's own key is asked for where acts must bear its signature; without one they are refused."""

    @property
    def records(self) -> Records:
        """The ledger and what belongs to it: opened when it is first asked for, for most acts need none of it."""
        return self.opened()

    @property
    def clock(self) -> VirtualClock:
        """The installation's calendar; real time before its first start."""
        return self.records.clock

    @property
    def archive(self) -> Archive:
        """What keeping the histories needs."""
        from application.audit.kept_histories import Archive

        records = self.records
        stores = (records.ledger, records.outbox, records.log, records.vault, records.evidence)
        return Archive(self.engine, *stores, self.settings.data, records.register)

    @property
    def register(self) -> RegisterDesk:
        """The register: lists of projects and duties are read here."""
        from application.office.register import RegisterDesk

        return RegisterDesk(self.records.ledger, self.records.register, self.now)

    def now(self) -> datetime:
        """The present instant of the supervised year."""
        return self.supervised(self.engine_now())

    def supervised(self, at: datetime) -> datetime:
        """The instant of the supervised year at an instant of the engine; the calendar may be settled meanwhile."""
        return self.clock.supervised(at)

    async def keep_refusal(self, project_id: ProjectId, command: AnyCommand, error: RejectedError) -> None:
        """Keep a command that was refused before it reached a supervision.

        Raises:
            ClassifiedError: a text of it bears a mark or a refused word; nothing is kept.
        """
        from application.office.open_texts import must_be_open
        from domain.ports.ledger import Refusal

        must_be_open(command, await asyncio.to_thread(self.records.refused_words.of, project_id))
        refusal = Refusal(
            refused_at=self.now(),
            stream=supervision_workflow_id(project_id),
            rule=error.rule,
            text=error.text,
            command=command.model_dump(mode="json"),
        )
        await self.records.ledger.refuse(refusal)
