"""What an auditor asks: how it stood, what happened, whether it replays, what other rules would have made of it.

Nothing changes but the record of who read. No function here holds up a loop: stores are read in threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from application.audit.kept_histories import Archive, ExportedRun, exported_histories, recorded_hashes, runs_of
from application.audit.replaying import ReplayVerdict, replayed
from application.audit.who_acted import ActedBy, who_acted
from application.records import Records
from domain.acts.rejections import UnknownProjectError
from domain.clock import OFFICE_TIME, office_day
from domain.directory.every_name import present_names
from domain.events import ProjectDocketed
from domain.ids import ProjectId, supervision_workflow_id
from domain.ports.ledger import Ledger, Refusal
from domain.record.leaf import domain_event_of
from domain.record.recorded_directory import DirectoryReader
from domain.record.recorded_projects import (
    accepted_commands,
    is_project,
    listed_projects,
    recorded_events,
    recorded_of,
    recorded_projects,
    repairs_in,
    state_as_happened_at,
    state_as_known_at,
)
from domain.rules.policy import SupervisionPolicy
from domain.seeing.timeline import TimelineLine, timeline
from domain.seeing.views import RegisterView, view_of
from domain.seeing.what_if import Foreseen, foreseen
from domain.seeing.year_replay import Lived

_AGAIN_WHILE_RUNNING = 2


async def record_reading(records: Records, reader: str, command: str) -> None:
    """Say in the ledger who read it, before anything is answered.

    Raises:
        ClassifiedError: the name bears a classification mark, or a word that a policy refuses.
    """
    await records.log.open()
    await records.log.record_reading(reader, command)


class NotYetDocketedError(UnknownProjectError, rule="instant_after_docketing"):
    """A project came under supervision after the instant that is asked for."""

    at: str
    docketed_at: str

    def _sentence(self) -> str:
        day, time = self.docketed_at.split()
        if self.at.startswith(day):
            return (
                f"{self.at} 的登记簿里还没有项目 {self.project_id}：它 {self.docketed_at} 才立项，"
                f"请写明时刻，如 {day}T{time}。"
            )
        return f"{self.at} 的登记簿里还没有项目 {self.project_id}：它 {self.docketed_at} 才立项，请改看那时或以后。"


async def first_docketed(ledger: Ledger) -> datetime | None:
    """When the first project was docketed; none where there is none."""
    found = await asyncio.to_thread(lambda: next((event for _, event in recorded_of(ledger, {ProjectDocketed})), None))
    return found.decided_at.astimezone(OFFICE_TIME) if found is not None else None


async def nothing_yet(ledger: Ledger, at: datetime) -> str:
    """What to tell of an instant at which nothing was supervised."""
    first = await first_docketed(ledger)
    if first is None:
        return "台账里还没有项目：请先启动清单。"
    return f"{in_minutes(at)} 时还没有督办中的项目：第一个项目 {in_minutes(first)} 才立项，请改看那时或以后。"


def in_minutes(instant: datetime) -> str:
    """An instant of office time as one types it, not before it."""
    whole = instant.astimezone(OFFICE_TIME) + timedelta(minutes=1, microseconds=-1)
    return f"{whole:%Y-%m-%d %H:%M}"


async def register_at(
    ledger: Ledger, at: datetime, wanted: ProjectId | None = None, *, happened: bool = False
) -> RegisterView:
    """The register, or one project of it, as known (or as happened) at an instant of the supervised year.

    Raises:
        NotYetDocketedError: the wanted project came later.
        UnknownProjectError: there is no such project.
    """
    register = await asyncio.to_thread(_register_at, ledger, at, wanted, happened=happened)
    if wanted and not register.projects:
        docketed = await asyncio.to_thread(lambda: next(recorded_events(ledger, wanted), None))
        if docketed is None:
            raise UnknownProjectError(project_id=wanted)
        shown = in_minutes(docketed.decided_at)
        raise NotYetDocketedError(project_id=wanted, at=in_minutes(at), docketed_at=shown)
    return register


def _register_at(ledger: Ledger, at: datetime, wanted: ProjectId | None, *, happened: bool) -> RegisterView:
    state_at = state_as_happened_at if happened else state_as_known_at
    projects = [wanted] if wanted else recorded_projects(ledger)
    states = (state_at(ledger, project_id, at) for project_id in projects)
    return RegisterView(as_of=at, projects=tuple(view_of(state, at) for state in states if state is not None))


@dataclass(frozen=True, slots=True)
class ProjectHistory:
    """All that happened to a project, and the commands that were refused."""

    lines: Sequence[TimelineLine]
    refusals: Sequence[Refusal]
    acted: Mapping[int, ActedBy]
    """By whom, as attested, by the events' places in the stream."""


async def history_of(records: Records, project_id: ProjectId) -> ProjectHistory:
    """A project's whole history.

    Raises:
        UnknownProjectError: there is no such project.
    """
    found = await asyncio.to_thread(_history_of, records, project_id)
    if not found.lines:
        raise UnknownProjectError(project_id=project_id)
    return found


