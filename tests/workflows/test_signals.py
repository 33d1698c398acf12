"""Signals: whatever arrives, the supervision goes on, and what was wrong with it is on record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from application.audit.replaying import replayed
from domain.acts.commands import ReportProgress, RequestCompletion, SignReceipt, StrikeOff, Withdraw
from domain.events import CommandRejected, ProgressReported
from entrypoints.core_sentences import core_said, is_chinese
from tests.domain.samples import WANG, request
from tests.workflows.conftest import Office, Supervision
from workflows.message_names import LOOK_AT_THE_CLOCK


def raw(data: bytes, encoding: str = "json/plain") -> RawValue:
    """A payload exactly as a stranger's system may send it."""
    return RawValue(Payload(metadata={"encoding": encoding.encode()}, data=data))


async def settled(supervision: Supervision, events: int) -> list[Any]:
    """The events beyond those of the docketing, once the supervision has come to rest."""
    await supervision.quiet()
    recorded = supervision.recorded()
    assert await supervision.agrees()
    return list(recorded[-events:] if events else recorded)


UNREADABLE: dict[str, tuple[Any, ...]] = {
    "no arguments": (),
    "two arguments": ({}, {}),
    "nothing": (None,),
    "bytes": (b"\xff\xfe\x00",),
    "no JSON": (raw(b"{nonsense"),),
    "cut UTF-8": (raw(b'{"type":"\xe6\x9d"}'),),
    "half a character": (raw(b'{"type":"\\ud800"}'),),
    "nested without end": (raw(b"[" * 100_000),),
    "a number without end": (raw(b'{"type":"ReportProgress","quantity":1e999}'),),
    "unknown encoding": (raw(b"{}", "mystery/plain"),),
    "no encoding": (RawValue(Payload(data=b"{}")),),
    "protobuf": (raw(b"{}", "json/protobuf"),),
    "a list": ([1, 2],),
    "a text": ("ReportProgress",),
    "an unknown command": ({"type": "Nonsense"},),
    "a command without its fields": ({"type": "ReportProgress"},),
    "a part that is none": (request(SignReceipt, None).model_dump(mode="json") | {"by": {}},),
    "control characters": ({**request(ReportProgress).model_dump(mode="json"), "text": "\x1b[2J"},),
}
SAID = {
    "nothing": "收到的不是 JSON，而是NoneType。",
    "a list": "没有写明是哪一种指令（type），各种指令见 docs/events.md。",
    "a text": "没有写明是哪一种指令（type），各种指令见 docs/events.md。",
    "no arguments": "信号“command”应带一条指令，收到0条。",
    "two arguments": "信号“command”应带一条指令，收到2条。",
    "a part that is none": "指令 SignReceipt 的 by.role：没有写，请写明。",
    "bytes": "收到的不是 JSON，而是bytes。",
    "an unknown command": "没有名为“Nonsense”的指令，各种指令见 docs/events.md。",
    "a command without its fields": "指令 ReportProgress 的 request_id：没有写，请写明。",
    "control characters": "指令 ReportProgress 的 text：须有可显示的文字，不能含控制字符或改变文字方向的字符。",
    "a number without end": "指令 ReportProgress 的 request_id：没有写，请写明。",
}
"""What the record says of each that is JSON, or no single command; of any other that it is no JSON."""


@pytest.fixture
def office(offices: Office) -> Office:
    """What a test of this file opens outlives it: the shared supervision does."""
    return offices


@pytest.fixture(scope="module")
def shared() -> dict[str, Supervision]:
    """One supervision for all that cannot be read: it has to survive the whole of it."""
    return {}


async def one(office: Office, shared: dict[str, Supervision]) -> Supervision:
    """The shared supervision, opened at its first use."""
    if "it" not in shared:
        shared["it"] = await office.open()
    return shared["it"]


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_a_signal_that_is_no_command_becomes_a_recorded_rejection(
    office: Office, shared: dict[str, Supervision], kind: str
) -> None:
    """The record names the rule; the workflow's task never fails and the next signal is heard."""
    supervision = await one(office, shared)
    await supervision.handle.signal("command", args=UNREADABLE[kind])
    (event,) = await settled(supervision, 1)
    assert isinstance(event, CommandRejected)
    assert event.rule == "readable_command"
    assert event.received.startswith("command: ")
    assert kind != "two arguments" or event.received == "command: {} {}"
    assert event.text == "收到的指令无法识别：" + SAID.get(kind, "内容不是本系统能读的 JSON。")
    assert not is_chinese(core_said("en", event.text))
    assert "WORKFLOW_TASK_FAILED" not in await supervision.history_events()


async def test_a_signal_of_an_unknown_name_becomes_a_recorded_rejection(
    office: Office, shared: dict[str, Supervision]
) -> None:
    """The sentence says which name was wrong and which one is right."""
    supervision = await one(office, shared)
    await supervision.handle.signal("urge_everybody", {"really": True})
    (event,) = await settled(supervision, 1)
    assert isinstance(event, CommandRejected)
    assert "urge_everybody" in event.text
    assert "command" in event.text


async def test_a_look_at_the_clock_leaves_nothing_on_record_where_nothing_is_due(office: Office) -> None:
    """However often somebody asks, the ledger stays as it is, and the same alarm is waited for."""
    supervision = await office.open()
    await supervision.quiet()
    before = supervision.recorded()
    for _ in range(3):
        await supervision.handle.signal(LOOK_AT_THE_CLOCK)
    await supervision.quiet()
    assert supervision.recorded() == before
    events = await supervision.history_events()
    assert (events.count("TIMER_STARTED"), events.count("WORKFLOW_TASK_FAILED")) == (1, 0)
    assert (await replayed(await supervision.histories(), before)).problem is None


async def test_a_signal_that_breaks_a_rule_becomes_a_recorded_rejection(
    office: Office, shared: dict[str, Supervision]
) -> None:
    """Striking off what is not completed is on record with the rule that it breaks and what was sent."""
    supervision = await one(office, shared)
    await supervision.handle.signal("command", request(StrikeOff, supervision.first, by=WANG))
    (event,) = await settled(supervision, 1)
    assert isinstance(event, CommandRejected)
    assert event.rule == "completed_before_strike_off"
    assert json.loads(event.received.removeprefix("command: "))["milestone_id"] == supervision.first


async def test_a_good_signal_is_a_command_like_any_other(office: Office, shared: dict[str, Supervision]) -> None:
    """After all that was refused, a report by signal is taken, and the same request again changes nothing."""
    supervision = await one(office, shared)
    command = request(ReportProgress, supervision.first)
    await supervision.handle.signal("command", command)
    (event,) = await settled(supervision, 1)
    assert isinstance(event, ProgressReported)
    await supervision.handle.signal("command", command)
    assert (await settled(supervision, 1)) == [event]


async def test_signals_that_arrive_together_with_the_end_are_recorded_in_order(office: Office) -> None:
    """A request and the withdrawal of everything arrive at once: both are on record, and the workflow completes."""
    supervision = await office.open()
    await supervision.handle.signal("command", request(RequestCompletion, supervision.first))
    await supervision.handle.signal("command", request(Withdraw, None))
    result = await supervision.handle.result()
    recorded = supervision.recorded()
    kinds = [event.type for event in recorded if not event.type.startswith(("Limit", "Clock"))]
    assert kinds[-2:] == ["CompletionRequested", "ProjectWithdrawn"]
    assert (result.stage, result.events) == ("withdrawn", len(recorded))
    assert (await supervision.history_events())[-1] == "WORKFLOW_EXECUTION_COMPLETED"
