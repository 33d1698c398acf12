"""A question must not move a project on: what happened since its last task is for the next task alone.

A new worker that begins with a question is handed all that happened since the last completed task (an alarm that went
off, a signal), without a task that has started: the code would decide and record in the question's own replay, and the
task that follows would bring commands to an instance that is ahead of them. A cold replay hears them together, in
another order, and differs for good. So such a question is refused here, the engine forgets the instance, the
task comes to a new one, and the question is asked again (docs/adr/0199).

A workflow in memory that goes at once when it is forgotten, and whose payloads are the same whatever they belong to.

What the engine's library leaves of a workflow that it forgets is circles (a loop, its tasks, their workflow). They wait
for a full collection, a rare thing in a worker: of 440 projects of which 50 were to be kept all were still there.

The engine's library asks for each payload, several times, what it belongs to; in the sandbox of a replay every question
is a journey into the sandbox and back, a fifth of the replay. Our converter and its cipher listen to no answer.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance
from temporalio.workflow import Info

from workflows.message_names import BEFORE_ITS_TASK

_NOWHERE = StorageDriverStoreContext(target=None)


def _tell_nobody(context: Any) -> None:
    del context


class ForgettableInstance(WorkflowInstance):
    """A workflow that leaves nothing behind, answers the library's questions and gives the rest to the one inside."""

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Go on with what came; where it is to be forgotten, let go of all that it holds."""
        completion = self._inner.activate(act)
        if completion.HasField("successful") and any(job.HasField("remove_from_cache") for job in act.jobs):
            held = vars(self._inner)
            gone = dict(held)
            held.clear()
            # A task that was cut short tells its loop that it failed, which is nothing to tell any more.
            held["call_exception_handler"] = _tell_nobody
            gone.clear()
        return completion

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        """Nothing that a payload belongs to."""
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        """No other store than the history."""
        return _NOWHERE

    def get_info(self) -> Info:
        """Which run it is."""
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        """Where it runs, for the trace of one that hangs."""
        return self._inner.get_thread_id()


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
