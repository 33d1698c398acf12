"""What the engine did not do is told in plain words, whatever its library says; the library's words are in the log."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import pytest
import structlog.testing
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.backlog import backlogs
from application.engine_room.connecting import connect
from application.engine_room.engine import Engine
from application.engine_room.mailboxes import hours_of
from application.engine_room.namespace import prepare_namespace, retention_of
from application.engine_room.standing import listed_workflows, stuck_workflows
from application.engine_room.unreachable import unreachable
from application.engine_room.versions import builds, current_build, make_current
from application.log_lines import log_lines
from domain.actors import operator
from domain.acts.commands import StrikeOff
from domain.clock import VirtualClock
from domain.errors import EngineUnreachableError
from entrypoints.core_sentences import core_said, is_chinese
from tests.domain.samples import CALENDAR, FIRST, HEADER, PROJECT, WHOLE_LIFE, Desk, key_project, milestone, request
from workflows.inputs import MailboxInput, Opening, SupervisionInput

TARGET: Final = "engine.office.example:7233"
UNAVAILABLE = RPCStatusCode.UNAVAILABLE
FAILURES: Final = {
    "refused": (UNAVAILABLE, "tcp connect error", "引擎连不上"),
    "no such name": (UNAVAILABLE, "dns error", "引擎连不上"),
    "hung up": (UNAVAILABLE, "error reading a body from connection", "引擎连不上"),
    "its disk is full": (UNAVAILABLE, "shard status unknown", "它自己的数据库读写不了"),
    "timed out": (RPCStatusCode.DEADLINE_EXCEEDED, "Timeout expired", "没有及时答复"),
    "cancelled": (RPCStatusCode.CANCELLED, "Timeout expired", "没有及时答复"),
    "certificate": (UNAVAILABLE, "invalid peer certificate: UnknownIssuer", "不是所信任的机构签发的"),
    "certificate ended": (UNAVAILABLE, "invalid peer certificate: Expired", "证书已过期"),
    "namespace": (RPCStatusCode.NOT_FOUND, "Namespace duban is not found.", "没有命名空间 duban"),
    "too much": (RPCStatusCode.RESOURCE_EXHAUSTED, "namespace rate limit exceeded", "引擎太忙"),
    "not allowed": (RPCStatusCode.PERMISSION_DENIED, "Request unauthorized.", "不让本机做这件事"),
    "a stranger": (RPCStatusCode.UNAUTHENTICATED, "missing authorization", "不让本机做这件事"),
    "anything else": (RPCStatusCode.INTERNAL, "h2 protocol error: http2 error", "没有接受这个请求"),
}
"""What the library says of each kind of failure (as it was seen), and the words that stand for it."""
ENGLISH: Final = re.compile(r"[A-Za-z]{4,}")
OURS: Final = re.compile(
    r"engine\.office\.example|(TEMPORAL|DUBAN)_[A-Z_]+|duban( [a-z]+)*|[a-z-]+/[0-9a-f/]+|engine_call_failed"
)


async def _every(pages: Any) -> None:
    async for _ in pages:
        pass


def _start() -> SupervisionInput:
    return SupervisionInput(
        clock=VirtualClock(),
        opening=Opening(listed=HEADER, project=key_project([milestone()]), policy=WHOLE_LIFE, calendar=CALENDAR),
    )


CALLS: Final[dict[str, Callable[[Engine], Awaitable[Any]]]] = {
    "start": lambda engine: engine.start_project(_start()),
    "mailbox": lambda engine: engine.start_mailbox(
        MailboxInput(addressee="组织部", clock=VirtualClock(), policy=hours_of(WHOLE_LIFE), calendar=CALENDAR)
    ),
    "calendar": lambda engine: engine.use_calendar("组织部", CALENDAR),
    "mail": lambda engine: engine.collect_mail("组织部"),
    "act": lambda engine: engine.command(PROJECT, request(StrikeOff, FIRST, by=operator("李明"))),
    "status": lambda engine: engine.status(PROJECT),
    "runs": lambda engine: engine.runs("w"),
    "history": lambda engine: engine.history("w", "r"),
    "workers": lambda engine: engine.workers(),
    "stuck": stuck_workflows,
    "retention": lambda engine: retention_of(engine.client),
    "namespace": lambda engine: prepare_namespace(engine.client),
    "backlog": backlogs,
    "described": lambda engine: engine.described("w"),
    "listed": lambda engine: _every(listed_workflows(engine, "q")),
    "build": lambda engine: current_build(engine.client),
    "builds": lambda engine: builds(engine.client, "q"),
    "make current": lambda engine: make_current(engine.client, "b"),
    "another run": lambda engine: engine.begin_another_run(
        SupervisionInput(clock=VirtualClock(), state=Desk(milestone()).state),
        WorkflowIDConflictPolicy.FAIL,
    ),
}


@pytest.mark.parametrize(
    ("call", "failure"),
    # An act is given again while the engine is busy, and told as such (`test_asked_again`).
    [(call, failure) for call in CALLS for failure in FAILURES if (call, failure) != ("act", "too much")],
)
async def test_a_call_that_failed_is_told_in_plain_words(
    call: str, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call in each failure: where, why in words, what to do; no word of the library but in the log."""
    status, said, words = FAILURES[failure]
    monkeypatch.setattr("application.engine_room.engine._ANSWER_WITHIN", timedelta(0))
    engine = await _failing(status, said, monkeypatch)
    log_lines("duban.engine")  # set up before it is listened to
    with structlog.testing.capture_logs() as lines, pytest.raises(EngineUnreachableError) as raised:
        await CALLS[call](engine)
    text = raised.value.text
    assert words in text
    assert TARGET in text
    assert "请" in text.partition(words)[2]
    assert said not in text
    assert ENGLISH.findall(OURS.sub("", text)) == [], text
    assert not is_chinese(core_said("en", text).replace("组织部", "")), core_said("en", text)
    assert (status.name, said) in {(line.get("status"), line.get("said")) for line in lines}


async def test_what_the_engine_does_not_have_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a workflow that is missing is missing: an engine without our namespace knows of none."""
    engine = await _failing(RPCStatusCode.NOT_FOUND, "workflow not found for ID: w", monkeypatch)
    assert await engine.runs("w") is None
    assert await engine.history("w", "r") is None
    assert await engine.described("w") is None


async def _failing(status: RPCStatusCode, said: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    client = await connect(TARGET, lazy=True, namespace="duban")

    async def fail(*_args: object, **_more: object) -> Any:
        raise RPCError(said, status, b"")

    monkeypatch.setattr(client.service_client, "_rpc_call", fail)
    return Engine(client, "q")


@pytest.mark.parametrize("over_tls", [False, True])
def test_an_engine_that_takes_a_connection_and_is_silent_is_told_as_slow(*, over_tls: bool) -> None:
    """Frozen, it has not hung up: nobody is sent to look for certificates."""
    said = 'Status { code: Cancelled, message: "Timeout expired", source: Some(Transport, TimeoutExpired(()))) }'
    silent = RuntimeError(f"Failed client connect: `get_system_info` call error after connection: {said}")
    told = unreachable(TARGET, silent, over_tls=over_tls).text
    assert "没有答复" in told
    assert "TEMPORAL_TLS" not in told
    assert not is_chinese(core_said("en", told))
