"""What a history says beside what the engine's own replay compares: what activities were given, how a command was
answered, what the workflow ended with.

The engine checks that the code asks for the same things in the same order, not with what. Here the code's own values,
computed again, are compared with those that stand in the history.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ContinueAsNewInput,
    ExecuteWorkflowInput,
    HandleUpdateInput,
    Interceptor,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from application.engine_room.connecting import DATA_CONVERTER
from domain.clock import CLOCKS_DIFFER_AT_MOST, VirtualClock
from domain.papers.paper import Paper
from domain.ports.ledger import Decision, Recorded
from workflows.inputs import CommandMessage, SupervisionInput

_INSTANTS = frozenset({"issued_at", "send_from"})


@dataclass(slots=True)
class Given:
    """What an activity was given, and the papers that the workflow came to once it had the answer."""

    activity: str
    values: Sequence[Any]
    asked_by: Any
    papers: Sequence[Paper] = ()


@dataclass(slots=True)
class _Recorded:
    """An answer that is known once the replay has come to its record."""

    asked_by: Any
    args: Sequence[Any]


def _answers(given: Any) -> list[Any]:
    if not isinstance(given, _Recorded):
        return [given]
    requests = {arg.root.request_id for arg in given.args if isinstance(arg, CommandMessage)}
    return [answer for request, answer in getattr(given.asked_by, "recorded_answers", ()) if request in requests]


def _come_to_an_end(given: Sequence[Given]) -> None:
    """The workflow goes on: what it was given last is answered, and a workflow tells only of its last decision."""
    if given and given[-1].asked_by is not None:
        given[-1].papers = getattr(given[-1].asked_by, "last_papers", ())
        given[-1].asked_by = None


class Testimony(Interceptor):
    """Hears what the replayed code of one run gives to activities, answers to commands, and ends with."""

    def __init__(self) -> None:
        self.given: list[Given] = []
        """Each activity that the engine, not the worker itself, was asked to run, and its arguments, in order."""
        self.answers: dict[str, list[Any]] = {}
        """To each command what the handler answers, which may have other arrivals at hand, and what the record has."""
        self.ends: list[Any] = []
        """The result, or what the next run begins with."""

    def begin(self) -> None:
        """Forget the run before."""
        self.given.clear()
        self.answers.clear()
        self.ends.clear()

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the engine library's own name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor that listens."""
        given, answers, ends = self.given, self.answers, self.ends

        class Outbound(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002
                _come_to_an_end(given)
                given.append(Given(input.activity, tuple(input.args), workflow.instance()))
                return super().start_activity(input)

            def start_local_activity(self, input: StartLocalActivityInput) -> ActivityHandle[Any]:  # noqa: A002
                _come_to_an_end(given)
                return super().start_local_activity(input)

            def continue_as_new(self, input: ContinueAsNewInput) -> NoReturn:  # noqa: A002
                ends.append(tuple(input.args))
                super().continue_as_new(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
                result = await super().execute_workflow(input)
                ends.append((result,))
                return result

            async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002
                answer = await super().handle_update_handler(input)
                answers[input.id] = [answer, _Recorded(workflow.instance(), input.args)]
                return answer

        return Inbound


def contradiction(history: WorkflowHistory, heard: Testimony) -> str | None:
    """The first thing that a run's history says otherwise than the code that was replayed over it, as a sentence."""
    try:
        return _contradiction(history, heard)
    except ValidationError:
        # Whoever reaches the engine can begin a run with anything.
        return "历史里有督办程序从不写的内容，读不懂：这次运行不是督办程序开始或记下的"


def _contradiction(history: WorkflowHistory, heard: Testimony) -> str | None:
    results = _results_of(history.events)
    _come_to_an_end(heard.given)
    given, clock = iter(heard.given), _clock_of(history)
    for event in history.events:
        place = f"历史第{event.event_id}个事件"
        match event.WhichOneof("attributes"):
            case "activity_task_scheduled_event_attributes":
                asked = next(given, Given("", (), None))
                said = event.activity_task_scheduled_event_attributes.input.payloads
                if not _same_given(said, asked, results.get(event.event_id)):
                    return f"{place}：交给 {asked.activity} 的内容与代码推算的不同"
            case "workflow_execution_update_completed_event_attributes":
                update = event.workflow_execution_update_completed_event_attributes
                answers = [each for given in heard.answers.get(update.meta.update_id, ()) for each in _answers(given)]
                said = update.outcome.success.payloads
                if update.outcome.HasField("success") and not any(_same(said, (answer,)) for answer in answers):
                    return f"{place}：对指令 {update.meta.update_id} 的答复与代码推算的不同"
            case "workflow_execution_completed_event_attributes":
                said = event.workflow_execution_completed_event_attributes.result.payloads
                if not heard.ends or not _same(said, heard.ends[-1]):
                    return f"{place}：流程的结果与代码推算的不同"
            case "workflow_execution_continued_as_new_event_attributes":
                said = event.workflow_execution_continued_as_new_event_attributes.input.payloads
                if not heard.ends or not _same_beginning(said, heard.ends[-1]):
                    return f"{place}：接续运行的初始状态与代码推算的不同"
            case "marker_recorded_event_attributes" if _is_recorded_before_it_was_decided(event, clock):
                return f"{place}：记下的决定，时刻比历史写下它的时刻还晚，历史的时间被改动过"
            case _:
                continue
    return None


def _clock_of(history: WorkflowHistory) -> VirtualClock | None:
    """The calendar that a supervision's run was started with; none for another workflow."""
    started = history.events[0].workflow_execution_started_event_attributes
    if started.workflow_type.name != "ProjectSupervision" or not started.input.payloads:
        return None
    return SupervisionInput.model_validate_json(started.input.payloads[0].data).clock


def _is_recorded_before_it_was_decided(event: HistoryEvent, clock: VirtualClock | None) -> bool:
    result = event.marker_recorded_event_attributes.details.get("result")
    if clock is None or result is None or not result.payloads:
        return False
    taken = Recorded.model_validate_json(result.payloads[0].data).taken
    written = event.event_time.ToDatetime(UTC) + CLOCKS_DIFFER_AT_MOST
    return bool(taken) and clock.engine(taken[-1].at) > written


def _results_of(events: Iterable[HistoryEvent]) -> Mapping[int, Sequence[Payload]]:
    """What the engine's activities answered, by the event that scheduled them."""
    return {
        event.activity_task_completed_event_attributes.scheduled_event_id: (
            event.activity_task_completed_event_attributes.result.payloads
        )
        for event in events
        if event.HasField("activity_task_completed_event_attributes")
    }


def _same_beginning(said: Sequence[Payload], values: Sequence[Any]) -> bool:
    """Whether the next run began as the code ends this one. What it carried is held against the ledger by that run's
    own events: a replay may go on from the last record a task earlier, before it has heard the last arrivals."""
    if len(values) == 1 and isinstance(values[0], SupervisionInput) and len(said) == 1:
        try:
            values = (values[0].having(heard=_read(said[0], SupervisionInput).heard),)
        except Exception:  # noqa: BLE001 - whatever is wrong with a payload, it is not what the code gave
            return False
    return _same(said, values)


def _same_given(said: Sequence[Payload], asked: Given, result: Sequence[Payload] | None) -> bool:
    values = asked.values
    if _same(said, values):
        return True
    if len(said) != 1 or len(values) != 1 or not isinstance(values[0], Decision) or not result:
        return False
    # A replay may find itself a moment later, with other arrivals at hand, and follows the ledger's answer, to which
    # its own events are held. So what was given must be what was answered, and its papers the code's but for instants.
    try:
        decision, recorded = _read(said[0], Decision), _read(result[0], Recorded)
    except Exception:  # noqa: BLE001 - whatever is wrong with a payload, it is not what the code gave
        return False
    if recorded.added_nothing:
        return True  # what the run goes on with is the answer, to which its next events are held
    if (decision.taken, decision.digest()) != (recorded.taken, recorded.digest):
        return False
    papers = {paper.paper_id: _undated(paper) for paper in (*values[0].papers, *asked.papers)}
    return all(_agrees(_undated(paper), papers.get(paper.paper_id)) for paper in decision.papers)


def _same(said: Sequence[Payload], values: Sequence[Any]) -> bool:
    """Whether payloads hold these values."""
    if len(said) != len(values):
        return False
    try:
        return all(_holds(payload, value) for payload, value in zip(said, values, strict=True))
    except Exception:  # noqa: BLE001 - bytes that cannot be read are not what the code gave
        return False


def _holds(payload: Payload, value: Any) -> bool:
    if isinstance(value, BaseModel):
        return _agrees(_read(payload, type(value)), value)
    # What is no model is compared as the JSON that it becomes.
    written = DATA_CONVERTER.payload_converter.to_payload(value)
    return payload.data == written.data or bool(json.loads(payload.data) == json.loads(written.data))


def _agrees(said: Any, computed: Any) -> bool:
    """Whether all that was said is what was computed; a field that the code has gained since was not said."""
    if isinstance(said, BaseModel):
        fields = said.model_fields_set
        return type(said) is type(computed) and all(_agrees(getattr(said, n), getattr(computed, n)) for n in fields)
    if isinstance(said, Mapping) and isinstance(computed, Mapping):
        return said.keys() == computed.keys() and all(_agrees(said[key], computed[key]) for key in said)
    if isinstance(said, list | tuple) and isinstance(computed, list | tuple):
        return len(said) == len(computed) and all(map(_agrees, said, computed))
    return bool(said == computed)


def _read(payload: Payload, kind: type[Any]) -> Any:
    return DATA_CONVERTER.payload_converter.from_payload(payload, kind)


def _undated(paper: Paper) -> Paper:
    return paper.model_copy(update=dict.fromkeys(_INSTANTS & paper.model_fields_set))
