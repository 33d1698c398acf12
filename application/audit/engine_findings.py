"""What an audit finds in the engine itself: what does not go on, resets around the house, missing mailboxes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause

from application.audit.kept_histories import Archive
from application.engine_room.mailboxes import without_mailbox
from application.engine_room.standing import listed_workflows, sick_projects
from application.engine_room.unavailable import Unavailable, sentences, told_of
from domain.errors import DubanError
from domain.ids import ProjectId, is_mailbox, mailbox_workflow_id, supervised_project_id, supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import is_project, known_state, repairs_in
from domain.state import ProjectState

_SENT = "NoticeSent"
_ENDED_BY_HAND = "WorkflowId STARTS_WITH 'key-project/' AND ExecutionStatus='Terminated'"
_ASKED_FOR_SECONDS = 5.0
_ASKED_AT_ONCE = 4
_RESET = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW


async def engine_findings(
    archive: Archive, states: Mapping[ProjectId, ProjectState], engine_now: datetime
) -> list[tuple[str, str]]:
    """What does not go on in the engine of the recorded projects, or was done there around the house: workflow and
    sentence, for the audit.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    closed = {project_id: state.closed for project_id, state in states.items()}
    sick = await sick_projects(archive.engine, closed, engine_now)
    found = [
        (supervision_workflow_id(project_id), text)
        for project_id, text in zip(sorted(sick), sentences(sick), strict=True)
    ]
    for project_id, state in states.items():
        if not state.closed and project_id not in sick and await unnoted_reset(archive, project_id):
            found.append((supervision_workflow_id(project_id), _reset_told(project_id)))
    return found + await _mailboxes_missing(archive)


async def resets_told(archive: Archive) -> list[str]:
    """What was reset in the engine and stands in no record, of what the engine still has an ended run of: a sentence
    each. A look at what was ended takes a moment; an audit looks at every project (`engine_findings`).

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    ended = {info.execution.workflow_id async for info in listed_workflows(archive.engine, _ENDED_BY_HAND)}
    projects = [supervised_project_id(workflow_id) for workflow_id in sorted(ended) if is_project(workflow_id)]
    return [_reset_told(project_id) for project_id in projects if await unnoted_reset(archive, project_id)]


async def ahead_by(archive: Archive, project_id: ProjectId) -> int:
    """How many events a run knows that no ledger has: an older one was put into its place (docs/adr/0273). Below
    nothing, how many it does not know of its record: the engine's database was put back (docs/adr/0262).

    Raises:
        DubanError: the project does not answer.
    """
    known = await archive.engine.state(project_id)
    # Read after the run: what it knew then stands in its ledger by now.
    return known.next_seq - known_state(archive.ledger, project_id).next_seq


async def ahead_of_the_ledger(archive: Archive, project_ids: Iterable[ProjectId]) -> dict[ProjectId, Unavailable]:
    """Those of open projects whose runs know what no ledger has, as far as they answer within seconds: whoever acts on
    one of the others is told by the project itself."""
    ahead: dict[ProjectId, Unavailable] = {}
    left = iter(project_ids)

    async def ask() -> None:
        for project_id in left:
            with suppress(DubanError):
                if await ahead_by(archive, project_id) > 0:
                    ahead[project_id] = told_of(project_id, "ahead", "")

    with suppress(TimeoutError):
        async with asyncio.timeout(_ASKED_FOR_SECONDS):
            await asyncio.gather(*(ask() for _ in range(_ASKED_AT_ONCE)))
    return ahead


def _reset_told(project_id: ProjectId) -> str:
    return f"{project_id} 在引擎中被重置过，台账没有记载：请管理员运行 duban engine repair {project_id} 补记。"


async def _mailboxes_missing(archive: Archive) -> list[tuple[str, str]]:
    waiting = [mail.addressee for mail in archive.outbox.open_mail()]
    missing = await without_mailbox(archive.engine, waiting)
    if len(missing) == len(waiting) and not _was_anything_sent(archive.ledger):
        return []  # a rehearsal has no mailboxes: nothing is sent there
    text = (
        "有文书待发，而负责发送的流程（收文流程）没有在运行："
        "督办程序几分钟内会自动补开，十分钟后仍没有的，请管理员看日志（logs/duban.log）。"
    )
    return [(mailbox_workflow_id(addressee), f"{addressee} {text}") for addressee in missing]


def _was_anything_sent(ledger: Ledger) -> bool:
    mailboxes = filter(is_mailbox, ledger.streams())
    return any(entry.type == _SENT for stream in mailboxes for entry in ledger.entries(stream))


async def unnoted_reset(archive: Archive, project_id: ProjectId) -> tuple[str, str, str] | None:
    """The runs of a reset that the ledger does not have: the one that was reset, its chain's first, the new one."""
    workflow_id = supervision_workflow_id(project_id)
    there = await archive.engine.runs(workflow_id)
    # A run that was reset is never the first of its chain, as the engine counts.
    if there is None or there.first == there.last:
        return None
    history = await archive.engine.history(workflow_id, there.last)
    for event in history.events if history else ():
        failed = event.workflow_task_failed_event_attributes
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED and failed.cause == _RESET:
            known = {repair.run_id for repair in repairs_in(archive.ledger, workflow_id)}
            if failed.base_run_id not in known:
                return failed.base_run_id, there.first, failed.new_run_id
    return None
