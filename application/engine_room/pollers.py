"""Who asks the engine for work now, also where this machine's clock is not the engine's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio.api.enums.v1 import TaskQueueKind, TaskQueueType
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, PollWorkflowTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from application.engine_room.unreachable import answered

_LATELY = timedelta(seconds=75)
"""A worker asks for work at least once a minute."""
_REMEMBERED = timedelta(minutes=6)
"""The engine remembers one that died for five minutes: whom it names, asked no longer ago than that by its clock."""
_LOOKS = 20
_LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Pollers:
    """Who asked the engine for work as long as it remembers, what its clock shows about, and what this machine's."""

    known: Sequence[PollerInfo]
    engine_now: datetime
    here: datetime

    def lately(self) -> Sequence[PollerInfo]:
        """Those that are there now."""
        return [each for each in self.known if _asked_at(each) > self.engine_now - _LATELY]

    def workers(self) -> int:
        """How many of them there are now."""
        return len({each.identity for each in self.lately()})

    def clock_ahead(self) -> timedelta:
        """By how much this machine's clock is before the engine's, or behind it (below nought); nought where nothing
        shows that they differ."""
        return self.here - self.engine_now


async def pollers_of(client: Client, task_queue: str, undone: str) -> Pollers:
    """Who asks for work on a task queue.

    Raises:
        EngineUnreachableError: the engine does not answer; `undone` says what was not asked.
    """
    known = await answered(client, _described(client, TaskQueue(name=task_queue)), undone)
    here = datetime.now(UTC)
    if not known:
        return Pollers(known, here, here)
    newest = max(map(_asked_at, known))
    if here - _LATELY < newest <= here:
        return Pollers(known, here, here)
    # All are gone, or the clocks differ: which of both, the engine's own clock tells.
    told = await _engine_now(client, task_queue)
    here = datetime.now(UTC)
    if told is None:
        told = here if here - _REMEMBERED < newest < here + _LATELY else newest
    return Pollers(known, told, here)


async def _engine_now(client: Client, task_queue: str) -> datetime | None:
    """What the engine's clock shows, which no call of it answers: at which instant it saw somebody ask for work, on a
    queue of his own that never has any. None where it lets nobody ask here."""
    name = f"duban-clock-{uuid4().hex}"
    # A queue of this kind has no partitions: who asks is seen where he is looked for.
    queue = TaskQueue(name=name, kind=TaskQueueKind.TASK_QUEUE_KIND_STICKY, normal_name=task_queue)
    asked = PollWorkflowTaskQueueRequest(namespace=client.namespace, task_queue=queue, identity=name)
    call = client.workflow_service.poll_workflow_task_queue(asked, timeout=timedelta(seconds=5))
    asking = asyncio.ensure_future(call)
    try:
        for _ in range(_LOOKS):
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            if seen := await _described(client, queue):
                return _asked_at(seen[0])
            if asking.done():
                return None
    except RPCError:
        return None
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    return None


async def _described(client: Client, queue: TaskQueue) -> Sequence[PollerInfo]:
    kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
    request = DescribeTaskQueueRequest(namespace=client.namespace, task_queue=queue, task_queue_type=kind)
    return (await client.workflow_service.describe_task_queue(request)).pollers


def _asked_at(poller: PollerInfo) -> datetime:
    return poller.last_access_time.ToDatetime(UTC)
