"""A worker that a measurement puts together, with the tuning of a supervision's worker."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
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
    queue, tuning = settings.task_queue, WorkerTuning.of(settings)
    async with build_worker(client, task_queue=queue, activities=activities, tuning=tuning, workflows=workflows):
        await stopped.wait()
    # Measured: without this pause the engine's library sometimes crashes a process that ends.
    await asyncio.sleep(0.2)
