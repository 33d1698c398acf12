"""What the engine is asked about itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.client import Client

from application.engine_room.engine import Engine
from application.office.examination import clock_check


def poller(identity: str, ago: timedelta) -> Any:
    """A poller that asked for work so long ago."""
    asked = Timestamp()
    asked.FromDatetime(datetime.now(UTC) - ago)
    return SimpleNamespace(identity=identity, last_access_time=asked)


async def test_a_worker_that_died_minutes_ago_is_not_counted() -> None:
    """The engine remembers a dead worker for five minutes; a live one asks for work every minute at least."""
    pollers = [poller("1@here", timedelta(seconds=59)), poller("2@here", timedelta(minutes=3))]

    async def describe(_: Any) -> Any:
        return SimpleNamespace(pollers=pollers)

    service = SimpleNamespace(describe_task_queue=describe)
    client = cast(Client, SimpleNamespace(namespace="duban", workflow_service=service))
    assert await Engine(client, "duban").workers() == 1


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(), timedelta(days=-3)])
async def test_workers_are_counted_whatever_this_machine_s_clock_says(ahead: timedelta) -> None:
    """Whom the engine names asked within five minutes by its own clock: it is told by how much the two differ."""
    pollers = [poller("1@here", ahead + timedelta(seconds=20)), poller("2@here", ahead + timedelta(minutes=4))]

    async def describe(_: Any) -> Any:
        return SimpleNamespace(pollers=pollers)

    service = SimpleNamespace(describe_task_queue=describe)
    engine = Engine(cast(Client, SimpleNamespace(namespace="duban", workflow_service=service)), "duban")
    assert await engine.workers() == 1
    assert abs(await engine.clock_ahead() - ahead) < timedelta(minutes=1)
    told = clock_check(await engine.clock_ahead())
    assert told.ok is (not ahead)
    assert ahead == timedelta() or f"{'快' if ahead > timedelta() else '慢'}约 4320 分钟" in told.text
