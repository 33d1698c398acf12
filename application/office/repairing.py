"""Bringing back one project's supervision, or one mailbox, that does not go on: `duban engine repair`.

What the ledger has stands. The run is reset to its last good task, and its first recording answers what the ledger has
had since (docs/adr/0002); where that cannot help, a new run goes on from the ledger's state. Either way the ledger says
so among its incidents, and the audit compares with that (docs/adr/0080).
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, WorkflowExecutionStatus
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import WorkflowHistory
from temporalio.common import WorkflowIDConflictPolicy

from application.audit.engine_findings import ahead_by, unnoted_reset
from application.audit.kept_histories import Archive, lost_runs_of
from application.audit.preflight import preflight
from application.audit.replaying import replays
from application.engine_room.engine import Runs
from application.engine_room.mailboxes import MailboxKeeper
from application.engine_room.standing import mailbox_sickness, sick_projects, sickness_of
from application.engine_room.unavailable import NOT_AS_RECORDED, told_of, told_of_mailbox
from application.engine_room.unreachable import answered
from application.office.overdue import DoneBy, overdue_among, overdue_mailboxes
from application.office.starting import addressees_for
from domain.acts.rejections import UnknownProjectError
from domain.clock import VirtualClock
from domain.errors import DubanError, EngineUnreachableError, InputError, ProjectUnavailableError
from domain.ids import ProjectId, is_mailbox, mailbox_workflow_id, supervised_project_id, supervision_workflow_id
from domain.record.recorded_projects import known_state, recorded_projects, recorded_state
from domain.record.repairs import Repair, Way
from domain.rungs.wakeups import due_actions
from domain.state import ProjectState
from workflows.inputs import SupervisionInput

_WELL_WITHIN_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.2
_LONGEST_REASON = 300
_ASKED = "duban engine repair"
_RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
_TASK_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


@dataclass(frozen=True, slots=True)
class Mended:
    """What a repair did to a project, or to a mailbox (by its workflow's id): the incident that the ledger has of it,
    or none where nothing had to be done."""

    what: str
    repair: Repair | None
    text: str


@dataclass(frozen=True, slots=True)
class Repairing:
    """Repairs by somebody; whatever came due before `done_by` should be done."""

    archive: Archive
    by: str
    done_by: DoneBy

    async def one(self, workflow_id: str, *, remove: bool = False) -> Mended:
        """Bring back a project or a mailbox (raises as `_project` and `_mailbox`); one that is well is left alone.

        With `remove`, a project's supervision that the ledger does not know is ended.
        """
        await self.archive.log.open()
        if is_mailbox(workflow_id):
            return await self._mailbox(workflow_id)
        return await self._project(supervised_project_id(workflow_id), remove=remove)

    async def each(self) -> dict[str, Mended | DubanError]:
        """Bring back every project of the ledger that does not go on, one after the other, and what rests and would
        stop at its next task, mailboxes too (by their workflows' ids); what fails for one of them is its result. What
        the ledger does not have is left alone.

        Raises:
            EngineUnreachableError: the engine does not answer, or nobody works.
        """
        archive = self.archive
        await archive.engine.must_have_worker()
        recorded = recorded_projects(archive.ledger)
        states = {project_id: known_state(archive.ledger, project_id) for project_id in recorded}
        results: dict[str, Mended | DubanError] = {}
        overdue = overdue_among(states.values(), self.done_by)
        closed = {project_id: state.closed for project_id, state in states.items()}
        sick = [*map(supervision_workflow_id, await sick_projects(archive.engine, closed, overdue=overdue))]
        found = await preflight(archive)
        sick += [
            each.workflow_id for each in found.differences if each.check == "code" and each.workflow_id not in sick
        ]
        well = [each for each in recorded if not closed[each] and supervision_workflow_id(each) not in sick]
        for each in well:
            try:
                sick += [supervision_workflow_id(each)] if await ahead_by(archive, each) != 0 else []
            except EngineUnreachableError:
                raise
            except DubanError as error:
                results[each] = error
        for workflow_id in sick:
            what = workflow_id if is_mailbox(workflow_id) else supervised_project_id(workflow_id)
            try:
                results[what] = await self.one(workflow_id)
            except DubanError as error:
                results[what] = error
        return results

    async def stranger(self, workflow_id: str) -> Mended:
        """Remove a workflow that is no project and no mailbox of anyone whom mail may reach: somebody started it by
        hand.

        Raises:
            InputError: the engine does not run it, or it is one of ours.
            EngineUnreachableError: the engine does not answer.
        """
        there = await self.archive.engine.runs(workflow_id)
        if there is None or not there.running or _is_ours(self.archive, workflow_id):
            raise InputError(
                f"引擎中没有可移除的流程 {workflow_id}：请照抄 duban doctor 所列的流程名。", place=workflow_id
            )
        await self.archive.log.open()
        return await self._removed(workflow_id, workflow_id, there, "台账和发文簿都不认识这个流程")

    async def _project(self, project_id: ProjectId, *, remove: bool) -> Mended:
        """Bring back a project's supervision: one that rests is woken first.

        Raises:
            UnknownProjectError: neither the ledger nor the engine has the project.
            ProjectUnavailableError: it does not go on after all, or should be removed and that was not asked for.
            EngineUnreachableError: the engine does not answer, or nobody works.
        """
        archive, engine, workflow_id = self.archive, self.archive.engine, supervision_workflow_id(project_id)
        state = recorded_state(archive.ledger, project_id)
        overdue = overdue_among([state] if state else [], self.done_by)
        sickness = await sickness_of(engine, project_id, state, overdue)
        if state is None:
            if sickness is None:
                raise UnknownProjectError(project_id=project_id)
            if not remove:
                raise ProjectUnavailableError(f"{project_id} {sickness.text}", project_id=project_id)
            there = await engine.runs(workflow_id)
            assert there is not None
            return await self._removed(project_id, workflow_id, there, sickness.text)
        if sickness is None and not state.closed and await _would_stop(archive, workflow_id):
            sickness = told_of(project_id, "stuck", NOT_AS_RECORDED)
        if sickness is None and not state.closed and await engine.workers() and await ahead_by(archive, project_id) > 0:
            sickness = told_of(project_id, "ahead", "")
        if sickness is None:
            return await self._of_one_that_goes_on(project_id, state)
        await engine.must_have_worker()
        if sickness.reason == "late" and await self._woken(project_id):
            return Mended(project_id, None, "督办流程已唤醒，到期的事项已经办理")
        # What is ahead of the ledger is so at every good task of its own.
        of_older = sickness.reason == "ahead"
        repair = None if of_older else await self._reset(workflow_id, state.next_seq, sickness.text)
        if repair is not None:
            # What it is behind its record, it takes in now; whoever acts next is answered from all of it.
            await engine.look_at_the_clock(project_id)
        if repair is None or not await _goes_on(archive, workflow_id):
            repair = await self._restarted(project_id, state, sickness.text)
            if not await _goes_on(archive, workflow_id):
                left = await sickness_of(engine, project_id, state)
                raise _in_vain(project_id, left.text if left else None)
        return Mended(project_id, repair, repair.what_was_done())

    async def _of_one_that_goes_on(self, project_id: ProjectId, state: ProjectState) -> Mended:
        archive, workflow_id = self.archive, supervision_workflow_id(project_id)
        if not state.closed and await archive.engine.workers() and (beyond := await ahead_by(archive, project_id)) < 0:
            return await self._caught_up(project_id, -beyond)
        # A reset that was done around the house, or whose record was lost with the power.
        unnoted = await unnoted_reset(archive, project_id)
        if unnoted is None:
            text = await self._of_an_end(workflow_id) if state.closed else "督办流程照常，无需修复"
            return Mended(project_id, None, text)
        noted = await self._on_record(workflow_id, "reset", state.next_seq, "引擎中已重置", unnoted)
        return Mended(project_id, noted, "督办流程照常，此前的重置已补记入台账")

    async def _of_an_end(self, workflow_id: str) -> str:
        """What to say of a supervision that has ended: there is nothing to bring back, and maybe histories to save."""
        archive = self.archive
        lost = await lost_runs_of(archive, workflow_id, self.done_by.engine, await archive.engine.retention())
        return "；".join(["督办已经结束，没有要修复的流程", *(run.text for run in lost)])

    async def _mailbox(self, workflow_id: str) -> Mended:
        """Bring back a mailbox. One that has ended, or that no good task is left of, is opened anew: what waits for it
        stands in the outbox.

        Raises:
            InputError: it is the mailbox of nobody whom mail may reach.
            ProjectUnavailableError: it does not go on after all.
            EngineUnreachableError: the engine does not answer, or nobody works.
        """
        archive, engine = self.archive, self.archive.engine
        if not _is_ours(archive, workflow_id):
            there = await engine.runs(workflow_id)
            if there is not None and there.running:
                todo = f"请管理员查明来历，再用 duban engine repair {workflow_id} --remove 移除"
                text = f"台账和发文簿都不认识 {workflow_id}：{todo}。"
                raise ProjectUnavailableError(text, project_id=workflow_id)
            raise InputError(
                f"没有收文流程 {workflow_id}：卡住的流程见 duban doctor，请照抄其流程名。", place=workflow_id
            )
        sickness = await mailbox_sickness(engine, workflow_id, overdue_mailboxes(archive.outbox, self.done_by))
        if sickness is None and await _would_stop(archive, workflow_id):
            sickness = told_of_mailbox(workflow_id, "stuck", NOT_AS_RECORDED)
        if sickness is None:
            return Mended(workflow_id, None, "收文流程照常，无需修复")
        await engine.must_have_worker()
        standing = sum(1 for _ in archive.ledger.entries(workflow_id))
        repair = await self._reset(workflow_id, standing, sickness)
        if repair is None or not await _goes_on(archive, workflow_id):
            repair = await self._opened_anew(workflow_id, standing, sickness)
            if not await _goes_on(archive, workflow_id):
                raise _in_vain(workflow_id, await mailbox_sickness(engine, workflow_id))
        return Mended(workflow_id, repair, repair.what_was_done())

    async def _woken(self, project_id: ProjectId) -> bool:
        """Have a project look at the clock; whether what was due is done then."""
        archive = self.archive
        await archive.engine.look_at_the_clock(project_id)
        deadline = time.monotonic() + _WELL_WITHIN_SECONDS
        while (state := recorded_state(archive.ledger, project_id)) and due_actions(state, self.done_by.supervised):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return True

    async def _caught_up(self, project_id: ProjectId, behind: int) -> Mended:
        """Have a project take in what the ledger has and it does not know: any look is answered with all of it.

        Raises:
            ProjectUnavailableError: it did not.
        """
        await self.archive.engine.look_at_the_clock(project_id)
        deadline = time.monotonic() + _WELL_WITHIN_SECONDS
        while await ahead_by(self.archive, project_id) < 0:
            if time.monotonic() > deadline:
                text = f"{project_id} 的督办流程缺台账里的 {behind} 条记录，没有补上：请告知系统维护人员。"
                raise ProjectUnavailableError(text, project_id=project_id)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return Mended(project_id, None, f"督办流程缺台账里的 {behind} 条记录，已经补上")

    async def _reset(self, workflow_id: str, standing: int, sickness: str) -> Repair | None:
        """Go on from the last good task; none where there is no such task."""
        engine = self.archive.engine
        there = await engine.runs(workflow_id)
        history = await engine.history(workflow_id, there.last) if there else None
        finish = await last_good_task(history) if history is not None else None
        if there is None or finish is None:
            return None
        request = ResetWorkflowExecutionRequest(
            namespace=engine.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=there.last),
            reason=_ASKED,
            workflow_task_finish_event_id=finish,
            request_id=str(uuid.uuid4()),
        )
        asked = engine.client.workflow_service.reset_workflow_execution(request)
        answer = await answered(engine.client, asked, f"流程 {workflow_id} 没有退回成功")
        return await self._on_record(workflow_id, "reset", standing, sickness, _runs(there, answer.run_id))

    async def _restarted(self, project_id: ProjectId, state: ProjectState, sickness: str) -> Repair:
        """Let a new run go on from the ledger's state, instead of whatever runs there."""
        archive, workflow_id = self.archive, supervision_workflow_id(project_id)
        there = await archive.engine.runs(workflow_id)
        # What the run that went on for a moment has recorded stands.
        state = recorded_state(archive.ledger, project_id) or state
        given = SupervisionInput(clock=archive.ledger.clock() or VirtualClock(), state=state)
        begun = await archive.engine.begin_another_run(given, WorkflowIDConflictPolicy.TERMINATE_EXISTING)
        return await self._on_record(workflow_id, "restarted", state.next_seq, sickness, _runs(there, begun))

    async def _opened_anew(self, workflow_id: str, standing: int, sickness: str) -> Repair:
        """Open a mailbox again, instead of whatever runs there."""
        archive, engine = self.archive, self.archive.engine
        there = await engine.runs(workflow_id)
        if there is not None and there.running:
            await _end(archive, workflow_id, _ASKED, f"流程 {workflow_id} 没有另起成功")
        await MailboxKeeper(engine, archive.ledger, archive.outbox).open_missing()
        begun = await engine.runs(workflow_id)
        runs = _runs(there, begun.last if begun else None)
        return await self._on_record(workflow_id, "restarted", standing, sickness, runs)

    async def _removed(self, what: str, workflow_id: str, there: Runs, why: str) -> Mended:
        if there.running:
            await _end(self.archive, workflow_id, f"{_ASKED} --remove", f"流程 {workflow_id} 没有移除成功")
        repair = await self._on_record(workflow_id, "removed", 0, why, _runs(there))
        return Mended(what, repair, repair.what_was_done())

    async def _on_record(
        self, workflow_id: str, way: Way, standing: int, sickness: str, runs: tuple[str, str, str]
    ) -> Repair:
        """Say in the ledger what was done, and to which runs: the one that was there, the first one, the new one."""
        run_id, first_run_id, new_run_id = runs
        repair = Repair(
            workflow_id=workflow_id,
            way=way,
            run_id=run_id,
            first_run_id=first_run_id,
            new_run_id=new_run_id,
            standing=standing,
            reason=sickness.partition("：")[0][:_LONGEST_REASON],
            by=self.by,
        )
        await self.archive.log.record_repair(repair)
        return repair


def _runs(there: Runs | None, begun: str | None = None) -> tuple[str, str, str]:
    return (there.last if there else "", there.first if there else "", begun or "")


def _in_vain(what: str, left: str | None) -> ProjectUnavailableError:
    text = f"{what} 已另起一次运行，仍办不下去（{left or '新的运行还没有办理'}）：请告知系统维护人员。"
    return ProjectUnavailableError(text, project_id=what)


async def _end(archive: Archive, workflow_id: str, reason: str, undone: str) -> None:
    end = archive.engine.client.get_workflow_handle(workflow_id).terminate(reason=reason)
    await answered(archive.engine.client, end, undone)


def _is_ours(archive: Archive, workflow_id: str) -> bool:
    if workflow_id in archive.workflow_ids():
        return True
    # Whoever mail may reach has a mailbox from the start; until the first paper neither ledger nor outbox names it.
    states = (known_state(archive.ledger, project_id) for project_id in recorded_projects(archive.ledger))
    return any(
        workflow_id == mailbox_workflow_id(addressee)
        for state in states
        for addressee in addressees_for(state.project, state.policy)
    )


async def last_good_task(history: WorkflowHistory) -> int | None:
    """The completed task to which a run can be reset: the last one up to which today's code replays its history."""
    finished = [event.event_id for event in history.events if event.event_type == _TASK_COMPLETED]
    low, high = 0, len(finished)
    if finished and await replays(_until(history, finished[-1])):
        return finished[-1]
    # Where the code does not follow a history, it does not follow any that goes on from it.
    while low < high:
        middle = (low + high + 1) // 2
        if await replays(_until(history, finished[middle - 1])):
            low = middle
        else:
            high = middle - 1
    return finished[low - 1] if low else None


async def _would_stop(archive: Archive, workflow_id: str) -> bool:
    """Whether a run that rests would stop at its next task, because today's code does not follow its history."""
    there = await archive.engine.runs(workflow_id)
    history = await archive.engine.history(workflow_id, there.last) if there is not None and there.running else None
    return history is not None and not await replays(history)


def _until(history: WorkflowHistory, finish: int) -> WorkflowHistory:
    """A history as it was when the task began whose completion is the event `finish`."""
    events: Sequence[HistoryEvent] = history.events[: finish - 1]
    return WorkflowHistory(history.workflow_id, events)


async def _goes_on(archive: Archive, workflow_id: str) -> bool:
    """Wait until the last run has done what was to do, and none of its tasks is open; false where it does not."""
    deadline = time.monotonic() + _WELL_WITHIN_SECONDS
    while time.monotonic() < deadline:
        answer = await archive.engine.described(workflow_id)
        if answer is None:
            return False
        info = answer.workflow_execution_info
        if info.status != _RUNNING:
            return info.status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED
        if answer.pending_workflow_task.attempt > 2:
            return False
        # A run begins with a task: where none is open, it has done what was to do.
        if not answer.HasField("pending_workflow_task"):
            return True
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return False
