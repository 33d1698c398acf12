"""The histories of a workflow as the engine has them, without what names the machine."""

from __future__ import annotations

from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment


async def histories_in(environment: WorkflowEnvironment, workflow_id: str) -> list[WorkflowHistory]:
    """All runs of a workflow, in order."""
    # Backwards from the last run: this server cannot describe a workflow whose search attribute was unset.
    histories: list[WorkflowHistory] = []
    run_id: str | None = None
    while not histories or run_id:
        history = await environment.client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        histories.insert(0, history)
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id or None
    for event in (event for history in histories for event in history.events):
        if event.HasField("marker_recorded_event_attributes"):
            _without_places(event.marker_recorded_event_attributes, "failure")
        if event.HasField("activity_task_started_event_attributes"):
            _without_places(event.activity_task_started_event_attributes, "last_failure")
    return histories


def _without_places(holder: Any, name: str) -> None:
    # Traces name the folders of the machine that recorded; a replay does not read them.
    if holder.HasField(name):
        failure = getattr(holder, name)
        failure.ClearField("stack_trace")
        _without_places(failure, "cause")
