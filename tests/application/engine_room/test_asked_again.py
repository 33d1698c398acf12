"""A command that could not be taken in time is told why, and only what is true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room import engine as engine_room
from application.engine_room import engine_answers
from application.engine_room.engine import Engine
from domain.acts.commands import CommandOutcome, ReportProgress
from domain.errors import DubanError, LedgerUnavailableError, ProjectBusyError
from tests.domain.samples import PROJECT, request
from workflows.message_names import ASK_AGAIN, BEFORE_ITS_TASK, NOT_RECORDED_YET


def asked_again(record: int | None) -> WorkflowUpdateFailedError:
    """The supervision's answer while a record goes on, or while other things come first."""
    return WorkflowUpdateFailedError(ApplicationError(ASK_AGAIN, record, type=ASK_AGAIN, non_retryable=True))


async def answered(monkeypatch: pytest.MonkeyPatch, answer: Callable[[int], object]) -> object:
    """What a command ends in where the supervision answers the n-th time so."""
    monkeypatch.setattr(engine_room, "_ANSWER_WITHIN", timedelta(seconds=0.3))
    monkeypatch.setattr(engine_room, "_ASK_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(engine_answers, "STALLED_SECONDS", 0.2)
    count = 0

    async def execute_update(*_: Any, **__: Any) -> Any:
        nonlocal count
        count += 1
        outcome = answer(count)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    handle = SimpleNamespace(execute_update=execute_update)
    client = cast(Client, SimpleNamespace(namespace="duban", get_workflow_handle=lambda _: handle))
    try:
        return await Engine(client, "duban").command(PROJECT, request(ReportProgress))
    except DubanError as error:
        return error


async def test_one_record_that_does_not_end_is_the_ledger_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same record is waited for all the while: the ledger is named, and what to look at."""
    refused = await answered(monkeypatch, lambda _: asked_again(7))
    assert isinstance(refused, LedgerUnavailableError)
    assert "没有记进台账" in refused.text
    assert "没有办理" in refused.text
    assert "duban doctor" in refused.text


@pytest.mark.parametrize(
    "answer",
    [
        asked_again,
        lambda _: asked_again(None),
        lambda count: asked_again(7 if count % 2 else None),
        lambda _: RPCError("too many updates", RPCStatusCode.RESOURCE_EXHAUSTED, b""),
        lambda _: RPCError("workflow update was aborted", RPCStatusCode.NOT_FOUND, b""),
    ],
    ids=["one record after another", "other things first", "by turns", "too many at once", "run after run"],
)
async def test_a_busy_project_is_not_told_as_the_ledger_s_fault(
    answer: Callable[[int], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records come to their end, one after another: the ledger answers, and no sentence blames it or the engine."""
    refused = await answered(monkeypatch, answer)
    assert isinstance(refused, ProjectBusyError)
    assert refused.text.endswith("没有办理：请稍后再试。")
    assert "台账" not in refused.text
    assert "引擎" not in refused.text


async def test_what_passes_in_time_is_not_told_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice told to ask again, the third time it is taken."""
    outcome = CommandOutcome(event_ids=("e",), stage="in_progress")
    assert await answered(monkeypatch, lambda count: asked_again(1) if count < 3 else outcome) == outcome


@pytest.mark.parametrize(
    ("said", "told"),
    [(BEFORE_ITS_TASK, "系统还在办理"), (NOT_RECORDED_YET, "立项还没有记入台账")],
    ids=["question", "docketing"],
)
async def test_a_question_that_comes_too_early_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    """It is answered as soon as its task has gone on; one that never is says what is in the way."""
    monkeypatch.setattr(engine_room, "_ASK_AGAIN_SECONDS", 0.001)
    early, asked = 3, 0

    async def query(*_: Any, **__: Any) -> str:
        nonlocal asked
        asked += 1
        if asked <= early:
            raise WorkflowQueryFailedError(said)
        return "answered"

    client = cast(
        Client, SimpleNamespace(namespace="duban", get_workflow_handle=lambda _: SimpleNamespace(query=query))
    )
    answer: object = await Engine(client, "duban").state(PROJECT)
    assert answer == "answered"
    early = 10_000
    with pytest.raises(DubanError) as refused:
        await Engine(client, "duban").state(PROJECT)
    assert told in refused.value.text
