"""Another run of a project, begun from the ledger's state: after a repair, or where an end was taken back."""

from __future__ import annotations

from typing import Any

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from application.engine_room.engine import Engine
from application.engine_room.unreachable import not_done
from domain.ids import supervision_workflow_id
from workflows.inputs import SupervisionInput
from workflows.project_supervision import ProjectSupervision
from workflows.search_attributes import attributes_of


async def begin_another_run(
    engine: Engine, given: SupervisionInput, running: WorkflowIDConflictPolicy, **options: Any
) -> str | None:
    """Start another run of a project from the ledger's state, and answer its id.

    `running` says what becomes of a run that goes on: it stays (none is started and none answered), or it is ended.

    Raises:
        EngineUnreachableError: the engine does not answer, or does not take the start.
    """
    state = given.state
    assert state is not None
    workflow_id = supervision_workflow_id(state.project.project_id)
    try:
        handle = await engine.client.start_workflow(
            ProjectSupervision.run,
            given,
            id=workflow_id,
            task_queue=engine.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=running,
            search_attributes=attributes_of(state.year),
            static_summary=f"{state.project.serial} {state.project.title}"[:200],
            **options,
        )
    except WorkflowAlreadyStartedError:
        return None
    except RPCError as error:
        raise not_done(engine.client, error, f"流程 {workflow_id} 没有另起成功") from error
    return handle.first_execution_run_id or ""
