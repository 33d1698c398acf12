"""A rehearsal copy of the running year: another folder, another log, other keys, no channels; its time may be moved.

The year itself is only read, as a backup reads it. In the copy time runs as fast as is asked for, and goes to a day at
once: everything until then happens on an engine that skips time, decision by decision at its own instant.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.common import WorkflowIDConflictPolicy

from application.audit.replaying import state_given
from application.engine_room.embedded import EmbeddedEngine
from application.engine_room.mailboxes import hours_of
from application.office.backing_up import RESTORED_BESIDES, NotEmptyError, Tools, back_up, restore
from application.office.office import Office
from application.office.starting import addressees_for
from application.records import Records
from application.rehearsing.skipping import pass_time, skipping_engine
from application.settings import COPY_MARK, Settings
from domain.clock import VirtualClock
from domain.errors import InputError
from domain.ids import supervision_workflow_id
from domain.names import Addressee
from domain.ports.ledger import Ledger
from domain.record.leaf import INCIDENT_STREAM, REPAIRED
from domain.record.recorded_projects import recorded_states, repairs_in
from domain.record.rehearsals import REHEARSAL_STREAM, NotARehearsalError, Rehearsal, rehearsal_of
from domain.record.repairs import Repair
from domain.state import ProjectState
from workflows.inputs import MailboxInput, SupervisionInput

MOST_DAYS = 800
_LONGER_THAN_ANY_JUMP = timedelta(days=3_000)
_PART = ".copying"


class BackwardsError(InputError, rule="time_goes_on"):
    """Time goes on, in a copy too."""


class CopyAtWorkError(InputError, rule="copy_at_rest"):
    """A copy whose engine runs is not moved: what it decides and what the jump decides would be two years."""


def copy_year(settings: Settings, tools: Tools, copy: Settings, tools_of_copy: Tools, now: datetime) -> str:
    """Copy a year as it stands into an empty folder, without its engine and without its keys; answer the name of the
    log that begins there. The folder appears whole, with the mark of a copy, or not at all.

    Raises:
        NotEmptyError: something is in the folder already.
        InputError: there is no year to copy, or it cannot be written.
    """
    if copy.data.exists() and (not copy.data.is_dir() or any(copy.data.iterdir())):
        text = f"“{copy.data}”不是空的：没有复制，未作任何改动；请写一个新的或空的目录。"
        raise NotEmptyError(text, place=str(copy.data))
    place = copy.data.with_name(f"{copy.data.name}{_PART}")
    copy.data.parent.mkdir(parents=True, exist_ok=True)
    back_up(settings, tools, place, None, (), now)
    try:
        restored = restore(copy, tools_of_copy, place, None, (), _made_a_copy)
    finally:
        place.unlink(missing_ok=True)
    if restored.generation is None:
        raise InputError(f"数据目录 {settings.data} 里还没有台账，没有可演练的：请先启动清单。")
    return restored.generation.origin


def _made_a_copy(folder: Path) -> None:
    """Take out what is the year's alone, and mark the folder."""
    there = Settings(data=folder)
    for besides in (there.engine_folder, folder / RESTORED_BESIDES):
        shutil.rmtree(besides, ignore_errors=True)
    # What signs in the year's name, the key of the log's generation before, and what opens the engine's contents.
    named = (*there.keys_folder.glob("door-*"), *there.keys_folder.glob("ledger.key.*"))
    # Accounts too: a copy is shown around, and holds nobody's password, session or token, and no receiver of changes.
    named = (*named, *folder.glob(f"{there.accounts_file.name}*"))
    for key in (*named, there.payload_keys_file, there.made_payload_keys_file):
        key.unlink(missing_ok=True)
    (folder / COPY_MARK).write_text("{}\n", encoding="utf-8")


async def set_time(records: Records, copied_from: str, clock: VirtualClock, now: datetime) -> None:
    """Say in a copy's log how its time runs from now on."""
    await records.log.open()
    await records.log.record_rehearsal(Rehearsal(copied_from=copied_from, said_at=now, clock=clock))


async def let_time_go_on(records: Records, now: datetime) -> None:
    """Let the time of a copy begin that stood still: nobody has opened it since it was made or moved."""
    rehearsal = await asyncio.to_thread(rehearsal_of, records.ledger)
    if rehearsal is not None and _stands_still(records.ledger):
        clock = VirtualClock(engine_at=now, supervised_at=rehearsal.clock.supervised_at, speed=rehearsal.clock.speed)
        await set_time(records, rehearsal.copied_from, clock, now)


def _stands_still(ledger: Ledger) -> bool:
    """Whether no supervision has gone on from the record since the copy's time was said last."""
    said = max(entry.position for entry in ledger.entries(REHEARSAL_STREAM))
    return not any(entry.type == REPAIRED for entry in ledger.entries(INCIDENT_STREAM, after=said))


@dataclass(frozen=True, slots=True)
class Jump:
    """To which instant a copy goes, how fast its time runs afterwards, and what instant of the engine it is now."""

    to: datetime
    speed: int
    engine_now: datetime


