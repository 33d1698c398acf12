"""Supervisions on the time-skipping engine: one engine, one worker and one ledger for all tests of this folder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.mail import MailActivities
from activities.recording import RecordingActivities
from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.notifications.file_notifier import FileNotifier
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from application.rehearsing.skipping import pass_time
from bench.histories import histories_of
from bench.patience import PATIENCE_SECONDS
from domain.acts.commands import AnyCommand, CommandOutcome
from domain.clock import VirtualClock
from domain.events import DomainEvent
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from domain.papers.mail import NoticeSent
from domain.ports.actions import DeliverDigest, MailQuery, MailWaiting
from domain.ports.ledger import Decision, Recorded
from domain.project import KeyProject, Milestone
from domain.record.leaf import domain_event_of, mail_event_of
from domain.rules.life_cycle import LifeCycleRules, LimitRules, Limits
from domain.rules.policy import SupervisionPolicy
from domain.seeing.views import ProjectView
from domain.state import ProjectState
from tests.domain.samples import CALENDAR, HEADER, START, at, key_project, milestone
from workflows.inputs import HISTORY_LIMIT, MailboxInput, Opening, SupervisionInput
from workflows.project_supervision import ProjectSupervision

LONGER_THAN_ANY_TEST = timedelta(days=3_000)
_serials = count(100)
_SIGNALED = "WORKFLOW_EXECUTION_SIGNALED"


@dataclass(slots=True)
class FlakyStore:
    """Stands before the ledger and the outbox, and can be away."""

    recording: RecordingActivities
    mail: MailActivities
    away: bool = False
    mail_away: bool = False
    outbox_away: bool = False
    answers_after: float = 0.0
    ends_after: float = 0.0
    """How long it takes to record that a run ends."""
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    refused: int = 0

    def must_be_there(self) -> None:
        """Refuse, as a store that does not answer."""
        if self.away:
            self.refused += 1
            raise ApplicationError("the store does not answer", type="LedgerUnavailableError")

    def activities(self) -> Sequence[Callable[..., Any]]:
        """The real activities behind the switch."""

        @activity.defn(name="record_decision")
        async def record_decision(decision: Decision) -> Recorded:
            self.must_be_there()
            recorded = await self.recording.record_decision(decision)
            await asyncio.sleep(self.answers_after)
            if decision.ends and not decision.taken and self.ends_after:
                self.ending.set()
                await asyncio.sleep(self.ends_after)
            return recorded

        @activity.defn(name="deliver_digest")
        async def deliver_digest(request: DeliverDigest) -> int:
            if self.mail_away:
                raise ApplicationError("the disk is full", type="OSError", next_retry_delay=_ASKED_AGAIN_AFTER)
            return await self.mail.deliver_digest(request)

        @activity.defn(name="mail_waiting")
        async def mail_waiting(query: MailQuery) -> MailWaiting:
            if self.outbox_away:
                away = "the outbox does not answer"
                raise ApplicationError(away, type="LedgerUnavailableError", next_retry_delay=_ASKED_AGAIN_AFTER)
            return await self.mail.mail_waiting(query)

        return (record_decision, mail_waiting, deliver_digest)


_ASKED_AGAIN_AFTER = timedelta(minutes=20)
"""A day's failures are some thirty: what counts is when the last one came."""
PATIENT = SupervisionPolicy(
    life_cycle=LifeCycleRules(limits=Limits(receipt=LimitRules(working_days=250, reminders_working_days_before=())))
)
"""The default policy with a receipt that may wait the year out: what happens is what a test makes happen."""


