"""A question must not move a project on: what happened since its last task is for the next task alone.

A new worker that begins with a question is handed all that happened since the last completed task (an alarm that went
off, a signal), without a task that has started: the code would decide and record in the question's own replay, and the
task that follows would bring commands to an instance that is ahead of them. A cold replay hears them together, in
another order, and differs for good. So such a question is refused here, the engine forgets the instance, the
task comes to a new one, and the question is asked again (docs/adr/0199).
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance

from application.engine_room.forgettable import ForgettableInstance
from workflows.message_names import BEFORE_ITS_TASK

_OF_THE_WORKER_ITSELF: Final = frozenset(
    {"initialize_workflow", "query_workflow", "remove_from_cache", "notify_has_patch", "update_random_seed"}
)
_REMEMBERED: Final = 1_000


class RefusedBefore:
    """For which run, and at which length of its history, an activation was refused last; the newest are remembered."""

    def __init__(self) -> None:
        self._lengths: OrderedDict[str, int] = OrderedDict()

    def may_refuse(self, run_id: str, length: int) -> bool:
        """Whether to refuse; at another length than last time it is no question's doing, but a clock that went back."""
        if self._lengths.setdefault(run_id, length) != length:
            del self._lengths[run_id]
            return False
        self._lengths.move_to_end(run_id)
        if len(self._lengths) > _REMEMBERED:
            self._lengths.popitem(last=False)
        return True


class GuardedInstance(ForgettableInstance):
    """A workflow in a worker's memory that refuses what came before its task.

    A task that has started has a later instant than the one before. Where something new comes at the old instant, and
    the worker is not going through what was done already, there is no task but a question's.
    """

    def __init__(self, inner: WorkflowInstance, refused: RefusedBefore) -> None:
        super().__init__(inner)
        self._refused = refused
        self._instant = 0

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Go on with what came, or refuse it as a question's."""
        instant = act.timestamp.ToNanoseconds()
        came = any(map(_came_from_outside, act.jobs))
        early = came and not act.is_replaying and instant <= self._instant
        if early and self._refused.may_refuse(act.run_id, act.history_length):
            completion = WorkflowActivationCompletion()
            completion.failed.failure.message = BEFORE_ITS_TASK
            return completion
        self._instant = max(instant, self._instant)
        return super().activate(act)


def _came_from_outside(job: WorkflowActivationJob) -> bool:
    kind = job.WhichOneof("variant")
    local = kind == "resolve_activity" and job.resolve_activity.is_local
    return kind not in _OF_THE_WORKER_ITSELF and not local
