"""How our code runs: in workers, and replayed; under the sandbox's guards where a test asks for them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.api.common.v1 import Payloads
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleQueryInput,
    Replayer,
    UnsandboxedWorkflowRunner,
    Worker,
    WorkerDeploymentConfig,
    WorkflowInboundInterceptor,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowInterceptorClassInput,
    WorkflowRunner,
)
from temporalio.worker import Interceptor as WorkerInterceptor
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from application.engine_room.build import DEPLOYMENT, build_id
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.forgettable import ForgettableInstance
from application.engine_room.question_guard import GuardedInstance, RefusedBefore
from application.settings import Settings
from domain.frozen import make_ready
from workflows.department_mailbox import DepartmentMailbox
from workflows.project_supervision import ProjectSupervision

WORKFLOWS: tuple[type, ...] = (ProjectSupervision, DepartmentMailbox)


# What a replay takes as it is loaded: values cross the sandbox's border, so the models must be the same ones outside.
_PASSED_THROUGH = (
    "domain",
    "workflows.inputs",
    "workflows.message_names",
    "workflows.activity_options",
    "workflows.activity_stubs",
    "workflows.details_page",
    "workflows.continue_as_new",
)


# A full collection looks at every object of every open project and stops all of them meanwhile: half a second at a
# thousand. What a decision or a forgotten workflow leaves behind goes at once, by its references; there is little else
# to collect, so it is done after ten million new objects in place of seventy thousand.
_COLLECTED_AFTER = (20_000, 10, 50)


@dataclass(frozen=True, slots=True)
class WorkerTuning:
    """What bounds a worker. As it stands here it is for a rehearsal, where each poller only takes of the machine; the
    settings have what was measured for a month's end (docs/operations.md)."""

    workflow_pollers: int = 2
    workflow_tasks: int = 16
    activity_pollers: int = 2
    sticky: timedelta = timedelta(seconds=20)
    cached_workflows: int = 1_000

    @classmethod
    def of(cls, settings: Settings) -> WorkerTuning:
        """What an operator set."""
        return cls(
            workflow_pollers=settings.workflow_pollers,
            workflow_tasks=settings.workflow_tasks,
            activity_pollers=settings.activity_pollers,
            sticky=timedelta(seconds=settings.sticky_seconds),
            cached_workflows=settings.cached_projects,
        )


class _LeanRunner(UnsandboxedWorkflowRunner):
    """Runs workflow code outside the sandbox and lets the message go that brought a workflow's first task.

    The engine's library keeps two parts of that message for as long as it keeps the workflow, and either part keeps
    all of it: some 40 KB for each open project. Both are taken as copies, here and in `_LeanInbound`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._refused = RefusedBefore()

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        copy = Payloads()
        copy.CopyFrom(det.last_completion_result)
        return GuardedInstance(super().create_instance(replace(det, last_completion_result=copy)), self._refused)


class _Lean(WorkerInterceptor):
    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the engine library's own name
    ) -> type[WorkflowInboundInterceptor]:
        return _LeanInbound


class _LeanInbound(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
        input.headers = dict(input.headers)
        return await super().execute_workflow(input)

    async def handle_query(self, input: HandleQueryInput) -> Any:  # noqa: A002
        # The page of the Web UI is made when somebody looks at it, and not with each decision.
        answer = await super().handle_query(input)
        if isinstance(answer, WorkflowMetadata) and isinstance(supervision := workflow.instance(), ProjectSupervision):
            answer.current_details = supervision.page()
        return answer


class _Replaying(UnsandboxedWorkflowRunner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return ForgettableInstance(super().create_instance(det))


class _Sandbox(SandboxedWorkflowRunner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return ForgettableInstance(super().create_instance(det))


def _sandbox() -> WorkflowRunner:
    return _Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*_PASSED_THROUGH))


def build_worker(
    client: Client,
    *,
    task_queue: str,
    activities: Sequence[Callable[..., Any]],
    interceptors: Sequence[WorkerInterceptor] = (),
    tuning: WorkerTuning | None = None,
    workflows: Sequence[type] = WORKFLOWS,
    pinned: bool = False,
    build: str | None = None,
) -> Worker:
    """A worker of all workflows and activities; the engine hears which `build` it is, the installed one by default.

    With `pinned` a run stays with the build that it began under, and goes on as new under the current one; without, it
    goes on with whatever code is there (docs/adr/0086).

    It runs them outside the sandbox, which would cost a fourth of a wake-up and a third of a start. The linter and the
    import contracts forbid the core and the workflows clocks, randomness and IO, and the kept histories, replayed in
    every run of the tests, take them past the sandbox's guards.
    """
    tuning = tuning or WorkerTuning()
    gc.set_threshold(*_COLLECTED_AFTER)
    make_ready()
    return Worker(
        client,
        task_queue=task_queue,
        workflows=list(workflows),
        activities=list(activities),
        interceptors=[_Lean(), *interceptors],
        workflow_runner=_LeanRunner(),
        deployment_config=WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(DEPLOYMENT, build or build_id()),
            use_worker_versioning=pinned,
            default_versioning_behavior=VersioningBehavior.PINNED if pinned else VersioningBehavior.UNSPECIFIED,
        ),
        max_cached_workflows=tuning.cached_workflows,
        # A task that is taken before its turn comes runs out of time in the worker's own queue or among the replays of
        # others, is given out again, and leaves less time for the others: in the server's queue it waits for as long as
        # it must (docs/adr/0280).
        max_concurrent_workflow_tasks=tuning.workflow_tasks,
        max_concurrent_workflow_task_polls=tuning.workflow_pollers,
        max_concurrent_activity_task_polls=tuning.activity_pollers,
        sticky_queue_schedule_to_start_timeout=tuning.sticky,
        graceful_shutdown_timeout=timedelta(seconds=5),
    )


def build_replayer(
    *, interceptors: Sequence[WorkerInterceptor] = (), workflows: Sequence[type] = WORKFLOWS, guarded: bool = False
) -> Replayer:
    """A replayer of the same code that workers run, outside the sandbox as there; `guarded`, inside it, where a clock,
    randomness or IO raises."""
    return Replayer(
        workflows=list(workflows),
        data_converter=DATA_CONVERTER,
        # Without a name the library makes one, of the bytes of every module: a fifth of a second.
        build_id=DEPLOYMENT,
        workflow_runner=_sandbox() if guarded else _Replaying(),
        interceptors=list(interceptors),
    )
