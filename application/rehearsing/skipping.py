"""Time on the time-skipping engine: it passes at once, unless the machine is busy with what falls due meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio.api.testservice.v1 import SleepRequest
from temporalio.testing import WorkflowEnvironment

_AT_MOST = timedelta(hours=1)
"""How long the machine may take for it; left alone, the library gives up after thirty seconds."""


async def pass_time(environment: WorkflowEnvironment, until: datetime) -> None:
    """Let the engine's time pass until an instant of its own, with all that falls due; nothing when that is over."""
    wait = until - await environment.get_current_time()
    if wait > timedelta():
        request = SleepRequest()
        request.duration.FromTimedelta(wait)
        await environment.client.test_service.unlock_time_skipping_with_sleep(request, timeout=_AT_MOST)
