"""Time on the time-skipping engine: it passes at once, unless the machine is busy with what falls due meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from temporalio.api.testservice.v1 import SleepRequest
from temporalio.testing import WorkflowEnvironment

from application.engine_room.connecting import DATA_CONVERTER, speak_through_our_log
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker

_TASK_QUEUE = "rehearsal"
_AT_MOST = timedelta(hours=1)
"""How long the machine may take for it; left alone, the library gives up after thirty seconds."""


@asynccontextmanager
async def skipping_engine(
    activities: Sequence[Callable[..., Any]],
) -> AsyncIterator[tuple[WorkflowEnvironment, Engine]]:
    """An engine at which a worker does these activities, and whose time passes only where `pass_time` lets it."""
    speak_through_our_log("error")
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
    ) as environment:
        engine = Engine(environment.client, _TASK_QUEUE)
        await engine.prepare_namespace()
        with environment.auto_time_skipping_disabled():
            async with build_worker(environment.client, task_queue=_TASK_QUEUE, activities=activities):
                yield environment, engine


async def pass_time(environment: WorkflowEnvironment, until: datetime) -> None:
    """Let the engine's time pass until an instant of its own, with all that falls due; nothing when that is over."""
    wait = until - await environment.get_current_time()
    if wait > timedelta():
        request = SleepRequest()
        request.duration.FromTimedelta(wait)
        await environment.client.test_service.unlock_time_skipping_with_sleep(request, timeout=_AT_MOST)
