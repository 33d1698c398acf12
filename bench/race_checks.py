"""What must hold after races: nothing is stuck, late or lost that was acknowledged, and every history replays."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.service import RPCError

from application.audit.kept_histories import history_bytes
from application.audit.replay_pool import replay_pool
from application.audit.replaying import replayed
from application.office.office import Office
from bench.histories import histories_of
from bench.patience import PATIENCE_SECONDS
from bench.report import Report
from domain.clock import VirtualClock
from domain.errors import DubanError
from domain.events import DomainEvent
from domain.evolution import evolve, fold
from domain.ids import DepartmentId, ProjectId, mailbox_workflow_id, supervision_workflow_id
from domain.record.leaf import domain_event_of
from domain.rungs.wakeups import due_actions, next_rung
from domain.state import ProjectState

# After a worker is back: until a dead worker's own queue is given up, and a herd on two busy cores is worked off.
_MAY_TAKE_SECONDS = 15.0
_LOOKS_AGAIN_SECONDS, _LOOKS_AT_LEAST_EVERY_SECONDS = 0.5, 4.0
# What a decision leaves in a history: the marker of a local activity, or a regular activity's start.
_DECIDED = frozenset({EventType.EVENT_TYPE_MARKER_RECORDED, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED})
# A message came while a run was ending: the server asks for the task once more, as it must.
_HARMLESS = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND


async def check(
    office: Office,
    acknowledged: Mapping[ProjectId, Sequence[str]],
    stuck: Mapping[ProjectId, str],
    report: Report,
    *,
    midway: bool = False,
) -> None:
    """Check every project: its history for what must not be there, the record for what must, the cold replay."""
    with replay_pool(len(acknowledged)) as pool:

        async def one(project_id: ProjectId) -> None:
            stream = supervision_workflow_id(project_id)
            histories = [history async for history in histories_of(office.engine, stream)]
            entries = list(office.records.ledger.entries(stream))
            recorded = [domain_event_of(entry) for entry in entries]
            found = [*await _ended(office, project_id), *_look_through(histories, report)]
            if project_id in stuck:
                found.append(f"stuck: {stuck[project_id]} (kept in {_kept(project_id, histories, recorded)})")
            found += _must_be_recorded(recorded, acknowledged[project_id])
            verdict = await pool.replayed(histories, entries, whole=False)
            ahead = len(recorded) - verdict.computed
            if verdict.problem is not None:
                found.append(f"replay: {verdict.problem} (kept in {_kept(project_id, histories, recorded)})")
            elif not 0 <= ahead <= _in_last_decision(recorded, midway=midway):
                found.append(f"replay: {verdict.computed} of {len(recorded)} events are computed")
            report.figures["events in the ledger"] += len(recorded)
            report.problems += [f"{project_id}: {each}" for each in found]

        await pool.each(acknowledged, one)


async def never_at_rest(
    projects: Iterable[ProjectId], unrest: Callable[[ProjectId], Awaitable[str | None]]
) -> dict[ProjectId, str]:
    """What is wrong with the projects that still have an `unrest` when patience ends."""
    gate, deadline = asyncio.Semaphore(32), time.monotonic() + PATIENCE_SECONDS

    async def one(project_id: ProjectId) -> tuple[ProjectId, str | None]:
        async with gate:
            pause = _LOOKS_AGAIN_SECONDS
            while (problem := await unrest(project_id)) and time.monotonic() < deadline:
                await asyncio.sleep(pause)
                # What has more to do is asked less often: each question is a task of the engine and of the worker.
                pause = min(2 * pause, _LOOKS_AT_LEAST_EVERY_SECONDS)
            return project_id, problem

    found = await asyncio.gather(*map(one, projects))
    return {project_id: problem for project_id, problem in found if problem}


async def unanswered(office: Office, project_id: ProjectId) -> str | None:
    """Why a project does not answer a question, where it does not."""
    try:
        await office.engine.state(project_id)
    except (DubanError, RPCError) as error:
        return f"does not answer: {str(error)[:300]}"
    return None


def _kept(name: str, runs: Sequence[WorkflowHistory], events: Sequence[DomainEvent]) -> Path:
    """Where a history that differs is kept, for what came together once will hardly do so again."""
    folder = Path(tempfile.mkdtemp(prefix=f"duban-bench-differs-{name}-"))
    for number, run in enumerate(runs, start=1):
        (folder / f"run-{number}.bin").write_bytes(history_bytes(run))
    (folder / "events.jsonl").write_text("\n".join(each.model_dump_json() for each in events), encoding="utf-8")
    return folder


def _in_last_decision(recorded: Sequence[DomainEvent], *, midway: bool) -> int:
    """By how many events the ledger may be ahead: a worker that is stopped midway has recorded what the engine lost."""
    return sum(event.decided_at == recorded[-1].decided_at for event in recorded) if midway else 0


async def _ended(office: Office, project_id: ProjectId) -> list[str]:
    described = await office.engine.client.get_workflow_handle(supervision_workflow_id(project_id)).describe()
    goes_on = described.status in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED)
    return [] if goes_on else [f"ended: the supervision is {described.status}"]


def _look_through(histories: Sequence[WorkflowHistory], report: Report) -> Iterator[str]:
    """What must not be in histories; they are counted."""
    report.figures["runs"] += len(histories)
    for history in histories:
        report.figures["history events"] += len(history.events)
        for event in history.events:
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
                report.figures["workflow tasks that timed out"] += 1
            elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                failed = event.workflow_task_failed_event_attributes
                if failed.cause != _HARMLESS:
                    yield f"failed: event {event.event_id}: {failed.failure.message[:300]}"
        for event_id in armed_again(history):
            yield f"armed again: event {event_id} waits for what the last timer has waited for"


def unfired(history: WorkflowHistory, before: datetime) -> bool:
    """Whether a run's timer should have fired before an instant (UTC) and did not: the engine lost it."""
    waits: dict[int, datetime] = {}
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            timeout = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            waits[event.event_id] = event.event_time.ToDatetime(UTC) + timeout
        elif event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            waits.pop(event.timer_fired_event_attributes.started_event_id, None)
    return any(at < before for at in waits.values())