def _history_of(records: Records, project_id: ProjectId) -> ProjectHistory:
    stream = supervision_workflow_id(project_id)
    papers = {numbered.paper.paper_id: numbered for numbered in records.outbox.papers()}
    events = list(recorded_events(records.ledger, project_id))
    lines = timeline(stream, iter(events), papers)
    return ProjectHistory(lines, list(records.ledger.refusals(stream)), who_acted(records.evidence, events))


async def replay_verdicts(archive: Archive, wanted: ProjectId | None) -> list[ReplayVerdict]:
    """Today's code over the histories of one project, or of all, compared with the ledger.

    Raises:
        UnknownProjectError: there is no such project.
        EngineUnreachableError: the engine does not answer.
    """
    known = await asyncio.to_thread(recorded_projects, archive.ledger)
    if wanted and wanted not in known:
        raise UnknownProjectError(project_id=wanted)
    return [await _replay_verdict(archive, project_id) for project_id in ([wanted] if wanted else known)]


async def exported_verdicts(ledger: Ledger | None, folder: Path) -> list[ReplayVerdict]:
    """Today's code over the histories of a folder; compared with a ledger where there is one."""
    exported = exported_histories(folder)
    if ledger is None:
        return [await replayed([run.history for run in runs], None) for runs in exported.values()]
    return [await exported_verdict(ledger, workflow_id, runs) for workflow_id, runs in exported.items()]


async def exported_verdict(ledger: Ledger, workflow_id: str, runs: list[ExportedRun]) -> ReplayVerdict:
    """Replay a workflow's exported runs, compare events and file hashes with the ledger."""
    recorded = [domain_event_of(entry) for entry in ledger.entries(workflow_id)] if is_project(workflow_id) else None
    repairs = repairs_in(ledger, workflow_id)
    superseded = {repair.run_id for repair in repairs if repair.supersedes}
    histories = [run.history for run in runs if Path(run.name).stem not in superseded]
    verdict = await replayed(histories, recorded, repairs=repairs)
    hashes = recorded_hashes(ledger, workflow_id)
    changed = [run.name for run in runs if run.sha256 not in hashes]
    problems = [f"历史文件 {name} 的摘要不在台账中，被改动过或没有保存过" for name in changed]
    if verdict.problem:
        problems.append(verdict.problem)
    check = "hash" if changed else verdict.check
    return verdict.having(problem="；".join(problems) or None, check=check)


async def foreseen_under(
    ledger: Ledger, policy: SupervisionPolicy, until: datetime | None, engine_now: datetime
) -> Foreseen:
    """The same acts under another policy: what would be different by an instant (by now where none is given)."""
    return await asyncio.to_thread(_foreseen_under, ledger, policy, until, engine_now)


def _foreseen_under(
    ledger: Ledger, policy: SupervisionPolicy, until: datetime | None, engine_now: datetime
) -> Foreseen:
    clock = ledger.clock()
    now = clock.supervised(engine_now) if clock else engine_now
    projects = [
        Lived(list(recorded_events(ledger, project_id)), accepted_commands(ledger, project_id))
        for project_id in listed_projects(ledger)
    ]
    names = present_names(DirectoryReader(ledger, None).now(), office_day(now))
    return foreseen(projects, policy, until or now, now, names)


async def _replay_verdict(archive: Archive, project_id: ProjectId) -> ReplayVerdict:
    verdict = await _replayed_once(archive, project_id)
    for _ in range(_AGAIN_WHILE_RUNNING):
        if verdict.problem is None or verdict.recorded == verdict.computed:
            break
        # History and ledger are read one after the other while the project goes on: an event between the two reads is
        # no finding. A real difference stays.
        verdict = await _replayed_once(archive, project_id)
    return verdict


async def _replayed_once(archive: Archive, project_id: ProjectId) -> ReplayVerdict:
    workflow_id, ledger = supervision_workflow_id(project_id), archive.ledger
    runs = await runs_of(archive, workflow_id)
    recorded = list(recorded_events(ledger, project_id))
    there = [history for _, history in runs if history is not None]
    gone = [run_id or "？" for run_id, history in runs if history is None]
    if not there:
        return _without_history(workflow_id, len(recorded))
    verdict = await replayed(there, recorded, repairs=repairs_in(ledger, workflow_id), whole=not gone)
    return verdict.model_copy(update=_told_with_what_is_gone(gone, verdict)) if gone else verdict


def _told_with_what_is_gone(gone: Sequence[str], verdict: ReplayVerdict) -> Mapping[str, str]:
    """The problem of a workflow of which some runs are gone: which ones, and what the others showed."""
    others = verdict.problem or f"其余 {verdict.runs} 次运行重放一致，对上台账记录 {verdict.computed} 条"
    text = f"运行 {'、'.join(gone)} 的历史不在引擎中，也没有保存，不能重放（请从备份恢复）；{others}"
    return {"problem": text, "check": verdict.check or "code"}


def _without_history(workflow_id: str, recorded: int) -> ReplayVerdict:
    text = "历史不在引擎中，也没有保存，不能重放"
    return ReplayVerdict(
        workflow_id=workflow_id, runs=0, history_events=0, computed=0, recorded=recorded, problem=text, check="code"
    )
