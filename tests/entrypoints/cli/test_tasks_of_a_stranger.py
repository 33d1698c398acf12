"""A plain client asks the office's worker itself for what only our workflows ask for: nothing is done, on record."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import StartWorkflowExecutionRequest
from temporalio.client import ActivityFailureError, Client, WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.worker import (
    Interceptor,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    Worker,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from application.engine_room.connecting import connect
from application.engine_room.embedded import NAMESPACE
from application.office.office import Office
from application.settings import load_settings
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from domain.record.recorded_projects import recorded_events
from entrypoints.bootstrap import engine_now, open_office, open_records
from tests.entrypoints.cli.conftest import Duban, supervised
from tests.entrypoints.installation import Home, apart

PROJECT, LEAD = "2018-13", "少年部"
RULE = "task_is_ours"
PATIENCE = timedelta(seconds=30)
Ask = Callable[[Client, str, str, dict[str, Any]], Awaitable[None]]
OPTIONS: dict[str, Any] = {"schedule_to_close_timeout": PATIENCE, "retry_policy": RetryPolicy(maximum_attempts=1)}


@workflow.defn(name="Stranger")
class Stranger:
    """A workflow of somebody else, who runs it himself."""

    @workflow.run
    async def run(self, task: str, about: dict[str, Any], queue: str) -> None:
        """Ask the worker of another task queue for something."""
        await workflow.execute_activity(task, about, task_queue=queue, **OPTIONS)


class UnderACopiedSeal(Interceptor):
    """Puts on what he asks for the header that stands in a history of ours."""

    def __init__(self, seal: Mapping[str, Payload]) -> None:
        self._seal = seal

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002
        """The interceptor that stands behind his workflow."""
        seal = self._seal

        class Asks(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002
                input.headers = seal
                return super().start_activity(input)

        class AskUnderIt(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Asks(outbound))

        return AskUnderIt


async def by_a_workflow_of_his_own(
    client: Client, queue: str, task: str, about: dict[str, Any], seal: Mapping[str, Payload] | None = None
) -> None:
    """He runs a worker beside ours."""
    runner, number = UnsandboxedWorkflowRunner(), uuid.uuid4().hex
    seals = [UnderACopiedSeal(seal or {})]
    async with Worker(client, task_queue=number, workflows=[Stranger], workflow_runner=runner, interceptors=seals):
        with pytest.raises(WorkflowFailureError):
            await client.execute_workflow(
                "Stranger", args=[task, about, queue], id=number, task_queue=number, run_timeout=PATIENCE
            )


async def under_a_copied_seal(client: Client, queue: str, task: str, about: dict[str, Any]) -> None:
    """He reads in a mailbox's history what it asked for, seal and all, and asks for the same."""
    async for mailbox in client.list_workflows("WorkflowType = 'DepartmentMailbox'"):
        for event in (await client.get_workflow_handle(mailbox.id).fetch_history()).events:
            asked = event.activity_task_scheduled_event_attributes
            if asked.activity_type.name == "deliver_digest":
                return await by_a_workflow_of_his_own(client, queue, task, about, dict(asked.header.fields))
    raise AssertionError("no mailbox has sent anything")


