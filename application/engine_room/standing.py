"""How each project's supervision stands in the engine, beside what the ledger has of it: one sick project is one row.

Reading is not asking the engine: what a project is comes from the ledger. The engine is only asked which supervisions
are open, which of them are stuck, and what became of those that should be open and are not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, WorkflowExecutionStatus
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
    ListWorkflowExecutionsRequest,
)
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.connecting import in_clear
from application.engine_room.engine import Engine
from application.engine_room.unreachable import is_not_there, not_done
from domain.errors import UnreadableIdError
from domain.frozen import Frozen
from domain.ids import ProjectId, supervised_project_id, supervision_workflow_id

Reason = Literal["stuck", "terminated", "cancelled", "failed", "timed_out", "ended", "missing", "unrecorded"]

SHORT_WORDS: Mapping[Reason, str] = {
    "stuck": "未应答",
    "terminated": "被终止",
    "cancelled": "被取消",
    "failed": "已失败",
    "timed_out": "已超时",
    "ended": "提前结束",
    "missing": "引擎中没有",
    "unrecorded": "台账中没有",
}
"""What stands where the register shows the light."""

_SENTENCES: Mapping[Reason, str] = {
    "stuck": "督办流程办不下去{cause}",
    "terminated": "督办流程在引擎中被终止{cause}",
    "cancelled": "督办流程在引擎中被取消",
    "failed": "督办流程在引擎中失败{cause}",
    "timed_out": "督办流程在引擎中超时",
    "ended": "台账中尚未办结，引擎中的督办流程却已结束",
    "missing": "引擎中没有这个项目的督办流程",
    "unrecorded": "引擎中有这个督办流程，台账中却没有立项{cause}",
}
_REPAIRED_BY = "请管理员运行 duban engine repair {project_id}"
_REMOVED_BY = "请管理员查明来历，再用 duban engine repair {project_id} --remove 移除"
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
_MAY_START = timedelta(minutes=1)
"""A supervision that was just started has not reached the ledger yet."""
_NOT_AS_RECORDED = "TMPRL1100"


class Recorded(Protocol):
    """A project as the ledger has it."""

    @property
    def closed(self) -> bool:
        """Whether nothing more can happen to it."""


class Unavailable(Frozen):
    """Why a project's supervision does not go on, and in words for people what to do."""

    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    reason: Reason | None
    """None where all is well."""
    run_id: str = ""


async def sick_projects(
    engine: Engine, recorded: Mapping[ProjectId, Recorded], now: datetime | None = None, *, every: bool = True
) -> dict[ProjectId, Unavailable]:
    """The projects of `recorded` whose supervision does not go on.

    With the engine's instant `now`, also those that the engine has and `recorded`, all projects of the ledger, has not.
    Without `every`, of more than a thousand open ones only those that are stuck are listed where the engine has as many
    as the ledger: an audit looks at each.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    still_open = sum(not state.closed for state in recorded.values())
    as_many = not every and still_open > _PAGE and await _open_in_the_engine(engine) == still_open
    listed = await _open_supervisions(engine, f"{_OPEN_SUPERVISIONS} AND {_STUCK}" if as_many else _OPEN_SUPERVISIONS)
    sick: dict[ProjectId, _Found] = {}
    asked: list[ProjectId] = []
    for project_id, state in recorded.items():
        if state.closed:
            continue
        info = listed.get(project_id)
        if info is None:
            # The engine's lists follow at a distance: only what it says of the project itself counts.
            asked += [] if as_many else [project_id]
        elif _PROBLEMS in info.search_attributes.indexed_fields:
            sick[project_id] = _Found("stuck", info.execution.run_id)
    found = await _each(asked, lambda project_id: _standing_of(engine, supervision_workflow_id(project_id)))
    sick |= {project_id: one for project_id, one in found.items() if one.reason is not None}
    strangers = {
        project_id: _Found("unrecorded", info.execution.run_id)
        for project_id, info in listed.items()
        if now is not None and project_id not in recorded and now - info.start_time.ToDatetime(UTC) > _MAY_START
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


async def sickness_of(engine: Engine, project_id: ProjectId, state: Recorded | None) -> Unavailable | None:
    """Why one project's supervision does not go on, or none where all is well; asked of the engine itself.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    if state is not None and state.closed:
        return None
    found = await _standing_of(engine, supervision_workflow_id(project_id))
    if state is None:
        found = _Found(None if found.reason == "missing" else "unrecorded", found.run_id)
    if found.reason is None:
        return None
    return told_of(project_id, found.reason, await _cause(engine, supervision_workflow_id(project_id), found))


