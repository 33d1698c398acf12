"""How each project's supervision stands in the engine, beside what the ledger has of it: one sick project is one row.

Reading is not asking the engine: what a project is comes from the ledger. The engine is only asked which supervisions
are open, which of them are stuck, and what became of those that should be open and are not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, PendingActivityState, PendingWorkflowTaskState, WorkflowExecutionStatus
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
    ListWorkflowExecutionsRequest,
)
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.connecting import in_clear
from application.engine_room.engine import Engine
from application.engine_room.unavailable import NOT_AS_RECORDED, Reason, Unavailable, told_of, told_of_mailbox
from application.engine_room.unreachable import answered, not_done
from domain.errors import UnreadableIdError
from domain.ids import ProjectId, supervised_project_id, supervision_workflow_id
from domain.state import ProjectState

_ENDED: Mapping[int, Reason] = {
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED: "cancelled",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED: "failed",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT: "timed_out",
}
_RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
_PROBLEMS = "TemporalReportedProblems"
_OPEN_SUPERVISIONS = "WorkflowId STARTS_WITH 'key-project/' AND ExecutionStatus='Running'"
_STUCK = "TemporalReportedProblems IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')"
_PAGE = 1_000
_AT_A_TIME = 16
_FAILED_ATTEMPTS = 3
_LATEST_EVENTS = 20
_LONGEST_CAUSE = 160
_NEVER, _ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MAY_START = timedelta(minutes=5)
"""A supervision that was just started has not reached the ledger yet: on a slow disk it takes minutes."""
_NONDETERMINISM = "TMPRL1100"


@dataclass(frozen=True, slots=True)
class _Found:
    reason: Reason | None
    """None where all is well."""
    run_id: str = ""
    under_way: datetime | None = None
    """Since when the last thing is under way that was asked for; none while it waits for its alarm or for somebody."""
    started: datetime = _NEVER


@dataclass(frozen=True, slots=True)
class Overdue:
    """Workflows, by their ids, that should have woken: they do not go on where nothing of them is under way in the
    engine, or where what is has been so since before an instant of it."""

    ids: Sequence[str] = ()
    before: datetime = _NEVER


async def sick_projects(
    engine: Engine,
    closed: Mapping[ProjectId, bool],
    now: datetime | None = None,
    *,
    every: bool = True,
    overdue: Overdue = Overdue(),
) -> dict[ProjectId, Unavailable]:
    """The projects of `closed` whose supervision does not go on, those that are `overdue` and rest among them.

    `closed` says of each whether nothing more can happen to it. With the engine's instant `now`, also those that the
    engine has and `closed`, all projects of the ledger, has not. Without `every`, of more than a thousand open ones
    only those that are stuck are listed where the engine has as many as the ledger: an audit looks at each.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    still_open = sum(not is_over for is_over in closed.values())
    as_many = not every and still_open > _PAGE and await _open_in_the_engine(engine) == still_open
    listed = await _open_supervisions(engine, f"{_OPEN_SUPERVISIONS} AND {_STUCK}" if as_many else _OPEN_SUPERVISIONS)
    sick: dict[ProjectId, _Found] = {}
    asked: list[ProjectId] = []
    for project_id, is_over in closed.items():
        if is_over:
            continue
        info = listed.get(project_id)
        if info is None:
            # The engine's lists follow at a distance: only what it says of the project itself counts.
            asked += [] if as_many else [project_id]
        elif _PROBLEMS in info.search_attributes.indexed_fields:
            sick[project_id] = _Found("stuck", info.execution.run_id)
    found = await _each(asked, lambda project_id: _standing_of(engine, supervision_workflow_id(project_id)))
    sick |= {project_id: one for project_id, one in found.items() if one.reason is not None}
    sick |= {supervised_project_id(workflow_id): _Found("late") for workflow_id in await resting(engine, overdue)}
    strangers = {
        project_id: _Found("unrecorded", info.execution.run_id)
        for project_id, info in listed.items()
        if now is not None and project_id not in closed and now - info.start_time.ToDatetime(UTC) > _MAY_START
    }
    # Where nobody works, what was started waits to be recorded.
    if strangers and await engine.workers():
        sick |= strangers
    causes = await _each(
        list(sick), lambda project_id: _cause(engine, supervision_workflow_id(project_id), sick[project_id])
    )
    return {
        project_id: told_of(project_id, one.reason, causes[project_id])
        for project_id, one in sick.items()
        if one.reason is not None
    }


async def resting(engine: Engine, overdue: Overdue) -> dict[str, datetime | None]:
    """Those of the overdue workflows that rest: a worker that is behind, or a store that is away, has something of them
    under way, and without a worker nobody can say. Where one rests in the middle of something, the instant since when:
    no signal reaches it.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    if not overdue.ids or not await engine.workers():
        return {}
    found = await _each(overdue.ids, lambda workflow_id: _standing_of(engine, workflow_id))
    return {workflow_id: one.under_way for workflow_id, one in found.items() if _rests(one, overdue)}


def _rests(found: _Found, overdue: Overdue) -> bool:
    return found.reason is None and (found.under_way is None or found.under_way < overdue.before)


async def _or_late(engine: Engine, workflow_id: str, found: _Found, overdue: Overdue) -> _Found:
    """What was begun long ago does not end any more, whether or not something is due."""
    is_due = workflow_id in overdue.ids
    if not (is_due or found.under_way is not None) or not _rests(found, overdue) or not await engine.workers():
        return found
    return _Found("late" if is_due else "stuck", found.run_id)


async def sickness_of(
    engine: Engine,
    project_id: ProjectId,
    state: ProjectState | None,
    overdue: Overdue = Overdue(),
) -> Unavailable | None:
    """Why one project's supervision does not go on, or none where all is well; asked of the engine itself.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    if state is not None and state.closed:
        return None
    found = await _standing_of(engine, supervision_workflow_id(project_id))
    if state is None:
        found = _Found(_reason_without_record(found), found.run_id)
    found = await _or_late(engine, supervision_workflow_id(project_id), found, overdue)
    if found.reason is None:
        return None
    return told_of(project_id, found.reason, await _cause(engine, supervision_workflow_id(project_id), found))


