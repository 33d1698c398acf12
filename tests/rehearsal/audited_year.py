"""A rehearsed 2018 of the real list with its ledger, log and vault still open, and its engine still there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from activities.recording import RecordingActivities
from adapters.calendar.state_council import state_council_calendar
from application.audit.kept_histories import Archive, history_from, keep_closed_runs
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from application.office.directory_stream import append_to_directory
from application.office.starting import START_OF_DAY, Year
from application.records import Records
from application.rehearsing.behaviours import behaviour_of, last_instant, script
from application.rehearsing.rehearsal import _start
from application.rehearsing.skipping import pass_time
from application.settings import Settings
from domain.actors import department
from domain.acts.commands import AnyCommand, ReportProgress, RequestCompletion
from domain.clock import VirtualClock
from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.draft import Draft
from domain.errors import LedgerUnavailableError
from domain.events import CompletionRequested
from domain.ids import ProjectId, supervision_workflow_id
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Decision, Ledger
from domain.rules.calendar import office_instant
from domain.rules.policy import SupervisionPolicy
from domain.seeing.views import ProjectView
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.plan_files import load_plan
from tests.rehearsal.overseers import Overseers
from workflows.activity_options import SHORT
from workflows.inputs import CommandMessage

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "2018-key-projects.yaml"
_PERIODS = 6
"""So many times the overseers look at the ledger."""
LOOKED_AT = datetime.fromisoformat("2018-06-30T09:00+08:00")
_TRIES = SHORT["retry_policy"].maximum_attempts
_FIRST, HANDED_OVER = date(2018, 4, 25), date(2018, 6, 30)
HEADS = {
    "组织部": (("王伟", _FIRST, HANDED_OVER), ("张敏", HANDED_OVER + timedelta(days=1), None)),
    "宣传部": (("刘洋", _FIRST, None),),
}
"""Who heads a department of that year, from and until when."""
SIGNALLED = "2018-02"
"""The project that is also told something by signal."""


@dataclass(frozen=True, slots=True)
class AuditedYear:
    """The year gone by: what `status` said at `LOOKED_AT`, and all that an auditor has."""

    settings: Settings
    records: Records
    archive: Archive
    end: datetime
    engine_now: datetime
    looked: tuple[ProjectView, ...]
    kept: int
    overseers: Overseers

    def history(self, project_id: ProjectId) -> WorkflowHistory:
        """A project's only run, as it was kept."""
        workflow_id = supervision_workflow_id(project_id)
        places = [name for name in self.records.vault.files() if name.startswith(f"histories/{workflow_id}/")]
        (place,) = [name for name in places if name.endswith(".pb")]
        return history_from(workflow_id, self.records.vault.read(place))


class Interrupted:
    """The ledger, away for one decision of the signalled project: the first that asks for a completion."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._refusals = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def record(self, decision: Decision) -> None:
        """Refuse as often as the workflow's task tries by itself, so that the engine has to carry the decision."""
        asks = any(isinstance(event, CompletionRequested) for event in decision.events)
        if asks and decision.stream == supervision_workflow_id(SIGNALLED) and self._refusals < _TRIES:
            self._refusals += 1
            raise LedgerUnavailableError("away", place="here")
        await self._ledger.record(decision)


@asynccontextmanager
async def audited_year(folder: Path, behaviour: str) -> AsyncIterator[AuditedYear]:
    """Rehearse the year, asking for the register at `LOOKED_AT` on the way."""
    settings = Settings(data=folder)
    listed = load_plan(EXAMPLE)
    calendar = state_council_calendar(range(2017, 2021))
    start = office_instant(listed.issued_on, START_OF_DAY)
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
    )
    async with environment:
        with open_records(settings) as records, environment.auto_time_skipping_disabled():
            await records.log.open()
            await _keep_a_directory(records, start)
            overseers = await Overseers.appointed(settings, records)
            engine = Engine(environment.client, "audited")
            await engine.prepare_namespace()
            recording = RecordingActivities(cast(Ledger, Interrupted(records.ledger)), names=records.evidence)
            activities = [recording.record_decision]
            async with build_worker(environment.client, task_queue="audited", activities=activities):
                clock = VirtualClock(engine_at=await environment.get_current_time(), supervised_at=start)
                year = Year(listed, SupervisionPolicy(), calendar, clock)
                end = last_instant(year, start)
                ids = [project.project_id for project in listed.projects]
                acts = script(year, behaviour_of(behaviour, listed), start)
                await _start_on(engine, year)
                looked: tuple[ProjectView, ...] = ()
                groups = [(at, list(together)) for at, together in groupby(acts, key=lambda act: act.at)]
                for number, (at, together) in enumerate(groups):
                    if number and number % (len(groups) // _PERIODS) == 0:
                        await overseers.end_a_period()
                    if at > LOOKED_AT and not looked:
                        looked = await _look(environment, engine, clock, ids)
                    await pass_time(environment, clock.engine(at))
                    for act in together:
                        await engine.command(act.project_id, await _with_evidence(records.evidence, act.command))
                if not looked:
                    looked = await _look(environment, engine, clock, ids)
                await pass_time(environment, clock.engine(end))
                archive = Archive(engine, records.ledger, records.outbox, records.log, records.vault, records.evidence)
                kept = await keep_closed_runs(archive)
                await overseers.end_a_period()
                now = await environment.get_current_time()
                yield AuditedYear(settings, records, archive, end, now, looked, kept, overseers)


async def _keep_a_directory(records: Records, start: datetime) -> None:
    """Two departments whose heads are known, one of them handed over at the middle of the year."""
    draft = Draft(Directory(), start, "administrator:P0001", "request:directory")
    changes.open_person(draft, "李红", from_on=start.date())
    changes.give_role(draft, "P0001", "administrator")
    for name, heads in HEADS.items():
        department_id = changes.open_department(draft, name, from_on=start.date())
        for head, first, last in heads:
            person = changes.open_person(draft, head, from_on=start.date())
            period: dict[str, Any] = {"from_on": first, "until_on": last}
            changes.give_role(draft, person, "head", department_id=department_id, **period)
    await append_to_directory(records.own_streams, records.evidence, draft.events)


async def _with_evidence(store: EvidenceStore, command: AnyCommand) -> AnyCommand:
    """A request for completion shows the minutes of a meeting, as a file, and a word on the photographs."""
    if not isinstance(command, RequestCompletion):
        return command
    minutes = f"{command.milestone_id} {command.done_on} 会议纪要\n".encode() * (1 + len(command.milestone_id) % 7)
    shown = await store.keep(f"{command.milestone_id} 会议纪要.txt", minutes)
    return command.model_copy(update={"evidence": (str(shown), "另有现场照片")})


async def _start_on(engine: Engine, year: Year) -> None:
    await _start(engine, year)
    handle = engine.client.get_workflow_handle(supervision_workflow_id(SIGNALLED))
    lead = next(project for project in year.listed.projects if project.project_id == SIGNALLED).lead_department
    report = ReportProgress(
        request_id="signalled-1", by=department(lead), milestone_id=f"{SIGNALLED}-01", text="正在推进"
    )
    await handle.signal("command", CommandMessage(report))


async def _look(
    environment: WorkflowEnvironment, engine: Engine, clock: VirtualClock, ids: list[ProjectId]
) -> tuple[ProjectView, ...]:
    await pass_time(environment, clock.engine(LOOKED_AT - timedelta(seconds=1)))
    await environment.sleep(1)
    return tuple([await engine.status(project_id, LOOKED_AT) for project_id in ids])
