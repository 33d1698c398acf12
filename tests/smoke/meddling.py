"""Workflow code that nobody should have deployed: what the real code does, and one thing more when it is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.api.history.v1 import HistoryEvent

from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from bench.patience import PATIENCE_SECONDS
from workflows.department_mailbox import DepartmentMailbox
from workflows.inputs import MailboxInput, SupervisionInput, SupervisionResult
from workflows.project_supervision import ProjectSupervision

MEDDLE = "meddle"
_LONG = timedelta(days=400)


@workflow.defn(name="ProjectSupervision")
class MeddlingSupervision(ProjectSupervision):
    """Sets a timer of its own at a signal: no history of the real code has it, and no replay by it fits."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        super().__init__(given)
        self._meddled: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise as ever."""
        return await super().run(given)

    @workflow.signal(name=MEDDLE)
    def meddle(self) -> None:
        """Set the timer."""
        self._meddled = asyncio.create_task(workflow.sleep(_LONG, summary=MEDDLE))


@workflow.defn(name="DepartmentMailbox")
class MeddlingMailbox(DepartmentMailbox):
    """A mailbox that does the same."""

    @workflow.init
    def __init__(self, given: MailboxInput) -> None:
        super().__init__(given)
        self._meddled: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, given: MailboxInput) -> None:
        """Send mail as ever."""
        await super().run(given)

    @workflow.signal(name=MEDDLE)
    def meddle(self) -> None:
        """Set the timer."""
        self._meddled = asyncio.create_task(workflow.sleep(_LONG, summary=MEDDLE))


async def break_workflows(
    engine: Engine, workflow_ids: Sequence[str], activities: Sequence[Callable[..., Any]], *, at_rest: bool = False
) -> None:
    """Have the wrong code take a task of these workflows, and of no other: no real worker may be at work meanwhile.

    Then they stop at the next task of the real code, which comes at once; `at_rest` leaves them until something comes.

    Raises:
        TimeoutError: the wrong code did not come to one of them.
    """
    handles = [engine.client.get_workflow_handle(workflow_id) for workflow_id in workflow_ids]
    wrong = (MeddlingSupervision, MeddlingMailbox)
    async with build_worker(engine.client, task_queue=engine.task_queue, activities=activities, workflows=wrong):
        deadline = time.monotonic() + PATIENCE_SECONDS
        for handle in handles:
            await handle.signal(MEDDLE)
        for handle in handles:
            while not any(_is_meddled(event) for event in (await handle.fetch_history()).events):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the wrong code did not come to {handle.id}")
                await asyncio.sleep(0.1)
    # Whatever comes next has the real code look at these histories.
    for handle in () if at_rest else handles:
        await handle.signal(MEDDLE)


def _is_meddled(event: HistoryEvent) -> bool:
    set_for = event.timer_started_event_attributes.start_to_fire_timeout
    return event.HasField("timer_started_event_attributes") and set_for.ToTimedelta() == _LONG
