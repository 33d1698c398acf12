"""A workflow in memory that goes at once when it is forgotten, and whose payloads are the same whatever they belong to.

What the engine's library leaves of a workflow that it forgets is circles (a loop, its tasks, their workflow). They wait
for a full collection, a rare thing in a worker: of 440 projects of which 50 were to be kept all were still there.

The engine's library asks for each payload, several times, what it belongs to; in the sandbox of a replay every question
is a journey into the sandbox and back, a fifth of the replay. Our converter and its cipher listen to no answer.
"""

from __future__ import annotations

from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance
from temporalio.workflow import Info

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
