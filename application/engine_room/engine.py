"""The engine as the commands see it: start supervision, give a command, ask for a state, fetch histories."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.connecting import connect, in_clear
from application.engine_room.engine_answers import (
    AskedAgain,
    busy,
    is_refused_as,
    not_asked,
    not_yet,
    refusal_of,
    unavailable,
)
from application.engine_room.namespace import prepare_namespace, retention_of
from application.engine_room.pollers import Pollers, pollers_of
from application.engine_room.unreachable import answered, answered_if_there, is_not_there, not_done, unreachable
from domain.errors import DubanError, EngineUnreachableError, NoWorkerError
from domain.ids import DepartmentId, ProjectId, mailbox_workflow_id, supervision_workflow_id
from workflows.message_names import ASK_AGAIN, BEFORE_ITS_TASK, COMMAND, LOOK_AT_THE_CLOCK, NOT_RECORDED_YET

if TYPE_CHECKING:
    from domain.acts.commands import AnyCommand, CommandOutcome
    from domain.project import KeyProject
    from domain.rules.calendar import WorkingCalendar
    from domain.seeing.views import ProjectView
    from domain.state import ProjectState
    from workflows.inputs import MailboxInput, SupervisionInput

_ANSWER_WITHIN = timedelta(seconds=20)
TAKEN_WITHIN = timedelta(seconds=30)
"""A command may come to a worker that has just gone: its task goes to another one after the sticky time (20 s)."""
_DONE_WITHIN_SECONDS = 60.0
_ASK_AGAIN_SECONDS = 0.1
_ASKED_AGAIN = 200
_LONGEST_PAUSE_SECONDS = 1.0
_LET_GO = "update was aborted"
_SILENT = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION)
_PASSING = frozenset({RPCStatusCode.ABORTED, RPCStatusCode.RESOURCE_EXHAUSTED})


@dataclass(frozen=True, slots=True)
class Runs:
    """The first and the last run of a workflow, and whether the last one still runs."""

    first: str
    last: str
    running: bool


class Engine:
    """A connected engine."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self.client = client
        self.task_queue = task_queue

    @classmethod
    async def connected(cls, target: str, task_queue: str, **config: Any) -> Engine:
        """Connect to the engine at `target`.

        Raises:
            EngineUnreachableError: nothing answers there.
        """
        try:
            client = await connect(target, **config)
        except (RuntimeError, RPCError) as error:
            raise unreachable(target, error, over_tls=bool(config.get("tls"))) from error
        return cls(client, task_queue)

    async def prepare_namespace(self) -> timedelta:
        """Make the namespace ready for a year; answer the retention that holds (raises as `prepare_namespace`)."""
        return await prepare_namespace(self.client)

    async def retention(self) -> timedelta:
        """How long the engine keeps a run after it closed (raises as `retention_of`)."""
        return await retention_of(self.client)

    async def start_project(self, given: SupervisionInput, **options: Any) -> bool:
        """Start a project's supervision; false when it was started before.

        Raises:
            EngineUnreachableError: the engine does not answer, or does not take the start.
        """
        opening = given.opening
        assert opening is not None
        # One that nobody issued ended there as failed: it must not stand in the way of the real one.
        options["id_reuse_policy"] = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
        undone = f"流程 {supervision_workflow_id(opening.project.project_id)} 没有启动成功"
        return await self._begin(given, opening.project, opening.listed.year, undone, **options) is not None

    async def begin_another_run(
        self, given: SupervisionInput, running: WorkflowIDConflictPolicy, **options: Any
    ) -> str | None:
        """Start another run of a project from the ledger's state, and answer its id.

        `running` says what becomes of a run that goes on: it stays (none is started and none answered), or it is ended.

        Raises:
            EngineUnreachableError: the engine does not answer, or does not take the start.
        """
        state = given.state
        assert state is not None
        options |= {"id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE, "id_conflict_policy": running}
        undone = f"流程 {supervision_workflow_id(state.project_id)} 没有另起成功"
        return await self._begin(given, state.project, state.year, undone, **options)

    async def _begin(
        self, given: SupervisionInput, project: KeyProject, year: int, undone: str, **options: Any
    ) -> str | None:
        from workflows.project_supervision import ProjectSupervision
        from workflows.search_attributes import attributes_of

        start = self.client.start_workflow(
            ProjectSupervision.run,
            given,
            id=supervision_workflow_id(project.project_id),
            task_queue=self.task_queue,
            search_attributes=attributes_of(year),
            static_summary=f"{project.serial} {project.title}"[:200],
            **options,
        )
        try:
            handle = await answered(self.client, start, undone)
        except WorkflowAlreadyStartedError:
            return None
        return handle.first_execution_run_id or ""

    async def start_mailbox(self, given: MailboxInput, **options: Any) -> None:
        """Start an addressee's mailbox where it is not there yet, and have it look into the outbox now.

        Raises:
            EngineUnreachableError: the engine does not answer, or does not take the start.
        """
        from workflows.department_mailbox import KNOW_YEARS, DepartmentMailbox

        workflow_id = mailbox_workflow_id(given.addressee)
        start = self.client.start_workflow(
            DepartmentMailbox.run,
            given,
            id=workflow_id,
            task_queue=self.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=KNOW_YEARS,
            start_signal_args=[given.calendar],
            static_summary=f"{given.addressee} 收文",
            **options,
        )
        await answered(self.client, start, f"流程 {workflow_id} 没有启动成功")

    async def use_calendar(self, addressee: DepartmentId, calendar: WorkingCalendar) -> None:
        """Let an addressee's mailbox keep another working calendar; nothing where there is no mailbox.

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        from workflows.department_mailbox import USE_CALENDAR

        workflow_id = mailbox_workflow_id(addressee)
        await self._signal(workflow_id, USE_CALENDAR, calendar, undone=f"流程 {workflow_id} 没有收到新的工作日历")

    async def collect_mail(self, addressee: DepartmentId) -> None:
        """Let an addressee's mailbox look into the outbox now; nothing where there is no mailbox.

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        from workflows.department_mailbox import COLLECT

        workflow_id = mailbox_workflow_id(addressee)
        await self._signal(workflow_id, COLLECT, undone=f"流程 {workflow_id} 没有收到催发")

    async def look_at_the_clock(self, project_id: ProjectId) -> None:
        """Let a project see whether something is due; nothing where it has no supervision.

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        undone = f"项目 {project_id} 没有被唤醒"
        await self._signal(supervision_workflow_id(project_id), LOOK_AT_THE_CLOCK, undone=undone)

    async def _signal(self, workflow_id: str, name: str, *args: object, undone: str) -> None:
        sent = self.client.get_workflow_handle(workflow_id).signal(name, args=args)
        await answered_if_there(self.client, sent, undone)

    async def command(self, project_id: ProjectId, command: AnyCommand) -> CommandOutcome:
        """Give a command to a project and answer what it made happen.

        Raises:
            RejectedError: the command breaks a rule.
            EngineUnreachableError: no worker answers.
            LedgerUnavailableError: one record has not come to its end all the while; the command was not taken.
            ProjectBusyError: other things came first all the while; the command was not taken.
        """
        try:
            return await self._answered(project_id, command)
        except WorkflowUpdateFailedError as error:
            raise refusal_of(error) from error
        except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
            raise await self._silence(project_id) from error
        except RPCError as error:
            raise await self._explained(error, project_id) from error

    async def _answered(self, project_id: ProjectId, command: AnyCommand) -> CommandOutcome:
        from domain.acts.commands import CommandOutcome

        handle = self._project(project_id)
        deadline, pause, asked = time.monotonic() + _ANSWER_WITHIN.total_seconds(), 0.0, AskedAgain()
        while True:
            try:
                # One that was accepted is asked about without end, as long as the engine answers that it is not done.
                async with asyncio.timeout(_DONE_WITHIN_SECONDS):
                    outcome: CommandOutcome = await handle.execute_update(
                        COMMAND, command, id=command.update_id, result_type=CommandOutcome, rpc_timeout=TAKEN_WITHIN
                    )
            except WorkflowUpdateFailedError as error:
                # A decision is being recorded: the next moment will do, unless the store is away for longer.
                if not is_refused_as(error, ASK_AGAIN):
                    raise
                asked.told(error, time.monotonic())
                if time.monotonic() > deadline:
                    raise asked.in_vain(project_id, time.monotonic()) from error
                if asked.is_behind:
                    # Whatever it looks for, the record answers with what it does not know of.
                    await self.look_at_the_clock(project_id)
            except RPCError as error:
                # A run that continues as new lets go of the updates that it has not taken, and the server takes only
                # so many at once: both pass, and the command's own digest makes a second try harmless.
                if error.status not in _PASSING and _LET_GO not in error.message:
                    raise
                if time.monotonic() > deadline:
                    raise busy(project_id) from error
            else:
                return outcome
            pause = min(pause + _ASK_AGAIN_SECONDS, _LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause)

    async def status(self, project_id: ProjectId, as_of: datetime | None = None) -> ProjectView:
        """A project as its workflow shows it at an instant.

        Without one it is shown as of the workflow's last task: a query has no clock of its own, and that task may have
        been days ago.

        Raises:
            UnknownProjectError: no such project is supervised.
            EngineUnreachableError: no worker answers.
        """
        from workflows.project_supervision import ProjectSupervision

        view: ProjectView = await self._query(project_id, ProjectSupervision.status, as_of)
        return view

    async def state(self, project_id: ProjectId) -> ProjectState:
        """A project's whole state as its workflow has it (raises as `status` does)."""
        from workflows.project_supervision import ProjectSupervision

        state: ProjectState = await self._query(project_id, ProjectSupervision.state)
        return state

    async def runs(self, workflow_id: str) -> Runs | None:
        """The runs of a workflow, or none when the engine does not know it (any more).

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        described = await self.described(workflow_id)
        if described is None:
            return None
        info = described.workflow_execution_info
        running = info.status == WorkflowExecutionStatus.RUNNING.value
        return Runs(info.first_run_id or info.execution.run_id, info.execution.run_id, running)

    async def described(self, workflow_id: str) -> DescribeWorkflowExecutionResponse | None:
        """What the engine says of a workflow's last run (raises as `runs`)."""
        # Asked in the wire's own form: the time-skipping server answers search attributes that the library cannot read.
        request = DescribeWorkflowExecutionRequest(
            namespace=self.client.namespace, execution=WorkflowExecution(workflow_id=workflow_id)
        )
        asked = self.client.workflow_service.describe_workflow_execution(request)
        return await answered_if_there(self.client, asked, f"没有问到流程 {workflow_id}")

    async def history(self, workflow_id: str, run_id: str) -> WorkflowHistory | None:
        """The history of one run up to now, or none when the engine does not have it (any more).

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        asked = self.client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        history = await answered_if_there(self.client, asked, f"流程 {workflow_id} 的历史取不到")
        return in_clear(self.client, history) if history is not None else None

    async def workers(self) -> int:
        """How many workers polled our task queue lately.

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        return (await self.pollers()).workers()

    async def pollers(self) -> Pollers:
        """Who asks the engine for work, and what its clock shows (raises as `workers`)."""
        return await pollers_of(self.client, self.task_queue, "没有问到有没有督办程序")

    async def must_have_worker(self) -> None:
        """Wait a little until a worker polls our task queue.

        Raises:
            NoWorkerError: none came.
        """
        deadline = time.monotonic() + _ANSWER_WITHIN.total_seconds()
        while not await self.workers():
            if time.monotonic() > deadline:
                raise NoWorkerError(task_queue=self.task_queue)
            await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def _query(self, project_id: ProjectId, query: Any, *args: Any) -> Any:
        handle, said = self._project(project_id), ""
        for _ in range(_ASKED_AGAIN):
            try:
                return await handle.query(query, *args, rpc_timeout=_ANSWER_WITHIN)
            except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
                said = str(error)
                if not any(early in said for early in (NOT_RECORDED_YET, BEFORE_ITS_TASK)):
                    raise not_asked(project_id, error) from error
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
            except RPCError as error:
                raise await self._explained(error, project_id) from error
        raise not_yet(project_id, is_due=BEFORE_ITS_TASK in said)

    def _project(self, project_id: ProjectId) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(supervision_workflow_id(project_id))

    async def _explained(self, error: RPCError, project_id: ProjectId) -> DubanError:
        from domain.acts.rejections import ProjectClosedError, UnknownProjectError

        described = None
        try:
            described = await self._project(project_id).describe() if is_not_there(error) else None
        except RPCError as later:
            error = later
        if described is not None and described.status is WorkflowExecutionStatus.COMPLETED:
            return ProjectClosedError(project_id=project_id)
        if described is not None and described.status is not WorkflowExecutionStatus.RUNNING:
            return unavailable(project_id)
        if is_not_there(error):
            return UnknownProjectError(project_id=project_id)
        if error.status in _SILENT:
            return await self._silence(project_id)
        return not_done(self.client, error, f"项目 {project_id} 没有问到或没有办理")

    async def _silence(self, project_id: ProjectId) -> DubanError:
        """Why a question got no answer: nobody works, or this one project does not go on."""
        try:
            return unavailable(project_id) if await self.workers() else NoWorkerError(task_queue=self.task_queue)
        except EngineUnreachableError as error:
            return error
