"""The embedded engine by hand, and what is wrong with an installation."""

from __future__ import annotations

import shutil

import click

from domain.errors import DubanError
from entrypoints.bootstrap import (
    engine_now,
    has_ledger,
    ledger_place,
    open_office,
    policy_of,
    prepare_data_folder,
    reach_engine,
)
from entrypoints.cli.record_checks import record_checks
from entrypoints.cli.session import data_option, json_option, out, print_json, run_async, settings_of
from entrypoints.embedded import EmbeddedEngine, RunningEngine, engine_program
from entrypoints.keeping import lost_runs
from entrypoints.namespace import RETENTION
from entrypoints.settings import Settings

_LEAST_FREE_BYTES = 1 << 30


@click.group()
def engine() -> None:
    """内嵌引擎：启动、停止。"""


@engine.command()
@data_option
@click.pass_context
def up(context: click.Context, data: str | None) -> None:
    """启动内嵌引擎并留在后台。"""
    settings = settings_of(context, data=data)
    prepare_data_folder(settings)

    async def start() -> RunningEngine:
        running = await EmbeddedEngine(settings).up()
        connected, _ = await reach_engine(settings)
        await connected.prepare_namespace()
        return running

    running = run_async(start())
    out().print(f"引擎在运行：{running.address}，网页 {running.web_ui}。")


@engine.command()
@data_option
@click.pass_context
def down(context: click.Context, data: str | None) -> None:
    """停止内嵌引擎；数据都在数据目录里。"""
    settings = settings_of(context, data=data)
    stopped = EmbeddedEngine(settings).down()
    out().print("引擎已停止。" if stopped else "引擎没有在运行。")


@click.command()
@data_option
@json_option
@click.pass_context
def doctor(context: click.Context, data: str | None, as_json: bool) -> int:
    """检查这套安装：逐项说明好坏和怎么办。"""
    settings = settings_of(context, data=data)
    findings = run_async(_examined(settings))
    if as_json:
        print_json({"checks": [{"name": n, "ok": ok, "text": text} for n, ok, text in findings]})
    else:
        for _, good, text in findings:
            out().print(f"{'✓' if good else '✗'} {text}")
    return 0 if all(good for _, good, _ in findings) else 1


async def _examined(settings: Settings) -> list[tuple[str, bool, str]]:
    found: list[tuple[str, bool, str]] = []

    def check(name: str, *, good: bool, text: str) -> None:
        found.append((name, good, text))

    for program in ("temporal", "temporal-test-server"):
        try:
            check(program, good=True, text=f"引擎程序 {program}：{engine_program(program)}")
        except DubanError as error:
            check(program, good=False, text=error.text)
    if not settings.data.exists():
        check("data", good=False, text=f"数据目录 {settings.data} 还不存在：duban run 会建立它。")
        return found
    free = shutil.disk_usage(settings.data).free
    check("disk", good=free > _LEAST_FREE_BYTES, text=f"磁盘剩余 {free >> 20} MB（至少应有 1024 MB）")
    try:
        policy_of(settings)
        check("policy", good=True, text=f"督办规则：{settings.policy or '内置默认'}")
    except DubanError as error:
        check("policy", good=False, text=error.text)
    try:
        there = "" if has_ledger(settings) else "，还没有建立"
        check("ledger", good=True, text=f"台账：{ledger_place(settings)}{there}")
    except DubanError as error:
        check("ledger", good=False, text=error.text)
        return found
    found.extend(record_checks(settings))
    try:
        async with open_office(settings) as office:
            kept = await office.engine.retention()
            good = kept >= RETENTION
            check("retention", good=good, text=f"引擎应答；历史保留 {kept.days} 天（应有 {RETENTION.days} 天）")
            workers = await office.engine.workers()
            text = f"督办进程 {workers} 个" if workers else "没有督办进程：请运行 duban run 或 python worker.py。"
            check("worker", good=workers > 0, text=text)
            stuck = await office.engine.stuck()
            text = f"卡住的流程：{'、'.join(stuck)}，请查看日志后重新部署。" if stuck else "没有卡住的流程"
            check("stuck", good=not stuck, text=text)
            lost = await lost_runs(office.archive, engine_now(), kept)
            text = "；".join(run.text for run in lost[:3]) + f"（共 {len(lost)} 次）" if lost else "结束的历史都已保存"
            check("histories", good=not lost, text=text)
            late = [item for item in office.records.outbox.items() if item.state == "claimed"]
            text = f"{len(late)} 份文书已汇总但未确认发出，督办进程会重试。" if late else "没有发送到一半的文书"
            check("outbox", good=not late, text=text)
    except DubanError as error:
        check("engine", good=False, text=error.text)
    return found
