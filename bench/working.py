"""A worker that a measurement puts together, with the tuning of a supervision's worker."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio.client import Client

from application.engine_room.runtime import WORKFLOWS, WorkerTuning, build_worker
from application.settings import Settings


async def work_until_told(
    client: Client,
    settings: Settings,
    activities: Sequence[Callable[..., Any]],
    workflows: Sequence[type] = WORKFLOWS,
) -> None:
    """Work until the process is told to stop; on the real workflows by itself."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    tuning = WorkerTuning(
        workflow_pollers=settings.workflow_pollers,
        workflow_tasks=settings.workflow_tasks,
        activity_pollers=settings.activity_pollers,
        sticky=timedelta(seconds=settings.sticky_seconds),
        cached_workflows=settings.cached_projects,
    )
    queue = settings.task_queue
    async with build_worker(client, task_queue=queue, activities=activities, tuning=tuning, workflows=workflows):
        await stopped.wait()
    # Measured: without this pause the engine's library sometimes crashes a process that ends.
    await asyncio.sleep(0.2)
