"""A workflow's code in memory, handed what the library would hand it, in the portions that a test chooses.

On a real engine it depends on load and on which worker comes first whether two arrivals are heard together or one after
the other. Here each way is made on purpose, and a replay that hears them otherwise must ask for the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from temporalio.api.common.v1 import Payloads
from temporalio.bridge.proto.activity_result import ActivityResolution
from temporalio.bridge.proto.workflow_activation import (
    DoUpdate,
    FireTimer,
    InitializeWorkflow,
    ResolveActivity,
    SignalWorkflow,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.common import Priority, TypedSearchAttributes
from temporalio.converter import DefaultFailureConverter
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import Info
from temporalio.workflow import _Definition as Definition

from application.engine_room.connecting import DATA_CONVERTER

CONVERTER = DATA_CONVERTER.payload_converter_class
BEGUN = datetime(2018, 5, 2, 1, 0, tzinfo=UTC)
ALARM, UPDATE = "alarm", "update"
WORKFLOW_ID = "key-project/2018/05a"
_EVENTS_OF_A_TASK = 5
Arrival = tuple[str, tuple[Any, ...]]
_MINUTE = timedelta(minutes=1)


class InMemory:
    """One instance of a workflow. What it asks its worker for is answered by `answer_to`, or as a history has it.

    `hear` and `come_to_rest` hand over a portion; `commands` says what came of it all, in its order.
    """

    def __init__(
        self, workflow: type, given: Any, history: dict[int, Any] | None = None, arrivals: Iterable[Arrival] = ()
    ) -> None:
        self._instance, self._history = _instance(workflow), history
        self._at, self._length = BEGUN, 3
        self._asked: dict[int, WorkflowCommand] = {}
        self._alarms: dict[int, datetime] = {}
        self._turned_away: set[str] = set()
        self.answers: dict[int, Any] = {}
        """By number, what it was answered so far."""
        self.commands: list[str] = []
        self.told: list[WorkflowCommand] = []
        """The same as the library is told it."""
        self.behind = timedelta()
        """How far the library's clock is behind: a question to a new worker comes with that of the last task."""
        begin = InitializeWorkflow(workflow_id=WORKFLOW_ID, arguments=CONVERTER().to_payloads([given]))
        begin.start_time.FromDatetime(BEGUN)
        self._activate([WorkflowActivationJob(initialize_workflow=begin), *map(self._job, in_order(arrivals))])

    def answer_to(self, command: WorkflowCommand) -> Any:
        """What a worker would answer."""
        raise NotImplementedError

    @property
    def workflow(self) -> Any:
        """The workflow itself."""
        return self._instance._object  # type: ignore[attr-defined]

    @property
    def summaries(self) -> list[str]:
        """What the engine's page says of each thing that was asked for."""
        said = [each.user_metadata.summary for each in self.told if each.HasField("user_metadata")]
        return CONVERTER().from_payloads(said, [str] * len(said))

    @property
    def alarm_in(self) -> timedelta:
        """After how much of the engine's time the last alarm that was set goes off."""
        timers = [each.start_timer for each in self.told if each.HasField("start_timer")]
        return timers[-1].start_to_fire_timeout.ToTimedelta()

    @property
    def begun(self) -> int:
        """The number of the last thing that it asked for and has no answer to."""
        return max(self._asked, default=0)

    @property
    def next_alarm(self) -> Sequence[Arrival]:
        """The alarm that goes off next, if there is one."""
        return [(ALARM, (seq,)) for _, seq in sorted((at, seq) for seq, at in self._alarms.items())[:1]]

    def hear(self, arrivals: Iterable[Arrival]) -> list[Arrival]:
        """Hand over what arrived, in a task that begins a minute later; answer what of it a history would have."""
        self._at, self._length = self._at + _MINUTE, self._length + _EVENTS_OF_A_TASK
        self._turned_away.clear()
        arrivals = in_order(arrivals)
        self._activate([*map(self._job, arrivals)])
        return [each for each in arrivals if each[0] != UPDATE or each[1][0] not in self._turned_away]

    def come_to_rest(self, upto: int | None = None) -> None:
        """Answer what it asks for until it asks for nothing, or for nothing up to this number."""
        while waiting := [seq for seq in self._asked if upto is None or seq <= upto]:
            seq, command = waiting[0], self._asked.pop(waiting[0])
            assert self._history is None or seq in self._history, f"the history has no answer {seq}"
            self.answers[seq] = self.answer_to(command) if self._history is None else self._history[seq]
            resolution = ActivityResolution()
            if isinstance(self.answers[seq], Exception):
                DefaultFailureConverter().to_failure(self.answers[seq], CONVERTER(), resolution.failed.failure)
            else:
                resolution.completed.result.CopyFrom(CONVERTER().to_payloads([self.answers[seq]])[0])
            local = command.HasField("schedule_local_activity")
            job = ResolveActivity(seq=seq, result=resolution, is_local=local)
            self._activate([WorkflowActivationJob(resolve_activity=job)])

    def _job(self, arrival: Arrival) -> WorkflowActivationJob:
        name, values = arrival
        if name == ALARM:
            self._at = max(self._at, self._alarms.pop(values[0]))
            return WorkflowActivationJob(fire_timer=FireTimer(seq=values[0]))
        if name == UPDATE:
            update = DoUpdate(
                id=values[0],
                protocol_instance_id=values[0],
                name="command",
                input=CONVERTER().to_payloads(list(values[1:])),
                run_validator=self._history is None,
            )
            return WorkflowActivationJob(do_update=update)
        signal = SignalWorkflow(signal_name=name, input=CONVERTER().to_payloads(list(values)), originating_event_id=1)
        return WorkflowActivationJob(signal_workflow=signal)

    def _activate(self, jobs: Sequence[WorkflowActivationJob]) -> None:
        activation = WorkflowActivation(
            run_id="run", jobs=jobs, history_length=self._length, is_replaying=self._history is not None
        )
        activation.timestamp.FromDatetime(self._at - self.behind)
        done = self._instance.activate(activation)
        assert done.WhichOneof("status") == "successful", done.failed.failure.message
        for command in done.successful.commands:
            self._take(command)

    def _take(self, command: WorkflowCommand) -> None:
        self.told.append(command)
        kind = str(command.WhichOneof("variant"))
        about = getattr(command, kind)
        if kind in {"schedule_local_activity", "schedule_activity"}:
            self._asked[about.seq] = command
            self.commands.append(f"{kind} {about.seq} {about.activity_type}")
        elif kind == "start_timer":
            self._alarms[about.seq] = self._at + about.start_to_fire_timeout.ToTimedelta()
            self.commands.append(f"{kind} {about.seq}")
        elif kind != "update_response":
            self.commands.append(kind)
        elif about.WhichOneof("response") == "rejected":
            self._turned_away.add(about.protocol_instance_id)
        else:
            self.commands.append(f"{kind} {about.protocol_instance_id} {about.WhichOneof('response')}")


