"""What the engine is asked about itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.client import Client

from application.engine_room.engine import Engine


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