async def mailbox_sickness(engine: Engine, workflow_id: str) -> str | None:
    """Why a mailbox does not go on, in a sentence, or none where all is well; asked of the engine itself.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    found = await _standing_of(engine, workflow_id)
    if found.reason is None:
        return None
    what = _what(found.reason, await _cause(engine, workflow_id, found)).replace("督办流程", "收文流程")
    return f"{what}：{_REPAIRED_BY.format(project_id=workflow_id)}。"


def _what(reason: Reason, cause: str) -> str:
    return _SENTENCES[reason].format(cause=f"（{cause}）" if cause else "")


def told_of(project_id: ProjectId, reason: Reason, cause: str) -> Unavailable:
    """What is said of a project that does not go on, with what the engine noted as its `cause`, and what to do."""
    what = _what(reason, cause)
    todo = _REMOVED_BY if reason == "unrecorded" else _REPAIRED_BY
    return Unavailable(reason=reason, text=f"{what}：{todo.format(project_id=project_id)}。")


async def _open_in_the_engine(engine: Engine) -> int:
    try:
        return (await engine.client.count_workflows(_OPEN_SUPERVISIONS)).count
    except RPCError as error:
        raise not_done(engine.client, error, "没有问到有多少项目在督办") from error


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


async def described(engine: Engine, workflow_id: str) -> DescribeWorkflowExecutionResponse | None:
    """What the engine says of a workflow's last run, or none where it does not know it.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    request = DescribeWorkflowExecutionRequest(
        namespace=engine.client.namespace, execution=WorkflowExecution(workflow_id=workflow_id)
    )
    try:
        return await engine.client.workflow_service.describe_workflow_execution(request)
    except RPCError as error:
        if is_not_there(error):
            return None
        raise not_done(engine.client, error, f"没有问到流程 {workflow_id}") from error


async def _standing_of(engine: Engine, workflow_id: str) -> _Found:
    answer = await described(engine, workflow_id)
    if answer is None:
        return _Found("missing")
    info = answer.workflow_execution_info
    run_id = info.execution.run_id
    if info.status != _RUNNING:
        return _Found(_ENDED.get(info.status, "ended"), run_id)
    stuck = _PROBLEMS in info.search_attributes.indexed_fields
    stuck = stuck or answer.pending_workflow_task.attempt >= _FAILED_ATTEMPTS
    return _Found("stuck" if stuck else None, run_id)


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
    if _NOT_AS_RECORDED in text:
        return "程序与已有的历史不符"
    return " ".join(text.split())[:_LONGEST_CAUSE]


async def _each(project_ids: Collection[ProjectId], ask: Any) -> dict[ProjectId, Any]:
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(project_id: ProjectId) -> Any:
        async with gate:
            return await ask(project_id)

    answers: Iterable[Any] = await asyncio.gather(*(one(project_id) for project_id in project_ids))
    return dict(zip(project_ids, answers, strict=True))


def sentences(sick: Mapping[ProjectId, Unavailable]) -> Sequence[str]:
    """Each project that does not go on, in a sentence."""
    return [f"{project_id} {unavailable.text}" for project_id, unavailable in sorted(sick.items())]
