"""Workflow code that nobody should have deployed: what the real code does, and one thing more when it is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow

from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from domain.ids import ProjectId, supervision_workflow_id
from workflows.department_mailbox import DepartmentMailbox
from workflows.inputs import SupervisionInput, SupervisionResult
from workflows.project_supervision import ProjectSupervision

MEDDLE = "meddle"
_LONG = timedelta(days=400)
_TAKEN_SECONDS = 20


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


async def break_project(engine: Engine, project_id: ProjectId, activities: Sequence[Callable[..., Any]]) -> None:
    """Have the wrong code take a task of one project, and of no other: no real worker may be at work meanwhile.

    Raises:
        TimeoutError: the wrong code did not come to it.
    """
    handle = engine.client.get_workflow_handle(supervision_workflow_id(project_id))
    wrong = (MeddlingSupervision, DepartmentMailbox)
    async with build_worker(engine.client, task_queue=engine.task_queue, activities=activities, workflows=wrong):
        await handle.signal(MEDDLE)
        deadline = time.monotonic() + _TAKEN_SECONDS
        while not (await handle.fetch_history()).events[-1].HasField("timer_started_event_attributes"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the wrong code did not come to {project_id}")
            await asyncio.sleep(0.1)
    # Whatever comes next has the real code look at that history.
    await handle.signal(MEDDLE)
