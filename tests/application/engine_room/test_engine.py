"""What the engine is asked about itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.client import Client

from application.engine_room.engine import Engine
from application.office.examination import clock_check

QUEUE = "duban"


class EngineWithAClock:
    """An engine whose clock is behind this machine's, and who asked it for work how long ago."""

    def __init__(self, behind: timedelta, **asked_ago: timedelta) -> None:
        self._behind = behind
        self._pollers = {QUEUE: [self._poller(name, ago) for name, ago in asked_ago.items()]}

    def _poller(self, identity: str, ago: timedelta) -> Any:
        asked = Timestamp()
        asked.FromDatetime(datetime.now(UTC) - self._behind - ago)
        return SimpleNamespace(identity=identity, last_access_time=asked)

    async def describe_task_queue(self, request: Any) -> Any:
        """Who asked on a queue."""
        return SimpleNamespace(pollers=self._pollers.get(request.task_queue.name, []))

    async def poll_workflow_task_queue(self, request: Any, **_: Any) -> Any:
        """Nothing comes; who asked is remembered."""
        self._pollers[request.task_queue.name] = [self._poller(request.identity, timedelta())]
        await asyncio.Event().wait()


def seen_from_here(clocked: EngineWithAClock) -> Engine:
    """The engine as the commands see it."""
    return Engine(cast(Client, SimpleNamespace(namespace="duban", workflow_service=clocked)), QUEUE)


AHEAD = [timedelta(days=3), timedelta(minutes=8), timedelta(minutes=4), timedelta(seconds=75), timedelta(days=-3)]


@pytest.mark.parametrize("ahead", [*AHEAD, timedelta()])
async def test_workers_are_counted_whatever_this_machine_s_clock_says(ahead: timedelta) -> None:
    """Who asked within a minute by the engine's own clock is there, and it is told by how much the two differ."""
    engine = seen_from_here(EngineWithAClock(ahead, one=timedelta(seconds=20), another=timedelta(minutes=4)))
    assert await engine.workers() == 1
    assert abs((await engine.pollers()).clock_ahead() - ahead) < timedelta(seconds=1)
    told = clock_check((await engine.pollers()).clock_ahead())
    minutes = round(abs(ahead) / timedelta(minutes=1))
    assert told.ok is (abs(ahead) < timedelta(minutes=2)), "an act is heard from a clock that is less ahead"
    assert told.ok or f"{'快' if ahead > timedelta() else '慢'}约 {minutes} 分钟" in told.text


@pytest.mark.parametrize("ahead", [*AHEAD, timedelta()])
async def test_a_worker_that_died_minutes_ago_is_not_counted(ahead: timedelta) -> None:
    """The engine remembers a dead worker for five minutes; a live one asks for work every minute at least."""
    engine = seen_from_here(EngineWithAClock(ahead, one=timedelta(minutes=3), another=timedelta(minutes=4)))
    assert await engine.workers() == 0
    assert abs((await engine.pollers()).clock_ahead() - ahead) < timedelta(seconds=1)
