"""What an auditor asks: the timeline, the replay. Nothing changes but the record of who read."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
from rich.table import Table

from application.audit.kept_histories import ExportedRun, exported_histories, histories_of, recorded_hashes
from application.audit.replaying import ReplayVerdict, replayed
from application.office.office import Office
from application.settings import Settings
from domain.acts.rejections import UnknownProjectError
from domain.clock import OFFICE_TIME
from domain.ids import ProjectId, supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project, recorded_events, recorded_projects, repairs_in
from domain.seeing.timeline import TimelineLine, timeline
from entrypoints.bootstrap import (
    has_ledger,
    must_have_ledger,
    open_log,
    open_office,
    open_records,
    replay_kept,
    unkept_runs,
)
from entrypoints.cli.acting import project_named
from entrypoints.cli.inquiry import as_of, keep, reader_option, reconcile, recorded_reading, what_if
from entrypoints.cli.ledger import ledger_commands
from entrypoints.cli.session import data_option, json_option, out, print_json, run_async, settings_of

_AGAIN_WHILE_RUNNING = 2


@click.group()
def audit() -> None:
    """审计：只读，不改变任何东西。"""


@audit.command()
@click.argument("project")
@click.option("--refusals", is_flag=True, help="同时列出不予办理的指令")
@reader_option
@data_option
@json_option
@click.pass_context
def history(context: click.Context, project: str, refusals: bool, reader: str, data: str | None, as_json: bool) -> None:
    """一个项目的全部经过：何时、何人、何事、何故、何文书。"""
    settings = settings_of(context, data=data)
    project_id = project_named(project)
    must_have_ledger(settings)
    stream = supervision_workflow_id(project_id)
    with open_records(settings) as records:
        asyncio.run(recorded_reading(records, reader, "audit history"))
        papers = {numbered.paper.paper_id: numbered for numbered in records.outbox.papers()}
        lines = timeline(stream, recorded_events(records.ledger, project_id), papers)
        refused = records.ledger.refusals(stream) if refusals else ()
    if not lines:
        raise UnknownProjectError(project_id=project_id)
    if as_json:
        answer = {"project_id": project_id, "events": [line.model_dump(mode="json") for line in lines]}
        if refusals:
            answer["refusals"] = [refusal.model_dump(mode="json") for refusal in refused]
        print_json(answer)
        return
    out().print(_timeline_table(project_id, lines))
    for refusal in refused:
        out().print(
            f"{refusal.refused_at.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M} 不予办理（{refusal.rule}）：{refusal.text}"
        )


@audit.command()
@click.argument("project", required=False, metavar="[项目|目录]")
@reader_option
@data_option
@json_option
@click.pass_context
def replay(context: click.Context, project: str | None, reader: str, data: str | None, as_json: bool) -> int:
    """用现在的代码重放历史，并与台账逐条核对（不写项目则全部；写目录则重放其中导出的历史，不需要引擎）。"""
    settings = settings_of(context, data=data)
    if project and Path(project).is_dir():
        return _tell(asyncio.run(_exported_verdicts(settings, Path(project), reader)), as_json=as_json)
    wanted = project_named(project) if project else None

    async def all_verdicts() -> list[ReplayVerdict]:
        async with open_office(settings) as office:
            await recorded_reading(office.records, reader, "audit replay")
            known = recorded_projects(office.records.ledger)
            if wanted and wanted not in known:
                raise UnknownProjectError(project_id=wanted)
            return [await _verdict(office, project_id) for project_id in ([wanted] if wanted else known)]

    return _tell(run_async(all_verdicts()), as_json=as_json)


def _tell(verdicts: list[ReplayVerdict], *, as_json: bool) -> int:
    if as_json:
        print_json({"replays": [verdict.model_dump(mode="json") for verdict in verdicts]})
    else:
        for verdict in verdicts:
            agreed = f"一致：{verdict.runs}次运行、{verdict.history_events}个历史事件、{verdict.computed}条台账事件"
            out().print(f"{verdict.workflow_id} {verdict.problem or agreed}")
            for repair in verdict.repairs:
                out().print(f"    {repair}", markup=False)
    return 1 if any(verdict.problem for verdict in verdicts) else 0


async def _exported_verdicts(settings: Settings, folder: Path, reader: str) -> list[ReplayVerdict]:
    exported = exported_histories(folder)
    if not has_ledger(settings):
        return [await replayed([run.history for run in runs], None) for runs in exported.values()]
    with open_records(settings) as records:
        await recorded_reading(records, reader, "audit replay")
        return [await exported_verdict(records.ledger, workflow_id, runs) for workflow_id, runs in exported.items()]


async def exported_verdict(ledger: Ledger, workflow_id: str, runs: list[ExportedRun]) -> ReplayVerdict:
    """Replay a workflow's exported runs, compare events and file hashes with the ledger."""
    recorded = [domain_event_of(entry) for entry in ledger.entries(workflow_id)] if is_project(workflow_id) else None
    repairs = repairs_in(ledger, workflow_id)
    superseded = {repair.run_id for repair in repairs}
    histories = [run.history for run in runs if Path(run.name).stem not in superseded]
    verdict = await replayed(histories, recorded, repairs=repairs)
    hashes = recorded_hashes(ledger, workflow_id)
    changed = [run.name for run in runs if run.sha256 not in hashes]
    problems = [f"历史文件 {name} 的摘要不在台账中，被改动过或没有保存过" for name in changed]
    if verdict.problem:
        problems.append(verdict.problem)
    check = "hash" if changed else verdict.check
    return verdict.model_copy(update={"problem": "；".join(problems) or None, "check": check})


async def _verdict(office: Office, project_id: ProjectId) -> ReplayVerdict:
    workflow_id = supervision_workflow_id(project_id)
    verdict = await _replayed_once(office, project_id, workflow_id)
    for _ in range(_AGAIN_WHILE_RUNNING):
        if verdict.problem is None or verdict.recorded == verdict.computed:
            break
        # History and ledger are read one after the other while the project goes on: an event between the two reads is
        # no finding. A real difference stays.
        verdict = await _replayed_once(office, project_id, workflow_id)
    return verdict


async def _replayed_once(office: Office, project_id: ProjectId, workflow_id: str) -> ReplayVerdict:
    histories = await histories_of(office.archive, workflow_id)
    ledger = office.records.ledger
    if not histories or not all(history.events for history in histories):
        return _without_history(workflow_id, sum(1 for _ in recorded_events(ledger, project_id)))
    return await replayed(histories, list(recorded_events(ledger, project_id)), repairs=repairs_in(ledger, workflow_id))


def _without_history(workflow_id: str, recorded: int) -> ReplayVerdict:
    text = "历史不在引擎中，也没有保存，不能重放"
    return ReplayVerdict(
        workflow_id=workflow_id, runs=0, history_events=0, computed=0, recorded=recorded, problem=text, check="code"
    )


def _timeline_table(project_id: ProjectId, lines: list[TimelineLine]) -> Table:
    table = Table(title=f"{project_id} 办理经过（{len(lines)}条）", title_justify="left")
    for heading in ("时间", "办理人", "节点", "事项", "缘由", "文书"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "时间")
    for line in lines:
        table.add_row(
            f"{line.decided_at:%Y-%m-%d %H:%M}",
            line.actor,
            (line.milestone_id or "").rsplit("-", 1)[-1],
            line.what,
            line.why,
            line.paper or "",
        )
    return table


for _command in (as_of, keep, reconcile, what_if, *ledger_commands(open_log, replay_kept, unkept_runs)):
    audit.add_command(_command)
