"""The histories of a workflow's runs as the engine has them, for tests and benchmarks that look at all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from temporalio.client import WorkflowHistory

from application.engine_room.engine import Engine


async def histories_of(engine: Engine, workflow_id: str) -> AsyncIterator[WorkflowHistory]:
    """The histories of all runs of a workflow, from the first one on; each of them must still be there."""
    runs = await engine.runs(workflow_id)
    assert runs is not None, f"the engine has no {workflow_id}"
    run_id: str | None = runs.first
    while run_id:
        history = await engine.history(workflow_id, run_id)
        assert history is not None, f"the engine has no run {run_id} of {workflow_id}"
        yield history
        last = history.events[-1].workflow_execution_continued_as_new_event_attributes
        run_id = last.new_execution_run_id or None