async def by_itself(client: Client, queue: str, task: str, about: dict[str, Any]) -> None:
    """The engine takes an activity that no workflow asked for."""
    with pytest.raises(ActivityFailureError):
        await client.execute_activity(task, about, id=uuid.uuid4().hex, task_queue=queue, **OPTIONS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """An installation of its own: its doctor tells of strangers for a day."""
    yield from supervised(tmp_path_factory.mktemp("strangers"))


def struck_off(home: Home, seq: int) -> dict[str, Any]:
    """A decision that nobody made: a milestone is struck off by a person who does not exist."""
    now = home_now(home)
    event = {"v": 1, "seq": seq, "type": "MilestoneStruckOff", "milestone_id": f"{PROJECT}-01"}
    event |= {"occurred_at": now, "decided_at": now, "actor": "不存在的甲", "cause": "request:invented"}
    return {"stream": supervision_workflow_id(PROJECT), "first": seq, "events": [event]}


def home_now(home: Home) -> str:
    """An instant of the supervised year."""
    with open_records(load_settings({}, data=home.data)) as records:
        clock = records.ledger.clock()
    return (clock.supervised(engine_now()) if clock else engine_now()).isoformat()


def kept(home: Home, stream: str) -> tuple[int, list[str]]:
    """How many events of the project the ledger has, and the rules by which something of a stream was refused."""
    with open_records(load_settings({}, data=home.data)) as records:
        return len(list(recorded_events(records.ledger, PROJECT))), [
            each.rule for each in records.ledger.refusals(stream)
        ]


@pytest.mark.parametrize("ask", [by_a_workflow_of_his_own, by_itself, under_a_copied_seal])
@pytest.mark.parametrize("task", ["record_decision", "deliver_digest", "mail_waiting"])
def test_a_worker_does_nothing_that_none_of_our_workflows_asked_for(
    running: Duban, home: Home, task: str, ask: Ask
) -> None:
    """No event and no mail, whoever asks; the refusal stands where it was about, and the office goes on."""
    stream = supervision_workflow_id(PROJECT) if task == "record_decision" else mailbox_workflow_id(LEAD)
    before, refused = kept(home, stream)
    mail = {"addressee": LEAD, "now": home_now(home)}
    about = {
        "record_decision": struck_off(home, before),
        "deliver_digest": {**mail, "digest_id": uuid.uuid4().hex, "papers_per_month": None},
        "mail_waiting": {**mail, "ends": False},
    }

    async def asked() -> None:
        async with open_office(load_settings({}, data=home.data)) as office:
            await ask(await _plain_client(office), office.settings.task_queue, task, about[task])

    apart(lambda: asyncio.run(asked()))
    assert kept(home, stream) == (before, [*refused, RULE])
    assert running("audit", "replay", PROJECT, "--json").status == 0
    checks = {check["name"]: check for check in running("doctor", "--json").document["checks"]}
    assert (checks["strangers"]["ok"], task in checks["strangers"]["text"]) == (False, True)
    told = running("report", PROJECT, "2", "照常反馈", "--by", LEAD, "--json")
    assert told.status == 0, told.err


def test_our_own_code_under_a_strange_id_does_nothing(running: Duban, home: Home) -> None:
    """He copies with what a project and a mailbox were begun, and starts both once more: they end, on record."""
    project, mailbox = f"nobody/{uuid.uuid4().hex}", f"department-mailbox/{uuid.uuid4().hex[:16]}"
    begun = {project: supervision_workflow_id(PROJECT), mailbox: mailbox_workflow_id(LEAD)}
    before, _ = kept(home, project)
    _, refused = kept(home, mailbox_workflow_id(LEAD))

    async def start() -> None:
        async with open_office(load_settings({}, data=home.data)) as office:
            client = await _plain_client(office)
            for twin, ours in begun.items():
                first = (await client.get_workflow_handle(ours).fetch_history()).events[0]
                copied = first.workflow_execution_started_event_attributes
                await client.workflow_service.start_workflow_execution(
                    StartWorkflowExecutionRequest(
                        namespace=NAMESPACE,
                        workflow_id=twin,
                        workflow_type=copied.workflow_type,
                        task_queue=TaskQueue(name=office.settings.task_queue),
                        input=copied.input,
                        request_id=uuid.uuid4().hex,
                    )
                )
                with pytest.raises(WorkflowFailureError):
                    await asyncio.wait_for(client.get_workflow_handle(twin).result(), PATIENCE.total_seconds())

    apart(lambda: asyncio.run(start()))
    assert kept(home, project) == (before, [RULE])
    assert set(kept(home, mailbox_workflow_id(LEAD))[1][len(refused) :]) == {RULE}
    checks = {check["name"]: check for check in running("doctor", "--json").document["checks"]}
    assert (checks["strangers"]["ok"], checks["stuck"]["ok"]) == (False, True)


async def _plain_client(office: Office) -> Client:
    return await connect(office.engine.client.service_client.config.target_host, namespace=NAMESPACE)