def armed_again(history: WorkflowHistory) -> Iterator[int]:
    """The timers that wait for the very thing that the timer before them has fired for, with no decision between."""
    about: dict[int, bytes] = {}
    fired: bytes | None = None
    for event in history.events:
        kind = event.event_type
        if kind == EventType.EVENT_TYPE_TIMER_FIRED:
            fired = about.get(event.timer_fired_event_attributes.started_event_id)
        elif kind in _DECIDED:
            fired = None
        elif kind == EventType.EVENT_TYPE_TIMER_STARTED:
            # Its summary says what it waits for, and when that is due.
            about[event.event_id] = event.user_metadata.summary.data
            if fired is not None and about[event.event_id] == fired:
                yield event.event_id
            fired = None


def _must_be_recorded(recorded: Sequence[DomainEvent], acknowledged: Sequence[str]) -> Iterator[str]:
    told, state = "\n".join(event.model_dump_json() for event in recorded), fold(recorded)
    if state is not None and state.closed:
        return  # an archived project takes no more
    for text in acknowledged:
        if not re.search(rf"{re.escape(text)}(?!\d)", told):
            yield f"lost: {text} was acknowledged and is not on record"


def lateness(recorded: Iterable[DomainEvent], clock: VirtualClock) -> Iterator[tuple[datetime, timedelta]]:
    """For each decision the engine's instant of it, and by how much what had come due before it was late."""
    state: ProjectState | None = None
    decided: datetime | None = None
    for event in recorded:
        if state is not None and event.decided_at != decided:
            due = next_rung(state, event.decided_at)
            if due is not None and due.at <= event.decided_at:
                at = clock.engine(event.decided_at)
                yield at, at - clock.engine(due.at)
        state, decided = evolve(state, event), event.decided_at


def attended(since: datetime, until: datetime, outages: Sequence[tuple[datetime, datetime]]) -> float:
    """The seconds between two instants in which a worker was there."""
    away = (min(ended, until) - max(begun, since) for begun, ended in outages)
    return (until - since - sum((each for each in away if each > timedelta()), timedelta())).total_seconds()


def late(
    office: Office,
    projects: Iterable[ProjectId],
    clock: VirtualClock,
    outages: Sequence[tuple[datetime, datetime]],
    report: Report,
    *,
    to_read: float = 0.0,
) -> None:
    """Note what was decided later than the outages explain; the last outage is the end of all.

    `to_read` are the seconds that a fresh worker needs to read the histories of all projects again.
    """
    may_take = _MAY_TAKE_SECONDS + to_read
    for project_id in projects:
        recorded = [
            domain_event_of(entry) for entry in office.records.ledger.entries(supervision_workflow_id(project_id))
        ]
        state, long_before = fold(recorded), outages[-1][0] - timedelta(seconds=may_take)
        someone_was_there = all(ended <= long_before for _, ended in outages[:-1])
        for due in due_actions(state, clock.supervised(long_before)) if state and someone_was_there else ():
            report.problems.append(f"{project_id}: late: {due.rung.name} was due at {due.at} and is not taken")
        for decided, by in lateness(recorded, clock):
            seconds = attended(decided - by, decided, outages)
            report.most("latest decision: a worker had been there since it was due for, s", seconds)
            if seconds > may_take:
                since = f"was due at {decided - by:%H:%M:%S}, decided at {decided:%H:%M:%S}"
                report.problems.append(f"{project_id}: late: {since}, a worker was there for {seconds:.0f} s")


async def check_mailboxes(office: Office, addressees: Iterable[DepartmentId], report: Report) -> None:
    """What is wrong with the mailboxes' histories: armed again in vain, a task that failed, a replay that differs."""
    for addressee in addressees:
        stream = mailbox_workflow_id(addressee)
        histories = [history async for history in histories_of(office.engine, stream)]
        found = list(_look_through(histories, report))[:2]
        if problem := (await replayed(histories, None)).problem:
            found.append(f"replay: {problem} (kept in {_kept('mailbox', histories, [])})")
        report.problems += [f"{stream}: {each}" for each in found]