def _reason_without_record(found: _Found) -> Reason | None:
    if found.reason is None and datetime.now(UTC) - found.started < _MAY_START:
        return "starting"
    return None if found.reason == "missing" else "unrecorded"


async def mailbox_sickness(
    engine: Engine,
    workflow_id: str,
    overdue: Overdue = Overdue(),
) -> str | None:
    """Why a mailbox does not go on, in a sentence, or none where all is well; asked of the engine itself.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    found = await _or_late(engine, workflow_id, await _standing_of(engine, workflow_id), overdue)
    if found.reason is None:
        return None
    return told_of_mailbox(workflow_id, found.reason, await _cause(engine, workflow_id, found))


async def _open_in_the_engine(engine: Engine) -> int:
    counted = engine.client.count_workflows(_OPEN_SUPERVISIONS)
    return (await answered(engine.client, counted, "没有问到有多少项目在督办")).count


async def _open_supervisions(engine: Engine, query: str) -> dict[ProjectId, WorkflowExecutionInfo]:
    found: dict[ProjectId, WorkflowExecutionInfo] = {}
    async for info in listed_workflows(engine, query):
        try:
            found[supervised_project_id(info.execution.workflow_id)] = info
        except UnreadableIdError:
            continue
    return found


async def listed_workflows(engine: Engine, query: str) -> Any:
    """What the engine lists for a query, a page at a time; nothing where an engine has no lists.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    # In the wire's own form: a thousand rows are read in a tenth of the time.
    client, token = engine.client, b""
    while True:
        request = ListWorkflowExecutionsRequest(
            namespace=client.namespace, query=query, page_size=_PAGE, next_page_token=token
        )
        try:
            page = await client.workflow_service.list_workflow_executions(request)
        except RPCError as error:
            if error.status is RPCStatusCode.UNIMPLEMENTED:
                return  # the time-skipping server
            raise not_done(engine.client, error, "没有问到引擎里有哪些流程") from error
        for info in page.executions:
            yield info
        token = page.next_page_token
        if not token:
            return


async def stuck_workflows(engine: Engine) -> list[str]:
    """The workflows whose tasks keep failing: they stay open and silent (raises as `listed_workflows`)."""
    query = f"ExecutionStatus='Running' AND {_STUCK}"
    return [info.execution.workflow_id async for info in listed_workflows(engine, query)]


async def _standing_of(engine: Engine, workflow_id: str) -> _Found:
    answer = await engine.described(workflow_id)
    if answer is None:
        return _Found("missing")
    info = answer.workflow_execution_info
    run_id = info.execution.run_id
    if info.status != _RUNNING:
        return _Found(_ENDED.get(info.status, "ended"), run_id)
    stuck = _PROBLEMS in info.search_attributes.indexed_fields
    stuck = stuck or answer.pending_workflow_task.attempt >= _FAILED_ATTEMPTS
    return _Found("stuck" if stuck else None, run_id, _under_way(answer), info.start_time.ToDatetime(UTC))


def _under_way(answer: DescribeWorkflowExecutionResponse) -> datetime | None:
    """Since when the last thing is under way that a run asked for; what waits for a worker always is."""
    task = answer.pending_workflow_task
    if (
        answer.HasField("pending_workflow_task")
        and task.state != PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
    ):
        return _ALWAYS
    begun = [task.started_time] if answer.HasField("pending_workflow_task") else []
    for activity in answer.pending_activities:
        waits = activity.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
        begun.append(activity.scheduled_time if waits else activity.last_started_time)
    return max((each.ToDatetime(UTC) for each in begun), default=None)


async def _cause(engine: Engine, workflow_id: str, found: _Found) -> str:
    """What the engine last noted of a run that does not go on, in a few words."""
    if found.reason not in ("stuck", "failed", "terminated", "unrecorded") or not found.run_id:
        return ""
    request = GetWorkflowExecutionHistoryReverseRequest(
        namespace=engine.client.namespace,
        execution=WorkflowExecution(workflow_id=workflow_id, run_id=found.run_id),
        maximum_page_size=_LATEST_EVENTS,
    )
    try:
        page = await engine.client.workflow_service.get_workflow_execution_history_reverse(request)
    except RPCError:
        return ""  # why it stands still is worth knowing, and is not what was asked
    history = in_clear(engine.client, WorkflowHistory(workflow_id, list(page.history.events)))
    return next(filter(None, map(_noted, history.events)), "")


def _noted(event: Any) -> str:
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            text = event.workflow_task_failed_event_attributes.failure.message
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
            text = event.workflow_execution_failed_event_attributes.failure.message
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED:
            text = event.workflow_execution_terminated_event_attributes.reason
        case _:
            return ""
    if _NONDETERMINISM in text:
        return NOT_AS_RECORDED
    return " ".join(text.split())[:_LONGEST_CAUSE]


async def _each(ids: Collection[str], ask: Any) -> dict[str, Any]:
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(name: str) -> Any:
        async with gate:
            return await ask(name)

    answers: Iterable[Any] = await asyncio.gather(*(one(name) for name in ids))
    return dict(zip(ids, answers, strict=True))
