"""What waits in the engine for a worker: how much, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

from application.engine_room.engine import Engine
from application.engine_room.unreachable import answered

_KINDS = {
    "decisions": TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    "recordings": TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
}


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits of one kind: about how many tasks, and since how many seconds the oldest."""

    kind: str
    tasks: int
    seconds: float


async def backlogs(engine: Engine) -> list[Backlog]:
    """What waits for a worker, by kind; the engine counts it about right.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    found = []
    for kind, queue_type in _KINDS.items():
        request = DescribeTaskQueueRequest(
            namespace=engine.client.namespace,
            task_queue=TaskQueue(name=engine.task_queue),
            task_queue_type=queue_type,
            report_stats=True,
        )
        asked = engine.client.workflow_service.describe_task_queue(request)
        stats = (await answered(engine.client, asked, "没有问到引擎里积压了多少")).stats
        age = stats.approximate_backlog_age
        found.append(Backlog(kind, stats.approximate_backlog_count, age.seconds + age.nanos / 1e9))
    return found
