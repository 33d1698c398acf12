"""What an auditor asks: the timeline, the replay. Nothing here changes anything."""

from __future__ import annotations

import click
from rich.table import Table

from domain.clock import OFFICE_TIME
from domain.errors import InputError
from domain.ids import ProjectId, supervision_workflow_id
from domain.rejections import UnknownProjectError
from entrypoints.bootstrap import Office, open_office, open_records
from entrypoints.cli.acting import project_named
from entrypoints.cli.session import data_option, json_option, out, print_json, run_async, settings_of
from entrypoints.history import recorded_events, recorded_projects
from entrypoints.replaying import ReplayVerdict, replayed
from entrypoints.settings import Settings
from entrypoints.timeline import TimelineLine, timeline

_AGAIN_WHILE_RUNNING = 2


@click.group()
def audit() -> None:
    """审计：只读，不改变任何东西。"""


@audit.command()
@click.argument("project")
@click.option("--refusals", is_flag=True, help="同时列出不予办理的指令")
@data_option
@json_option
@click.pass_context
def history(context: click.Context, project: str, refusals: bool, data: str | None, as_json: bool) -> None:
    """一个项目的全部经过：何时、何人、何事、何故、何文书。"""
    settings = settings_of(context, data=data)
    project_id = project_named(project)
    _must_have_ledger(settings)
    stream = supervision_workflow_id(project_id)
    with open_records(settings) as records:
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
@click.argument("project", required=False)
@data_option
@json_option
@click.pass_context
def replay(context: click.Context, project: str | None, data: str | None, as_json: bool) -> int:
    """用现在的代码重放历史，并与台账逐条核对（不写项目则全部）。"""
    settings = settings_of(context, data=data)
    wanted = project_named(project) if project else None

    async def all_verdicts() -> list[ReplayVerdict]:
        async with open_office(settings) as office:
            known = recorded_projects(office.records.ledger)
            if wanted and wanted not in known:
                raise UnknownProjectError(project_id=wanted)
            return [await _verdict(office, project_id) for project_id in ([wanted] if wanted else known)]

    verdicts = run_async(all_verdicts())
    if as_json:
        print_json({"replays": [verdict.model_dump(mode="json") for verdict in verdicts]})
    else:
        for verdict in verdicts:
            agreed = f"一致：{verdict.runs}次运行、{verdict.history_events}个历史事件、{verdict.computed}条台账事件"
            out().print(f"{verdict.workflow_id} {verdict.problem or agreed}")
    return 1 if any(verdict.problem for verdict in verdicts) else 0


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
    histories = [history async for history in office.engine.histories(workflow_id)]
    return await replayed(histories, list(recorded_events(office.records.ledger, project_id)))


def _must_have_ledger(settings: Settings) -> None:
    if not settings.ledger_file.exists():
        raise InputError(f"数据目录 {settings.data} 里没有台账：请先运行 duban run，或用 --data 指明目录。")


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
