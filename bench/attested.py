"""An engine to which whoever measures gives acts as a person at a shell does: each one attested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from application.engine_room.engine import Engine
from application.office.attesting import attested_command
from application.office.issuing import issue
from application.office.office import Office
from domain.acts.commands import AnyCommand, CommandOutcome
from domain.ids import ProjectId
from entrypoints.bootstrap import attestor_of, local_user
from workflows.inputs import SupervisionInput


class AttestedEngine(Engine):
    """The engine of an office on a task queue, by which every act goes through the shell's door."""

    def __init__(self, office: Office, task_queue: str) -> None:
        super().__init__(office.engine.client, task_queue)
        attestor = attestor_of(office.settings)
        self._office = replace(office, giver=local_user(), attestor=lambda: attestor)
        self._open = False

    async def command(self, project_id: ProjectId, command: AnyCommand) -> CommandOutcome:
        """Attest a command and give it (raises as the engine does)."""
        await self._open_doors()
        attested = await attested_command(self._office, project_id, command)
        return await super().command(project_id, attested)

    async def start_project(self, given: SupervisionInput, **options: Any) -> bool:
        """Issue a start and begin it (raises as the engine does)."""
        await self._open_doors()
        await issue(self._office, given, "督查人员")
        return await super().start_project(given, **options)

    async def _open_doors(self) -> None:
        # Nobody may be at work yet, who would have opened them.
        if not self._open:
            records = self._office.records
            await records.log.open()
            await records.doors.open()
            self._open = True


def attesting(office: Office) -> Office:
    """The office with such an engine."""
    return replace(office, engine=AttestedEngine(office, office.engine.task_queue))
