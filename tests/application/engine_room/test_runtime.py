"""What every worker of ours does otherwise than the engine library's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import DataConverter
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstanceDetails

from application.engine_room import runtime
from application.engine_room.connecting import DATA_CONVERTER
from application.settings import Settings
from workflows.inputs import HISTORY_LIMIT

REPLAYED_IN_A_SECOND = 1_600
"""Events of a history, by one processor (docs/adr/0280)."""
TASK_SECONDS = 10


@dataclass(frozen=True)
class Details:
    """As much of a workflow's details as the runner looks at."""

    last_completion_result: Payloads


class Inner:
    """The end of a chain of interceptors, with what came through."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def execute_workflow(self, given: Any) -> None:
        """Take the input of a run."""
        self.seen.append(given)


@dataclass
class Start:
    """As much of a run's input as the interceptor looks at."""

    headers: Any


def test_a_kept_workflow_holds_a_copy_of_its_last_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it the part of the first task's message, all of that message would stay in memory with it."""
    made: list[Any] = []
    monkeypatch.setattr(UnsandboxedWorkflowRunner, "create_instance", lambda _, det: made.append(det))
    part = Payloads(payloads=[Payload(data=b"1")])
    given: Any = Details(part)
    details: WorkflowInstanceDetails = given
    runtime._LeanRunner().create_instance(details)
    assert made[0].last_completion_result == part
    assert made[0].last_completion_result is not part


async def test_a_kept_workflow_holds_a_copy_of_its_headers() -> None:
    """The engine's library would hold the map of the first task's message, and by it the message."""
    part = Payload(metadata={"traced": b"1"}).metadata
    inner: Any = Inner()
    given: Any = Start(headers=part)
    await runtime._LeanInbound(inner).execute_workflow(given)
    assert inner.seen[0].headers == {"traced": b"1"}
    assert type(inner.seen[0].headers) is dict


def test_every_workflow_and_task_has_the_one_payload_converter() -> None:
    """The engine's library asks for a new one each time, and would keep a memory of types with every open project."""
    converter = DATA_CONVERTER.payload_converter_class
    assert converter() is converter()
    again = DataConverter(payload_converter_class=converter).payload_converter
    assert again.from_payloads(DATA_CONVERTER.payload_converter.to_payloads([{"年": 2018}])) == [{"年": 2018}]


def test_the_longest_histories_that_are_replayed_at_once_are_so_within_a_task_s_time() -> None:
    """All replays share one processor; what came too late would begin anew, for ever. One task is never a replay."""
    at_once = Settings().workflow_tasks - 1
    assert at_once * HISTORY_LIMIT / REPLAYED_IN_A_SECOND < TASK_SECONDS
