"""Which supervisions do not go on: of many, the engine is asked for as little as tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
    GetWorkflowExecutionHistoryReverseResponse,
    ListWorkflowExecutionsRequest,
    ListWorkflowExecutionsResponse,
)
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.engine import Engine
from application.engine_room.standing import sick_projects
from application.office.register import RegisteredStage
from domain.ids import ProjectId, supervision_workflow_id

MANY = [f"2018-{number:04d}" for number in range(1, 1_202)]


@dataclass
class Server:
    """An engine that has some supervisions open, some of them stuck; it notes what it is asked."""

    open: list[ProjectId]
    stuck: list[ProjectId] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
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


@dataclass
class Asked:
    """The engine as the commands hold it."""

    client: Server

    async def workers(self) -> int:
        return 1


async def found(server: Server, recorded: list[ProjectId], *, every: bool) -> dict[ProjectId, str]:
    """The sick projects with the reason."""
    stages = {project_id: RegisteredStage(closed=False) for project_id in recorded}
    sick = await sick_projects(cast(Engine, Asked(server)), stages, every=every)
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
