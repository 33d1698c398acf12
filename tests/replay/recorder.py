"""One engine, one project, one ledger: what a golden history is recorded with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.mail import MailActivities
from activities.recording import RecordingActivities
from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.notifications.file_notifier import FileNotifier
from application.engine_room.engine import Engine
from application.rehearsing.skipping import pass_time
from domain.acts.decisions import decide
from domain.clock import VirtualClock
from domain.ids import supervision_workflow_id
from domain.ports.ledger import Decision, Recorded
from domain.project import KeyProject, RuledReading
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import (
    CALENDAR,
    HEADER,
    PROJECT,
    START,
    at,
)
from workflows.inputs import HISTORY_LIMIT, MailboxInput, Opening, SupervisionInput

_LONG = timedelta(days=3_000)


class Recorder:
    """One engine, one project, one ledger."""

    def __init__(self, environment: WorkflowEnvironment, ledger: SqliteLedger, folder: Path) -> None:
        self.environment = environment
        self.ledger = ledger
        self.engine = Engine(environment.client, "recorder")
        self.away = False
        self._recording = RecordingActivities(ledger)
        self._mail = MailActivities(ledger, DocxDocumentStore(folder / "papers"), [FileNotifier(folder / "outbox")])
        self._clock = VirtualClock()
        self._project_id = PROJECT

    def activities(self) -> Sequence[Callable[..., Any]]:
        """The real activities; the store can be away."""

        @activity.defn(name="record_decision")
        async def record_decision(decision: Decision) -> Recorded:
            if self.away:
                raise ApplicationError("the store does not answer", type="LedgerUnavailableError")
            return await self._recording.record_decision(decision)

        return (record_decision, self._mail.mail_waiting, self._mail.deliver_digest)

    async def open(
        self,
        project: KeyProject,
        policy: SupervisionPolicy | None = None,
        history_limit: int = HISTORY_LIMIT,
        rulings: tuple[RuledReading, ...] = (),
        calendar: WorkingCalendar = CALENDAR,
    ) -> None:
        """Start the project on 25 April 2018."""
        now = await self.environment.get_current_time()
        self._project_id = project.project_id
        self._clock = VirtualClock(engine_at=now, supervised_at=START)
        opening = Opening(
            listed=HEADER,
            project=project,
            policy=policy or SupervisionPolicy(),
            calendar=calendar,
            rulings=rulings,
        )
        given = SupervisionInput(clock=self._clock, opening=opening, history_limit=history_limit)
        await self.engine.start_project(given, execution_timeout=_LONG)

    async def mailbox(self, addressee: str) -> None:
        """Start a mailbox."""
        given = MailboxInput(addressee=addressee, clock=self._clock, policy=SupervisionPolicy(), calendar=CALENDAR)
        await self.engine.start_mailbox(given, execution_timeout=_LONG)

    async def until(self, when: str | datetime) -> None:
        """Let time pass."""
        await pass_time(self.environment, self._clock.engine(at(when) if isinstance(when, str) else when))

    async def ask(self, *commands: Any) -> None:
        """Give commands by update."""
        for command in commands:
            await self.engine.command(self._project_id, command)

    async def signal(self, name: str, *args: Any) -> None:
        """Send a signal."""
        handle = self.environment.client.get_workflow_handle(supervision_workflow_id(self._project_id))
        await handle.signal(name, args=args)

    async def lose(self, command: Any, when: str) -> None:
        """Have a command recorded by a worker that dies before the engine hears of it."""
        made = decide(await self.engine.state(PROJECT), command, at(when))
        await self.ledger.record(Decision(stream=supervision_workflow_id(PROJECT), events=made))
