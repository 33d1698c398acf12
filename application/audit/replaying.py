"""Replay: run today's code over a recorded history, and compare the events that it computes with the ledger's.

The engine's own replay only checks that code and history agree; what the code computes is caught here by standing
between the workflow and its recording activity, and what else the history says is compared in `testimony`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal, Protocol, cast

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    Interceptor,
    Replayer,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from application.audit.history_claims import Testimony, contradiction
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.runtime import WORKFLOWS, build_replayer
from domain.events import CommandRejected, DomainEvent
from domain.evolution import fold
from domain.frozen import Frozen
from domain.record.repairs import Repair
from domain.state import ProjectState
from workflows.activity_options import RECORD_DECISION
from workflows.inputs import SupervisionInput

Check = Literal["code", "said", "events", "hash"]
"""What found a problem: the engine's replay, what the history says beside it, the ledger's events, the file's hash."""


class ReplayVerdict(Frozen):
    """What a replay of one workflow showed; `problem` is one sentence, or none when everything agrees."""

    workflow_id: str
    runs: int
    history_events: int
    computed: int
    recorded: int
    problem: str | None
    check: Check | None = None
    repairs: tuple[str, ...] = ()
    """How the workflow was brought back where it did not go on, each time, as the ledger has it."""


class EventCapture(Interceptor):
    """Collects, by workflow, the domain events that the replayed code records, as it takes them to be recorded."""

    def __init__(self) -> None:
        self.events: dict[str, dict[int, DomainEvent]] = {}
        self._running: dict[str, _Recording] = {}

    def collect(self) -> None:
        """Collect what the last decision of each workflow came to; a workflow tells only of its last one."""
        for workflow_id, supervision in self._running.items():
            stream = self.events.setdefault(workflow_id, {})
            stream.update({event.seq: event for event in supervision.last_recorded})

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the engine library's own name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor that listens to what a workflow starts."""
        running, collect = self._running, self.collect

        def listen(name: str) -> None:
            if name == RECORD_DECISION:
                collect()
                running[workflow.info().workflow_id] = cast(_Recording, workflow.instance())

        class Outbound(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
                listen(input.activity)
                return super().start_activity(input)

            def start_local_activity(self, input: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
                listen(input.activity)
                return super().start_local_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

        return Inbound


class _Recording(Protocol):
    @property
    def last_recorded(self) -> Sequence[DomainEvent]: ...


_RAISED = re.compile(r'Failure \{ message: ("(?:[^"\\]|\\["\\n])*")')
"""How the engine's library tells what the code raised: its debugging form, whose string is read as JSON has it."""
_UNREADABLE = "它是由另一版程序接着办的，这套程序读不懂它的状态：换回那一版程序即可继续"


async def replayed(
    histories: Sequence[WorkflowHistory],
    recorded: Sequence[DomainEvent] | None,
    workflows: Sequence[type] = WORKFLOWS,
    repairs: Sequence[Repair] = (),
    *,
    whole: bool = True,
    guarded: bool = False,
) -> ReplayVerdict:
    """Replay all runs of one workflow, in order; compare with its recorded events unless there are none to compare.

    `repairs` are those that the ledger has of it: a run may begin from the ledger's state only where one says so, and
    what stood in the ledger then is attested by it. Where the runs are not the `whole` workflow, only the events that
    they compute are compared. `guarded` code may not read a clock or a file.
    """
    verdict, computed = await _replay(histories, workflows, guarded=guarded)
    problem = verdict.problem
    if problem is None and recorded is not None:
        problem = _wrong_beginning(histories, recorded, repairs)
    if recorded is not None and not whole:
        recorded = [event for event in recorded if event.seq in computed]
    if problem is None and recorded is not None:
        attested = max((repair.standing for repair in repairs if repair.way == "restarted"), default=0)
        problem = difference(computed, [event for event in recorded if event.seq in computed or event.seq >= attested])
    check = verdict.check or ("events" if problem else None)
    found = {"recorded": len(recorded or ()), "problem": problem, "check": check}
    return verdict.model_copy(update={**found, "repairs": tuple(repair.in_words() for repair in repairs)})


def _wrong_beginning(
    histories: Sequence[WorkflowHistory], recorded: Sequence[DomainEvent], repairs: Sequence[Repair]
) -> str | None:
    """What is wrong with a run that begins from a state and continues no other, as a sentence."""
    restarts = {repair.new_run_id: repair for repair in repairs if repair.way in ("restarted", "reopened")}
    for history in histories:
        begun = history.events[0].workflow_execution_started_event_attributes if history.events else None
        if begun is None or begun.continued_execution_run_id:
            continue
        state = state_given(begun.input.payloads)
        if state is None:
            continue
        repair = restarts.get(begun.original_execution_run_id)
        if repair is None:
            return "这次运行不是由立项开始的，台账中也没有相应的修复记录"
        if fold(recorded[: repair.standing]) != state:
            return f"修复时另起的运行，其初始状态与台账前 {repair.standing} 条事件推算的不同"
    return None


async def computed_events(histories: Sequence[WorkflowHistory]) -> list[DomainEvent]:
    """The events that today's code computes from the runs of one workflow, in order.

    Raises:
        ValueError: code and history disagree; the text says where.
    """
    verdict, computed = await _replay(histories, WORKFLOWS)
    if verdict.problem is not None:
        raise ValueError(verdict.problem)
    return [computed[seq] for seq in sorted(computed)]


def state_given(payloads: Sequence[Payload]) -> ProjectState | None:
    """The state from which a run was told to begin; none where it was told to open its project."""
    try:
        (payload,) = payloads
        given: SupervisionInput = DATA_CONVERTER.payload_converter.from_payload(payload, SupervisionInput)
    except Exception:  # noqa: BLE001 - bytes that cannot be read are no state: the replay says what they are
        return None
    return given.state


async def replays(history: WorkflowHistory) -> bool:
    """Whether today's code follows a history to its end."""
    return await _failure(build_replayer(), history) is None


async def _failure(replayer: Replayer, history: WorkflowHistory) -> Exception | None:
    """In what today's code does not follow a history.

    A run that follows another one at once is given its first task a moment later. Until then its history is its
    beginning alone: there is nothing to follow, and the engine's library would wait for more without end.
    """
    if len(history.events) == 1:
        return None
    return (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure


async def _replay(
    histories: Sequence[WorkflowHistory], workflows: Sequence[type], *, guarded: bool = False
) -> tuple[ReplayVerdict, dict[int, DomainEvent]]:
    capture, heard = EventCapture(), Testimony()
    replayer = build_replayer(interceptors=[capture, heard], workflows=workflows, guarded=guarded)
    runs, events, workflow_id = 0, 0, ""
    problem: str | None = None
    check: Check | None = None
    for history in histories:
        runs, events, workflow_id = runs + 1, events + len(history.events), history.workflow_id
        heard.begin()
        failure = await _failure(replayer, history)
        capture.collect()
        if failure is not None:
            problem = f"第{runs}次运行与代码不符：{_said_of(failure)}"
            check = "code"
            break
        if (otherwise := contradiction(history, heard)) is not None:
            problem, check = f"第{runs}次运行：{otherwise}", "said"
            break
    computed = capture.events.get(workflow_id, {})
    verdict = ReplayVerdict(
        workflow_id=workflow_id,
        runs=runs,
        history_events=events,
        computed=len(computed),
        recorded=0,
        problem=problem,
        check=check,
    )
    return verdict, computed


def _said_of(failure: Exception) -> str:
    """What a failed replay says to people: what the code raised, without what the engine's library puts around it."""
    text = " ".join(str(failure).split())
    raised = _RAISED.search(text)
    message = json.loads(raised[1]) if raised else text
    return str(_UNREADABLE if message == "Failed decoding arguments" else message)[:300]


def difference(computed: dict[int, DomainEvent], recorded: Sequence[DomainEvent]) -> str | None:
    """The first difference between the events that the code computes and those that the ledger has, as a sentence."""
    kept = {event.seq: event for event in recorded}
    for seq in sorted(computed.keys() | kept.keys()):
        ours, theirs = computed.get(seq), kept.get(seq)
        if ours is None:
            return f"台账第{seq}条事件（{theirs.type if theirs else '?'}）不是由历史推算得出的"
        if theirs is None:
            return f"由历史推算的第{seq}条事件（{ours.type}）不在台账中"
        fields = [name for name in type(ours).model_fields if getattr(ours, name) != getattr(theirs, name, None)]
        if isinstance(ours, CommandRejected):
            # Which rule was broken is decided; the sentence that says so may be worded better than it was then.
            fields = [name for name in fields if name != "text"]
        if fields:
            return f"第{seq}条事件（{ours.type}）与台账不一致：{'、'.join(fields)}"
    return None