@dataclass(slots=True)
class Office:
    """The engine with its ledger, and the way to open a project on it."""

    environment: WorkflowEnvironment
    engine: Engine
    ledger: SqliteLedger
    store: FlakyStore
    outbox: Path
    opened: list[str] = field(default_factory=list)
    """The workflows that the present test opened."""

    async def end_all(self) -> None:
        """End what the test opened: it would go on waking while the next ones pass time."""
        for workflow_id in self.opened:
            with suppress(RPCError):
                await self.engine.client.get_workflow_handle(workflow_id).terminate("the test is over")
        self.opened.clear()

    async def clock(self) -> VirtualClock:
        """A calendar on which it is the morning of 25 April 2018 now."""
        return VirtualClock(engine_at=await self.environment.get_current_time(), supervised_at=START)

    async def open(
        self,
        *milestones: Milestone,
        policy: SupervisionPolicy | None = None,
        history_limit: int = HISTORY_LIMIT,
        clock: VirtualClock | None = None,
        lead: str = "组织部",
        project: KeyProject | None = None,
        **options: Any,
    ) -> Supervision:
        """Open a project of its own on 25 April 2018."""
        project = project or self.next_project(*milestones, lead=lead)
        clock = clock or await self.clock()
        assert clock.engine_at is not None
        opening = Opening(listed=HEADER, project=project, policy=policy or PATIENT, calendar=CALENDAR)
        given = SupervisionInput(clock=clock, opening=opening, history_limit=history_limit)
        await self.engine.start_project(given, execution_timeout=LONGER_THAN_ANY_TEST, **options)
        self.opened.append(supervision_workflow_id(project.project_id))
        return Supervision(self, clock, project.project_id)

    def next_project(
        self, *milestones: Milestone, lead: str = "组织部", participants: tuple[str, ...] = ()
    ) -> KeyProject:
        """A project with an identity of its own; the milestones are numbered anew under it."""
        project_id = f"2018-{next(_serials)}"
        project = key_project(
            (
                each.model_copy(update={"milestone_id": f"{project_id}-{ordinal:02d}"})
                for ordinal, each in enumerate(milestones or (milestone(),), start=1)
            ),
            project_id=project_id,
            lead=lead,
        )
        return project.model_copy(update={"participating_departments": participants})

    async def open_mailbox(self, addressee: str, clock: VirtualClock, **options: Any) -> WorkflowHandle[Any, Any]:
        """Start the mailbox of an addressee."""
        options.setdefault("policy", SupervisionPolicy())
        given = MailboxInput(addressee=addressee, clock=clock, calendar=CALENDAR, **options)
        await self.engine.start_mailbox(given, execution_timeout=LONGER_THAN_ANY_TEST)
        self.opened.append(mailbox_workflow_id(addressee))
        return self.engine.client.get_workflow_handle(mailbox_workflow_id(addressee))

    def receipts(self, addressee: str) -> list[NoticeSent]:
        """The receipts of an addressee's mail."""
        entries = self.ledger.entries(mailbox_workflow_id(addressee))
        return [event for event in map(mail_event_of, entries) if isinstance(event, NoticeSent)]

    async def advance(self, clock: VirtualClock, when: str) -> None:
        """Let time pass until an instant of a calendar."""
        await pass_time(self.environment, clock.engine(at(when)))


@dataclass(slots=True)
class Supervision:
    """One project under supervision on the engine."""

    office: Office
    clock: VirtualClock
    project_id: str

    @property
    def first(self) -> str:
        """The first milestone."""
        return f"{self.project_id}-01"

    @property
    def handle(self) -> WorkflowHandle[ProjectSupervision, Any]:
        """The workflow."""
        return self.office.engine.client.get_workflow_handle_for(
            ProjectSupervision.run, supervision_workflow_id(self.project_id)
        )

    async def until(self, when: str) -> None:
        """Let time pass until an instant of the project's calendar."""
        await self.office.advance(self.clock, when)

    async def command(self, command: AnyCommand) -> CommandOutcome:
        """Give a command."""
        return await self.office.engine.command(self.project_id, command)

    async def status(self) -> ProjectView:
        """The project as the register shows it."""
        return await self.office.engine.status(self.project_id)

    async def state(self) -> ProjectState:
        """The whole state."""
        return await self.office.engine.state(self.project_id)

    async def histories(self) -> list[WorkflowHistory]:
        """The histories of all runs."""
        workflow_id = supervision_workflow_id(self.project_id)
        return [history async for history in histories_of(self.office.engine, workflow_id)]

    async def history_events(self) -> list[str]:
        """The kinds of the events of the present run's history."""
        history = await self.handle.fetch_history()
        return [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events]

    async def quiet(self) -> None:
        """Wait until everything that has arrived was taken and recorded: no task of the workflow is open."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            events = await self.history_events()
            if "WORKFLOW_TASK_COMPLETED" in events and events[::-1].index("WORKFLOW_TASK_COMPLETED") < min(
                events[::-1].index(name) for name in ("WORKFLOW_TASK_SCHEDULED", _SIGNALED) if name in events
            ):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the workflow does not come to rest")

    def recorded(self) -> list[DomainEvent]:
        """The events in the ledger."""
        return [
            domain_event_of(entry) for entry in self.office.ledger.entries(supervision_workflow_id(self.project_id))
        ]

    async def agrees(self) -> bool:
        """Whether the ledger has exactly the events that the state has come from."""
        return [event.seq for event in self.recorded()] == list(range((await self.state()).next_seq))


class EachAlone(RecordingActivities):
    """Projects that share a ledger and no department: nobody's inspections count for another's, as on the pure core."""

    async def _elsewhere(self, decision: Decision) -> int | None:
        return None


@asynccontextmanager
async def opened_office(folder: Path) -> AsyncIterator[Office]:
    """An engine, a worker and a ledger of their own, as long as the block lasts."""
    ledger = SqliteLedger.open(folder / "ledger.db", lambda: datetime.now(UTC))
    mail = MailActivities(ledger, DocxDocumentStore(folder / "papers"), [FileNotifier(folder / "outbox")])
    store = FlakyStore(EachAlone(ledger), mail)
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
    )
    async with environment:
        engine = Engine(environment.client, "tests")
        await engine.prepare_namespace()
        with environment.auto_time_skipping_disabled():
            async with build_worker(environment.client, task_queue="tests", activities=store.activities()):
                yield Office(environment, engine, ledger, store, folder / "outbox")
    ledger.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def offices(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """The engine, a worker and a ledger: for one file."""
    async with opened_office(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="session")
async def office(offices: Office) -> AsyncIterator[Office]:
    """The same, in which nothing of an earlier test is open."""
    yield offices
    await offices.end_all()
