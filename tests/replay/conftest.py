"""A year on the time-skipping engine whose workers can be exchanged, to change the code under running projects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.recording import RecordingActivities
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.engine_room.connecting import DATA_CONVERTER, connect
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import WORKFLOWS, WorkerTuning, build_worker
from domain.clock import VirtualClock
from domain.events import DomainEvent
from domain.ids import supervision_workflow_id
from domain.record.leaf import domain_event_of
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, HEADER, START, at, key_project, milestone
from workflows.inputs import Opening, SupervisionInput

_QUEUE = "changing"


class Year:
    """A year on the time-skipping engine whose workers can be exchanged."""

    def __init__(self, environment: WorkflowEnvironment, ledger: SqliteLedger) -> None:
        self.environment = environment
        self.engine = Engine(environment.client, _QUEUE)
        self._ledger = ledger
        self.clock = VirtualClock()

    async def worker(self, workflows: tuple[type[Any], ...] = WORKFLOWS) -> Worker:
        """A worker of the old or the new code, with a connection of its own as another process has it."""
        client = await connect(self.environment.client.service_client.config.target_host)
        recording = RecordingActivities(self._ledger)
        return build_worker(
            client,
            task_queue=_QUEUE,
            activities=[recording.record_decision],
            workflows=workflows,
            # Nothing cached: every task is replayed from its history, by whichever code takes it.
            tuning=WorkerTuning(cached_workflows=0),
        )

    async def open(self, project_id: str) -> None:
        """Start a silent project now, on 25 April 2018 of the year's calendar or later."""
        now = await self.environment.get_current_time()
        if self.clock.engine_at is None:
            self.clock = VirtualClock(engine_at=now, supervised_at=START)
        due = milestone(project_id=project_id)
        opening = Opening(
            listed=HEADER,
            project=key_project((due,), project_id=project_id),
            policy=SupervisionPolicy(),
            calendar=CALENDAR,
        )
        given = SupervisionInput(clock=self.clock, opening=opening)
        await self.engine.start_project(given, execution_timeout=timedelta(days=3_000))
        await self.engine.status(project_id)

    async def until(self, when: str) -> None:
        """Let time pass."""
        await self.environment.sleep(self.clock.engine(at(when)) - await self.environment.get_current_time())

    async def history(self, project_id: str) -> WorkflowHistory:
        """A project's history."""
        return await self.environment.client.get_workflow_handle(supervision_workflow_id(project_id)).fetch_history()

    def recorded(self, project_id: str) -> list[DomainEvent]:
        """A project's events."""
        return [domain_event_of(entry) for entry in self._ledger.entries(supervision_workflow_id(project_id))]


@pytest_asyncio.fixture(loop_scope="session")
async def year(tmp_path: Path) -> AsyncIterator[Year]:
    """An engine of its own, so that its workers can come and go."""
    ledger = SqliteLedger.open(tmp_path / "ledger.db", lambda: datetime.now(UTC))
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
    )
    async with environment:
        year = Year(environment, ledger)
        await year.engine.prepare_namespace()
        with environment.auto_time_skipping_disabled():
            yield year
    ledger.close()
