"""A worker restarted with changed code in the middle of a year, beside another one with the old code."""

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
from domain.clock import VirtualClock
from domain.events import DomainEvent
from domain.ids import supervision_workflow_id
from domain.leaf import domain_event_of
from domain.policy import SupervisionPolicy
from entrypoints.connecting import DATA_CONVERTER, connect
from entrypoints.embedded import engine_program
from entrypoints.engine import Engine
from entrypoints.replaying import replayed
from entrypoints.runtime import WORKFLOWS, WorkerTuning, build_worker
from tests.domain.samples import CALENDAR, HEADER, START, Desk, at, key_project, milestone
from tests.replay.changed_workflows import PATCH, PatchedSupervision
from workflows.department_mailbox import DepartmentMailbox
from workflows.inputs import Opening, SupervisionInput

PATCHED = (PatchedSupervision, DepartmentMailbox)
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
        await self.engine.start_project(given, now, execution_timeout=timedelta(days=3_000))
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


def expected(project_id: str) -> list[tuple[str, datetime]]:
    """The events of a silent project by the pure core."""
    desk = Desk(
        project=key_project((milestone(project_id=project_id),), project_id=project_id), policy=SupervisionPolicy()
    )
    desk.run_until("07-01 00:00")
    return [(event.type, event.decided_at) for event in desk.events]


async def test_a_worker_restarted_with_patched_code_goes_on_with_the_year(year: Year) -> None:
    """Two workers, one exchanged in May: no task fails, every project has its events, and the histories replay."""
    projects = [f"2018-{number}" for number in range(10, 16)]
    async with await year.worker():
        async with await year.worker():
            for project_id in projects:
                await year.open(project_id)
            await year.until("05-15 00:00")
        async with await year.worker(PATCHED):
            await year.until("07-01 00:00")
    for project_id in projects:
        history, recorded = await year.history(project_id), year.recorded(project_id)
        assert not [event for event in history.events if event.HasField("workflow_task_failed_event_attributes")]
        wanted = expected(project_id)
        assert [event.type for event in recorded] == [type_ for type_, _ in wanted]
        # The engine's clock goes on while a busy machine opens the next project or gets round to a task.
        for event, (_, instant) in zip(recorded, wanted, strict=True):
            assert timedelta() <= event.decided_at - instant < timedelta(seconds=30)
        for code in (WORKFLOWS, PATCHED):
            assert (await replayed([history], recorded, code)).problem is None


async def test_what_begins_under_the_patched_code_has_the_change(year: Year) -> None:
    """After the exchange old runs go on as they were, and a new one takes the patched way."""
    async with await year.worker():
        await year.open("2018-20")
    async with await year.worker(PATCHED):
        await year.until("05-15 00:00")
        await year.open("2018-21")
        await year.until("05-16 00:00")
    marked = {}
    for project_id in ("2018-20", "2018-21"):
        events = (await year.history(project_id)).events
        markers = [event.marker_recorded_event_attributes for event in events]
        marked[project_id] = any(PATCH.encode() in marker.SerializeToString() for marker in markers)
    assert marked == {"2018-20": False, "2018-21": True}
