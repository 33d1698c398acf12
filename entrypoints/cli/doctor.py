"""What is wrong with an installation: each thing that was looked at, good or bad, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from typing import Any

import click

from application.audit.kept_histories import lost_runs
from application.engine_room.embedded import engine_program
from application.engine_room.mailboxes import without_mailbox
from application.engine_room.namespace import RETENTION
from application.engine_room.standing import sentences, sick_projects
from application.office.office import Office
from application.settings import Settings
from domain.errors import DubanError
from domain.record.recorded_projects import is_project, recorded_states
from entrypoints.bootstrap import engine_now, has_ledger, ledger_place, open_office, policy_of
from entrypoints.cli.record_checks import record_checks
from entrypoints.cli.session import data_option, json_option, out, print_json, run_async, settings_of

_LEAST_FREE_BYTES = 1 << 30
_NAMED = 5


@click.command()
@data_option
@json_option
@click.pass_context
def doctor(context: click.Context, data: str | None, as_json: bool) -> int:
    """检查这套安装：逐项说明好坏和怎么办。"""
    settings = settings_of(context, data=data)
    found = _Examination()
    run_async(_examine(settings, found))
    if as_json:
        print_json({"checks": found.checks})
    else:
        for check in found.checks:
            out().print(f"{'✓' if check['ok'] else '✗'} {check['text']}", markup=False)
    return 0 if all(check["ok"] for check in found.checks) else 1


class _Examination:
    """What was looked at so far."""

    def __init__(self) -> None:
        self.checks: list[Mapping[str, Any]] = []

    def check(self, name: str, *, good: bool, text: str) -> None:
        """One thing that was looked at."""
        self.checks.append({"name": name, "ok": good, "text": text})


async def _examine(settings: Settings, found: _Examination) -> None:
    for program in ("temporal", "temporal-test-server"):
        try:
            found.check(program, good=True, text=f"引擎程序 {program}：{engine_program(program)}")
        except DubanError as error:
            found.check(program, good=False, text=error.text)
    if not settings.data.exists():
        found.check("data", good=False, text=f"数据目录 {settings.data} 还不存在：duban run 会建立它。")
        return
    free = shutil.disk_usage(settings.data).free
    found.check("disk", good=free > _LEAST_FREE_BYTES, text=f"磁盘剩余 {free >> 20} MB（至少应有 1024 MB）")
    try:
        policy_of(settings)
        found.check("policy", good=True, text=f"督办规则：{settings.policy or '内置默认'}")
    except DubanError as error:
        found.check("policy", good=False, text=error.text)
    try:
        there = "" if has_ledger(settings) else "，还没有建立"
        found.check("ledger", good=True, text=f"台账：{ledger_place(settings)}{there}")
    except DubanError as error:
        found.check("ledger", good=False, text=error.text)
        return
    for name, good, text in record_checks(settings):
        found.check(name, good=good, text=text)
    try:
        async with open_office(settings) as office:
            await _examine_office(office, found)
    except DubanError as error:
        found.check("engine", good=False, text=error.text)


async def _examine_office(office: Office, found: _Examination) -> None:
    kept = await office.engine.retention()
    text = f"引擎应答；历史保留 {kept.days} 天（应有 {RETENTION.days} 天）"
    found.check("retention", good=kept >= RETENTION, text=text)
    workers = await office.engine.workers()
    text = f"督办进程 {workers} 个" if workers else "没有督办进程：请运行 duban run 或 python worker.py。"
    found.check("worker", good=workers > 0, text=text)
    sick = await sick_projects(office.engine, recorded_states(office.records.ledger), engine_now())
    found.check("projects", good=not sick, text=_several(sentences(sick)) or "每个项目都在督办")
    stuck = [workflow_id for workflow_id in await office.engine.stuck() if not is_project(workflow_id)]
    text = f"卡住的流程：{'、'.join(stuck)}，请查看日志后重新部署。" if stuck else "没有卡住的流程"
    found.check("stuck", good=not stuck, text=text)
    mail = office.records.outbox.open_mail()
    unopened = await without_mailbox(office.engine, [each.addressee for each in mail])
    text = f"有待发文书而没有收文流程：{'、'.join(unopened[:_NAMED])}；督办进程几分钟内会补开。" if unopened else ""
    found.check("mailboxes", good=not unopened, text=text or "收文方都有收文流程")
    claimed = sum(each.claimed for each in mail)
    text = f"{claimed} 份文书已汇总但未确认发出，督办进程会重试。" if claimed else "没有发送到一半的文书"
    found.check("outbox", good=not claimed, text=text)
    lost = [run.text for run in await lost_runs(office.archive, engine_now(), kept)]
    found.check("histories", good=not lost, text=_several(lost) or "结束的历史都已保存")


def _several(texts: Sequence[str]) -> str:
    more = f"（共 {len(texts)} 项）" if len(texts) > _NAMED else ""
    return "；".join(texts[:_NAMED]) + more
