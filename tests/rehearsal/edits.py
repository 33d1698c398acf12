"""The eleven edits of the paper, made to one exported history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History, HistoryEvent

Edit = Callable[[History], None]
_MARKER = EventType.EVENT_TYPE_MARKER_RECORDED
_SIGNAL = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED


def _of(history: History, kind: EventType.ValueType) -> HistoryEvent:
    return next(event for event in history.events if event.event_type == kind)


def _decision(history: History) -> HistoryEvent:
    """The marker of the last decision but one: its local activity stands in the history as a marker."""
    return [event for event in history.events if event.event_type == _MARKER][-2]


def _replace(payload: Payload, old: str, new: str) -> None:
    text = payload.data.decode()
    assert old in text, text[:300]
    payload.data = text.replace(old, new).encode()


def activity_result(history: History) -> None:
    """The instant at which the ledger took a decision, an hour later."""
    payload = _decision(history).marker_recorded_event_attributes.details["result"].payloads[0]
    answer = json.loads(payload.data)
    for taken in answer["taken"]:
        taken["at"] = taken["at"].replace("T1", "T2").replace("T0", "T1")
    payload.data = json.dumps(answer).encode()


def workflow_input(history: History) -> None:
    """Another department leads the project."""
    given = _of(history, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED).workflow_execution_started_event_attributes
    _replace(given.input.payloads[0], '"spread_minutes":30', '"spread_minutes":29')


def activity_input(history: History) -> None:
    """Another file shown, in what the engine was given to record while the ledger was away."""
    given = _of(history, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED).activity_task_scheduled_event_attributes
    _replace(given.input.payloads[0], "会议纪要.txt", "会议纪要2.txt")


def activity_note(history: History) -> None:
    """What the engine's own note says of how a decision was recorded: a second attempt."""
    _replace(
        _decision(history).marker_recorded_event_attributes.details["data"].payloads[0], '"attempt":1', '"attempt":2'
    )


def signal_payload(history: History) -> None:
    """Another text in what the department sent."""
    _replace(
        _of(history, _SIGNAL).workflow_execution_signaled_event_attributes.input.payloads[0], "正在推进", "已经完成"
    )


def times_moved_back(history: History) -> None:
    """Everything twenty days earlier."""
    for event in history.events:
        event.event_time.FromDatetime(event.event_time.ToDatetime() - timedelta(days=20))


def final_result(history: History) -> None:
    """Another end."""
    done = _of(history, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
    _replace(done.workflow_execution_completed_event_attributes.result.payloads[0], "archived", "withdrawn")


def tail_cut_off(history: History) -> None:
    """The last decisions are gone."""
    at = [index for index, event in enumerate(history.events) if event.event_type == _MARKER][-3]
    # A history ends where a workflow task begins.
    begins = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
    end = max(index for index in range(at) if history.events[index].event_type == begins)
    del history.events[end + 1 :]


def activity_dropped(history: History) -> None:
    """One decision was never recorded."""
    history.events.remove(_decision(history))


def signal_dropped(history: History) -> None:
    """The department never said it."""
    history.events.remove(_of(history, _SIGNAL))


def two_events_swapped(history: History) -> None:
    """A decision stands before the task that made it."""
    at = list(history.events).index(_decision(history))
    first, second = HistoryEvent(), HistoryEvent()
    first.CopyFrom(history.events[at - 1])
    second.CopyFrom(history.events[at])
    history.events[at - 1].CopyFrom(second)
    history.events[at].CopyFrom(first)


def activity_type_changed(history: History) -> None:
    """Another activity ran."""
    data = _decision(history).marker_recorded_event_attributes.details["data"].payloads[0]
    _replace(data, '"record_decision"', '"deliver_digest"')


ENGINES_OWN_NOTE = activity_note
"""No edit of what was decided: the engine's note on a local activity, on which neither workflow nor ledger rests."""

EDITS: dict[str, Edit] = {
    "activity result": activity_result,
    "workflow input": workflow_input,
    "activity input": activity_input,
    "signal payload": signal_payload,
    "times moved back": times_moved_back,
    "final result": final_result,
    "tail cut off": tail_cut_off,
    "activity dropped": activity_dropped,
    "signal dropped": signal_dropped,
    "two events swapped": two_events_swapped,
    "activity type changed": activity_type_changed,
}
