"""What an auditor asks: the timeline, the replay. Nothing changes but the record of who read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from application.audit.inquiries import ProjectHistory, exported_verdicts, history_of, replay_verdicts
from application.audit.replaying import ReplayVerdict
from application.audit.who_acted import ActedBy
from application.settings import Settings
from domain.clock import office_minute
from domain.ids import ProjectId, record_name
from domain.seeing.timeline import TimelineLine
from entrypoints.bootstrap import has_ledger, must_have_ledger, open_office, open_records
from entrypoints.cli.acting import project_named
from entrypoints.cli.audit_log import export, heads, receipt, rotate_key, witness
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.in_locale import OwnWords, told
from entrypoints.cli.inquiry import as_of, keep, reader_option, reconcile, what_if
from entrypoints.cli.login_words import DOOR_WORDS, LOGIN_WORDS
from entrypoints.cli.own_log import record_reading
from entrypoints.cli.session import out, replied, run_async, settings_option, usual_options
from entrypoints.cli.stamping import stamp
from entrypoints.cli.stolen_keys import change_key, stolen
from entrypoints.cli.tables import Table, Tables, tables_option
from entrypoints.cli.verifying import verify


@click.group(cls=WordedGroup)
def audit() -> None:
    """审计：只读，不改变任何东西。"""


@audit.command()
@click.argument("project")
@click.option("--refusals", is_flag=True, help="同时列出不予办理的指令")
@reader_option
@settings_option
@tables_option
def history(settings: Settings, tables: Tables, project: str, refusals: bool, reader: str) -> None:
    """一个项目的全部经过：何时、何人、何事、何故、何文书；由哪个账号、怎样登录、经哪个受理端、有无本人密钥签名。"""
    project_id = project_named(project)
    must_have_ledger(settings)

    async def found() -> ProjectHistory:
        with open_records(settings) as records:
            await record_reading(records.log, reader, "audit history")
            return await history_of(records, project_id)

    history = asyncio.run(found())
    refused = history.refusals if refusals else ()
    refusals_told = {"refusals": [refusal.model_dump(mode="json") for refusal in refused]} if refusals else {}
    if replied({"project_id": project_id, "events": _told(history), **refusals_told}):
        return
    tables.show(_timeline_table(project_id, history))
    for refusal in refused:
        out().print(f"{office_minute(refusal.refused_at)} 不予办理：{refusal.text}")


@audit.command()
@click.argument("project", required=False, metavar="[项目|目录]")
@reader_option
@usual_options
def replay(settings: Settings, project: str | None, reader: str) -> int:
    """用现在的代码重放历史，并与台账逐条核对（不写项目则全部；写目录则重放其中导出的历史，不需要引擎）。"""
    folder = Path(project) if project and Path(project).is_dir() else None
    wanted = project_named(project) if project and folder is None else None

    async def verdicts() -> list[ReplayVerdict]:
        if folder is not None and not has_ledger(settings):
            return await exported_verdicts(None, folder)
        if folder is not None:
            with open_records(settings) as records:
                await record_reading(records.log, reader, "audit replay")
                return await exported_verdicts(records.ledger, folder)
        async with open_office(settings) as office:
            await record_reading(office.records.log, reader, "audit replay")
            return await replay_verdicts(office.archive, wanted)

    return _tell(run_async(verdicts()))


def _tell(verdicts: list[ReplayVerdict]) -> int:
    if not replied({"replays": [verdict.model_dump(mode="json") for verdict in verdicts]}):
        for verdict in verdicts:
            agreed = (
                f"一致：{verdict.computed}条台账记录与办理过程相同（{verdict.runs}次运行、{verdict.history_events}步）"
            )
            out().print(f"{record_name(verdict.workflow_id)} {told(verdict.problem or agreed)}")
            for repair in verdict.repairs:
                out().print(f"    {record_name(repair)}")
        differ = sum(1 for verdict in verdicts if verdict.problem)
        found = f"有 {differ} 个不一致，请把以上各行交给维护人员查明" if differ else "全部一致"
        out().print(f"共核对 {len(verdicts)} 个流程：{found}。")
    return 1 if any(verdict.problem for verdict in verdicts) else 0


def _told(history: ProjectHistory) -> list[dict[str, Any]]:
    acted = {seq: by.model_dump(mode="json") for seq, by in history.acted.items()}
    return [{**line.model_dump(mode="json"), "acted": acted.get(_seq(line))} for line in history.lines]


def _seq(line: TimelineLine) -> int:
    return int(line.event_id.rpartition("#")[2])


def _proof(by: ActedBy | None) -> str:
    """How it is proved who acted, in short: account, login, door, signature."""
    if by is None:
        return ""
    signed = ("本人密钥签名",) if by.own_key else ()
    how = told("，").join(map(told, (LOGIN_WORDS[by.login], DOOR_WORDS[by.door], *signed)))
    return OwnWords(f"{by.account}{told('（')}{how}{told('）')}")


def _timeline_table(project_id: ProjectId, history: ProjectHistory) -> Table:
    lines = history.lines
    heads = ("记录", "时间", "办理人", "节点", "事项", "缘由", "文书", *(("账号和证明",) if history.acted else ()))
    title = f"{project_id} 办理经过（{len(lines)}条；一条记录写作 {project_id}#号）"
    table = Table("经过", heads, title, whole={"记录", "时间"})
    for line in lines:
        table.add(
            f"#{_seq(line)}",
            f"{line.decided_at:%Y-%m-%d %H:%M}",
            line.actor,
            (line.milestone_id or "").rsplit("-", 1)[-1],
            line.what,
            line.why,
            line.paper or "",
            *((_proof(history.acted.get(_seq(line))),) if history.acted else ()),
        )
    return table


_OF_THE_LEDGER = verify, heads, export, receipt, witness, rotate_key
for _command in (as_of, keep, reconcile, what_if, stamp, change_key, stolen, *_OF_THE_LEDGER):
    audit.add_command(_command)
