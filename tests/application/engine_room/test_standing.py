"""Which supervisions do not go on: of many, the engine is asked for as little as tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from temporalio.api.enums.v1 import PendingActivityState, PendingWorkflowTaskState, WorkflowExecutionStatus
from temporalio.api.workflow.v1 import PendingActivityInfo, PendingWorkflowTaskInfo, WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
    GetWorkflowExecutionHistoryReverseResponse,
    ListWorkflowExecutionsRequest,
    ListWorkflowExecutionsResponse,
)
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.engine import Engine
from application.engine_room.standing import Overdue, sick_projects, sickness_of
from domain.ids import ProjectId, supervision_workflow_id

NOON = datetime(2018, 5, 8, 4, tzinfo=UTC)
MANY = [f"2018-{number:04d}" for number in range(1, 1_202)]


@dataclass
class Server:
    """An engine that has some supervisions open, some of them stuck; it notes what it is asked."""

    open: list[ProjectId]
    stuck: list[ProjectId] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    described: dict[str, DescribeWorkflowExecutionResponse] = field(default_factory=dict)
    namespace: str = "test"
    data_converter: DataConverter = DATA_CONVERTER

    @property
    def workflow_service(self) -> Server:
        return self

    async def count_workflows(self, query: str) -> Any:
        self.asked.append(query)

        class Counted:
            count = len(self.open)

        return Counted

    async def list_workflow_executions(self, request: ListWorkflowExecutionsRequest) -> ListWorkflowExecutionsResponse:
        self.asked.append(request.query)
        answer = ListWorkflowExecutionsResponse()
        for project_id in self.stuck if "TemporalReportedProblems" in request.query else self.open:
            answer.executions.append(self._info(project_id))
        return answer

    async def describe_workflow_execution(
        self, request: DescribeWorkflowExecutionRequest
    ) -> DescribeWorkflowExecutionResponse:
        self.asked.append(request.execution.workflow_id)
        if (answer := self.described.get(request.execution.workflow_id)) is not None:
            return answer
        raise RPCError("no such workflow", RPCStatusCode.NOT_FOUND, b"")

    async def get_workflow_execution_history_reverse(
        self, request: GetWorkflowExecutionHistoryReverseRequest
    ) -> GetWorkflowExecutionHistoryReverseResponse:
        return GetWorkflowExecutionHistoryReverseResponse()

    def _info(self, project_id: ProjectId) -> WorkflowExecutionInfo:
        info = WorkflowExecutionInfo()
        info.execution.workflow_id = supervision_workflow_id(project_id)
        info.execution.run_id = "run"
        if project_id in self.stuck:
            info.search_attributes.indexed_fields["TemporalReportedProblems"].data = b"[]"
        return info


class Asked(Engine):
    """The engine as the commands hold it."""

    def __init__(self, server: Server, works: int = 1) -> None:
        super().__init__(cast(Client, server), "duban")
        self.works = works

    async def workers(self) -> int:
        return self.works


async def found(server: Server, recorded: list[ProjectId], *, every: bool) -> dict[ProjectId, str]:
    """The sick projects with the reason."""
    sick = await sick_projects(Asked(server), dict.fromkeys(recorded, False), every=every)
    return {project_id: unavailable.reason for project_id, unavailable in sick.items()}


async def test_of_many_that_are_all_there_only_the_stuck_ones_are_listed() -> None:
    """Twelve hundred open here and there: two questions, not two pages and no project by itself."""
    server = Server(MANY, stuck=["2018-0007"])
    assert await found(server, MANY, every=False) == {"2018-0007": "stuck"}
    assert len(server.asked) == 2


async def test_where_one_is_missing_each_is_looked_for() -> None:
    """The counts differ: the one that the engine does not have is found, and the stuck one too."""
    server = Server(MANY[1:], stuck=["2018-0007"])
    assert await found(server, MANY, every=False) == {"2018-0001": "missing", "2018-0007": "stuck"}


async def test_an_audit_looks_at_each_even_where_the_counts_agree() -> None:
    """One missing and one stranger are as many as none: who asks for every one finds it."""
    server = Server([*MANY[1:], "2018-9999"])
    assert await found(server, MANY, every=False) == {}
    assert await found(server, MANY, every=True) == {"2018-0001": "missing"}


def described(**given: Any) -> DescribeWorkflowExecutionResponse:
    """A running workflow with what it asked for and has no answer to."""
    answer = DescribeWorkflowExecutionResponse(**given)
    answer.workflow_execution_info.status = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
    return answer


def task(state: Any, at: datetime) -> PendingWorkflowTaskInfo:
    """A task of a workflow that is open since an instant."""
    info = PendingWorkflowTaskInfo(state=state)
    info.scheduled_time.FromDatetime(at)
    info.started_time.FromDatetime(at)
    return info


def activity(state: Any, at: datetime) -> PendingActivityInfo:
    """An activity that runs since an instant, or is to be tried at it."""
    info = PendingActivityInfo(state=state)
    field = "last_started_time" if state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED else "scheduled_time"
    getattr(info, field).FromDatetime(at)
    return info


LONG_AGO, JUST_NOW = NOON - timedelta(hours=1), NOON
_WAITS = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
_BEGUN = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
_RUNS = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
_TRIED = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
RESTING = {
    "nothing asked for": (described(), True),
    "a task that waits for a worker": (described(pending_workflow_task=task(_WAITS, LONG_AGO)), False),
    "a task that was just begun": (described(pending_workflow_task=task(_BEGUN, JUST_NOW)), False),
    "a task that nobody ends": (described(pending_workflow_task=task(_BEGUN, LONG_AGO)), True),
    "a store that is asked": (described(pending_activities=[activity(_RUNS, JUST_NOW)]), False),
    "a store that will be asked again": (described(pending_activities=[activity(_TRIED, JUST_NOW)]), False),
    "an activity that nobody ends": (described(pending_activities=[activity(_RUNS, LONG_AGO)]), True),
}


@pytest.mark.parametrize("what", RESTING)
async def test_what_is_overdue_is_late_where_nothing_of_it_is_under_way(what: str) -> None:
    """Whoever waits for a busy worker, or for a store that is away, is not told of as one that sleeps."""
    answer, late = RESTING[what]
    server = Server(["2018-01", "2018-02"], described={supervision_workflow_id("2018-01"): answer})
    closed = dict.fromkeys(server.open, False)
    overdue = Overdue([supervision_workflow_id("2018-01")], NOON - timedelta(minutes=5))
    sick = await sick_projects(Asked(server), closed, overdue=overdue)
    assert {project_id: each.reason for project_id, each in sick.items()} == ({"2018-01": "late"} if late else {})
    assert await sick_projects(Asked(server, works=0), closed, overdue=overdue) == {}


@pytest.mark.parametrize(("minutes", "reason"), [(1, "starting"), (10, "unrecorded")])
async def test_what_has_just_been_started_is_not_to_be_removed(minutes: int, reason: str) -> None:
    """On a slow disk the record comes minutes after the start: whoever is told to wait starts the list again."""
    answer = described(pending_workflow_task=task(_WAITS, JUST_NOW))
    answer.workflow_execution_info.start_time.FromDatetime(datetime.now(UTC) - timedelta(minutes=minutes))
    server = Server([], described={supervision_workflow_id("2018-01"): answer})
    sickness = await sickness_of(Asked(server), "2018-01", None)
    assert sickness is not None
    assert sickness.reason == reason
    assert ("--remove" in sickness.text) == (reason == "unrecorded")
    assert await sickness_of(Asked(server), "2018-02", None) is None