@dataclass
class Task:
    """What came in one task of the engine, by portions, and the last thing that the first portion had it ask for."""

    portions: list[list[Arrival]] = field(default_factory=list)
    begun: int = 0

    def at_once(self) -> list[Arrival]:
        """All of it."""
        return [arrival for portion in self.portions for arrival in portion]


def in_order(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """As the library hands them over: what a history has, what is to be answered, then what the engine itself says."""
    return sorted(arrivals, key=lambda arrival: (arrival[0] == ALARM, arrival[0] == UPDATE))


def played(original: InMemory, drawn: Iterable[Iterable[Iterable[Arrival]]]) -> list[Task]:
    """Have a workflow hear each task in its portions, and answer what there was to hear.

    An alarm goes off once, and only one that was set; each update is one of its own.
    """
    tasks, numbers = [], count(1)
    for portions in drawn:
        tasks.append(task := Task())
        for portion in portions:
            alarm = original.next_alarm if (ALARM, ()) in portion else []
            sent = [
                (name, (f"{next(numbers)}", *values) if name == UPDATE else values)
                for name, values in portion
                if name != ALARM
            ]
            task.portions.append(original.hear([*sent, *alarm]))
            task.begun = task.begun or original.begun
        original.come_to_rest()
    return tasks


def heard_at_once(make: Callable[..., InMemory], original: InMemory, tasks: Sequence[Task]) -> list[str]:
    """What a replay asks for that hears each task at once, as after a second attempt that reached a busy worker."""
    replay = make(original.answers, tasks[0].at_once())
    replay.come_to_rest()
    for task in tasks[1:]:
        replay.hear(task.at_once())
        replay.come_to_rest()
    return replay.commands


def gone_on_with(make: Callable[..., InMemory], original: InMemory, tasks: Sequence[Task]) -> list[str]:
    """What a replay asks for that goes on from an answer before it hears what came while it was waited for."""
    replay = make(original.answers)
    replay.come_to_rest(1)
    for task in tasks:
        for portion in task.portions:
            replay.hear(portion)
            replay.come_to_rest(task.begun)
        replay.come_to_rest()
    return replay.commands


def _instance(workflow: type) -> WorkflowInstance:
    definition = Definition.must_from_class(workflow)
    info = Info(
        attempt=1,
        continued_run_id=None,
        cron_schedule=None,
        execution_timeout=None,
        first_execution_run_id="run",
        headers={},
        namespace="default",
        original_execution_run_id="run",
        parent=None,
        root=None,
        priority=Priority.default,
        raw_memo={},
        retry_policy=None,
        run_id="run",
        run_timeout=None,
        search_attributes={},
        start_time=BEGUN,
        task_queue="q",
        task_timeout=timedelta(seconds=10),
        typed_search_attributes=TypedSearchAttributes.empty,
        workflow_id=WORKFLOW_ID,
        workflow_start_time=BEGUN,
        workflow_type=str(definition.name),
    )
    details = WorkflowInstanceDetails(
        payload_converter_factory=CONVERTER,
        failure_converter_class=DefaultFailureConverter,
        interceptor_classes=[],
        defn=definition,
        info=info,
        randomness_seed=1,
        extern_functions={"__temporal_assert_local_activity_valid": lambda _: None},
        disable_eager_activity_execution=False,
        worker_level_failure_exception_types=[],
        patch_activation_callback=None,
        last_completion_result=Payloads(),
        last_failure=None,
    )

    async def made() -> WorkflowInstance:
        return UnsandboxedWorkflowRunner().create_instance(details)

    # The library makes it within a loop, and lets it run within its own.
    return asyncio.run(made())