async def jump(
    settings: Settings,
    records: Records,
    activities: Sequence[Callable[..., Any]],
    asked: Jump,
    on_progress: Callable[[datetime], None] = lambda _: None,
) -> tuple[datetime, int]:
    """Let a copy's time go to an instant with all that falls due; answer where it began, and how many entries came.

    Raises:
        NotARehearsalError: it is the year itself. Nothing is changed then.
        BackwardsError: the instant is over, or too far away.
        CopyAtWorkError: the copy's engine runs.
    """
    rehearsal = await asyncio.to_thread(rehearsal_of, records.ledger)
    if rehearsal is None:
        raise NotARehearsalError(place=str(settings.data))
    stands, clock = _stands_still(records.ledger), rehearsal.clock
    start = clock.supervised(clock.engine_at if stands and clock.engine_at else asked.engine_now)
    if not start < asked.to <= start + timedelta(days=MOST_DAYS):
        text = f"副本的时间现在是 {start:%Y-%m-%d %H:%M}：请写此后 {MOST_DAYS} 天之内的日期，未作任何改动。"
        raise BackwardsError(text)
    if EmbeddedEngine(settings).running() is not None:
        raise CopyAtWorkError("副本正在运行，未作任何改动：请先停下副本的 duban run，再跳转。")
    before = sum(1 for _ in records.ledger.entries())
    await _played(records, activities, start, asked.to, on_progress)
    after = sum(1 for _ in records.ledger.entries())
    moved = VirtualClock(engine_at=asked.engine_now, supervised_at=asked.to, speed=asked.speed)
    await set_time(records, rehearsal.copied_from, moved, asked.engine_now)
    # What runs there was told another time: the next run begins every supervision from the record.
    shutil.rmtree(settings.engine_folder, ignore_errors=True)
    return start, after - before


async def _played(
    records: Records,
    activities: Sequence[Callable[..., Any]],
    start: datetime,
    to: datetime,
    on_progress: Callable[[datetime], None],
) -> None:
    async with skipping_engine(activities) as (environment, engine):
        clock = VirtualClock(engine_at=await environment.get_current_time(), supervised_at=start)
        states = [state for state in recorded_states(records.ledger).values() if not state.closed]
        for state in states:
            given, running = SupervisionInput(clock=clock, state=state), WorkflowIDConflictPolicy.FAIL
            await engine.begin_another_run(given, running, execution_timeout=_LONGER_THAN_ANY_JUMP)
        for name, state in _addressees(records, states).items():
            mailbox = MailboxInput(addressee=name, clock=clock, policy=hours_of(state.policy), calendar=state.calendar)
            await engine.start_mailbox(mailbox, execution_timeout=_LONGER_THAN_ANY_JUMP)
        at = start
        while at < to:
            at = min(at + timedelta(days=7), to)
            await pass_time(environment, clock.engine(at))
            on_progress(at)


def _addressees(records: Records, states: Sequence[ProjectState]) -> dict[Addressee, ProjectState]:
    """Everyone whom a paper may reach, each with a project whose hours and calendar it keeps."""
    found = {name: state for state in states for name in addressees_for(state.project, state.policy)}
    if states:
        found |= {item.addressee: states[0] for item in records.outbox.items() if item.addressee not in found}
    return found


async def begin_from_the_record(office: Office) -> int:
    """Let every open project of a copy go on from the record where no run of it is there; answer how many began.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    clock, begun = office.clock, 0
    for project_id, state in (await asyncio.to_thread(recorded_states, office.records.ledger)).items():
        if state.closed:
            continue
        workflow_id = supervision_workflow_id(project_id)
        given = SupervisionInput(clock=clock, state=state)
        run_id = await office.engine.begin_another_run(given, WorkflowIDConflictPolicy.FAIL)
        if run_id is not None:
            begun += 1
            await _say_that_it_began(office, workflow_id, run_id, state)
        elif (untold := await _untold_run(office, workflow_id)) is not None:
            await _say_that_it_began(office, workflow_id, *untold)
    return begun


async def _untold_run(office: Office, workflow_id: str) -> tuple[str, ProjectState] | None:
    """A run that began from the record without a word of it, for we were killed between the two; and from where."""
    there = await office.engine.runs(workflow_id)
    told = await asyncio.to_thread(repairs_in, office.records.ledger, workflow_id)
    if there is None or there.first in {run for each in told for run in (each.new_run_id, each.first_run_id)}:
        return None
    history = await office.engine.history(workflow_id, there.first)
    if history is None or not history.events:
        return None
    state = state_given(history.events[0].workflow_execution_started_event_attributes.input.payloads)
    return None if state is None else (there.first, state)


async def _say_that_it_began(office: Office, workflow_id: str, run_id: str, state: ProjectState) -> None:
    """Without this word an auditor would find a run that nothing began."""
    await office.records.log.record_repair(
        Repair(
            workflow_id=workflow_id,
            way="restarted",
            run_id="",
            first_run_id="",
            new_run_id=run_id,
            standing=state.next_seq,
            reason="演练副本",
            by="engine",
        )
    )
