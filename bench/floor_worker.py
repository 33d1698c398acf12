"""The worker of the smallest workflow: `python -m bench.floor_worker`, with a supervision worker's own tuning."""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta

from application.engine_room.runtime import WorkerTuning, build_worker
from application.settings import load_settings
from bench.floor import Smallest
from bench.floor_store import FloorStore, floor_file
from entrypoints.bootstrap import reach_engine


async def work() -> None:
    """Work until the process is told to stop."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    settings = load_settings()
    engine, _ = await reach_engine(settings)
    worker = build_worker(
        engine.client,
        task_queue=settings.task_queue,
        activities=[FloorStore(floor_file(settings.data)).write_record],
        tuning=WorkerTuning(
            workflow_pollers=settings.workflow_pollers,
            workflow_tasks=settings.workflow_tasks,
            activity_pollers=settings.activity_pollers,
            sticky=timedelta(seconds=settings.sticky_seconds),
            cached_workflows=settings.cached_projects,
        ),
        workflows=[Smallest],
    )
    async with worker:
        await stopped.wait()
    await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(work())
