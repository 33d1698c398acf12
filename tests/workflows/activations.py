"""A mailbox's code in memory, handed over what the engine's library would hand it, in the portions that a test chooses.

On a real engine it depends on load and on which worker comes first whether two arrivals are heard together or one after
the other. Here each way is made on purpose.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import starmap
from typing import Any

from temporalio.api.common.v1 import Payloads
from temporalio.bridge.proto.activity_result import ActivityResolution
from temporalio.bridge.proto.workflow_activation import (
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
ALARM = "alarm"
Arrival = tuple[str, tuple[Any, ...]]
_MINUTE = timedelta(minutes=1)


class InMemory:
    """One instance of a workflow, which begins with what it is given and with some signals.

    `hear` and `answer` hand over a portion, `asked` and `commands` say what came of it.
    """

    def __init__(self, workflow: type, given: Any, signals: Iterable[Arrival] = ()) -> None:
        self._instance = _instance(workflow)
        self._at = BEGUN
        self.asked: dict[int, WorkflowCommand] = {}
        """By number, what it asks its worker for and has no answer to yet."""
        self._alarms: dict[int, datetime] = {}
        """By number, when each of its alarms goes off that has not yet."""
        self.commands: list[str] = []
        """All that it asked for, in its order."""
        begin = InitializeWorkflow(workflow_id="w", arguments=CONVERTER().to_payloads([given]))
        begin.start_time.FromDatetime(BEGUN)
        self._activate([WorkflowActivationJob(initialize_workflow=begin), *starmap(_signal, signals)])

    def alarms(self) -> list[int]:
        """The numbers of its alarms that have not gone off, the next one first."""
        return sorted(self._alarms, key=lambda seq: (self._alarms[seq], seq))

    def hear(self, arrivals: Iterable[Arrival]) -> None:
        """Signals with their arguments, and `alarm` with its number; all in one task that begins a minute later."""
        self._at += _MINUTE
        # The library hands over signals before all else.
        jobs = [_signal(name, values) for name, values in arrivals if name != ALARM]
        for name, values in arrivals:
            if name == ALARM:
                self._at = max(self._at, self._alarms.pop(values[0]))
                jobs.append(WorkflowActivationJob(fire_timer=FireTimer(seq=values[0])))
        self._activate(jobs)

    def answer(self, seq: int, result: Any) -> None:
        """What it asked for is done."""
        resolution = ActivityResolution()
        resolution.completed.result.CopyFrom(CONVERTER().to_payloads([result])[0])
        local = self.asked.pop(seq).HasField("schedule_local_activity")
        job = ResolveActivity(seq=seq, result=resolution, is_local=local)
        self._activate([WorkflowActivationJob(resolve_activity=job)])

    def _activate(self, jobs: Sequence[WorkflowActivationJob]) -> None:
        activation = WorkflowActivation(run_id="run", jobs=jobs)
        activation.timestamp.FromDatetime(self._at)
        done = self._instance.activate(activation)
        assert done.WhichOneof("status") == "successful", done.failed.failure.message
        for command in done.successful.commands:
            self._take(command)

    def _take(self, command: WorkflowCommand) -> None:
        kind = str(command.WhichOneof("variant"))
        about = getattr(command, kind)
        if kind in {"schedule_local_activity", "schedule_activity"}:
            self.asked[about.seq] = command
            self.commands.append(f"{kind} {about.seq} {about.activity_type}")
        elif kind == "start_timer":
            self._alarms[about.seq] = self._at + about.start_to_fire_timeout.ToTimedelta()
            self.commands.append(f"{kind} {about.seq}")
        else:
            self.commands.append(kind)


def _signal(name: str, values: Sequence[Any]) -> WorkflowActivationJob:
    signal = SignalWorkflow(signal_name=name, input=CONVERTER().to_payloads(list(values)), originating_event_id=1)
    return WorkflowActivationJob(signal_workflow=signal)


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
        workflow_id="w",
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
