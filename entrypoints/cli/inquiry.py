"""What an auditor asks of a year: how it stood, whether all fits together, what other rules would have made of it."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path

import click

from application.audit.inquiries import foreseen_under, nothing_yet, register_at
from application.audit.kept_histories import RunLost, keep_closed_runs, lost_runs
from application.audit.reconciling import Reconciliation
from application.audit.reconciling import reconcile as reconcile_all
from application.office.starting import anchor_of
from application.office.unmatched_rules import unmatched_on_record
from application.settings import Settings
from domain.ids import record_name
from domain.seeing.views import RegisterView
from domain.seeing.what_if import Foreseen
from entrypoints.bootstrap import engine_now, must_have_ledger, open_office, open_records, policy_of
from entrypoints.cli.acting import project_named
from entrypoints.cli.counted_bar import counted_bar
from entrypoints.cli.in_locale import told
from entrypoints.cli.own_log import record_reading
from entrypoints.cli.project_page import show_project
from entrypoints.cli.recorded_register import foretold
from entrypoints.cli.register_table import register_table
from entrypoints.cli.session import (
    INSTANT,
    err,
    ledger_options,
    out,
    replied,
    reply,
    run_async,
    settings_option,
    usual_options,
)
from entrypoints.cli.startable import tell_besides
from entrypoints.cli.tables import Tables, tables_option

reader_option = click.option("--reader", default="auditor", show_default=True, help="何人查阅（记入台账）")
_CHANGES = {"added": "会多发", "dropped": "不会发", "moved": "会改期"}
_KINDS = {
    "ReminderIssued": "提醒",
    "UrgeIssued": "催办",
    "EscalationOrderIssued": "督办单",
    "InspectionOpened": "督查",
    "InspectionNotOpened": "未开展督查",
    "DeadlineBreached": "违期",
    "LimitReminderIssued": "时限提醒",
    "LimitPassed": "超时",
    "LimitEscalated": "超时上报",
    "PaceWarningIssued": "进度预警",
    "ReportPeriodMissed": "缺报",
}


@click.command("as-of")
@click.argument("instant", type=INSTANT)
@click.argument("project", required=False)
@click.option("--happened", is_flag=True, help="按事情发生的时刻（occurred），不按作出决定的时刻（decided）")
@reader_option
@settings_option
@tables_option
def as_of(
    settings: Settings, tables: Tables, instant: date | datetime, project: str | None, happened: bool, reader: str
) -> None:
    """某一时刻的登记簿：当时所知（默认：决定不晚于该时刻的记录），或当时已发生（--happened：发生不晚于该时刻的记录）。

    时刻都按督办日历（--as-of 和 --speed 所定的日历）；记账时刻 appended 是记账机器的真实时间，不用于此。
    """
    wanted = project_named(project) if project else None
    at = anchor_of(instant)
    must_have_ledger(settings)

    async def found() -> tuple[RegisterView, str, str]:
        with open_records(settings) as records:
            await record_reading(records.log, reader, "audit as-of")
            register = await register_at(records.ledger, at, wanted, happened=happened)
            nothing = "" if register.projects else await nothing_yet(records.ledger, at)
            return register, nothing, "" if nothing else foretold(records, at)

    register, nothing, remark = asyncio.run(found())
    if remark:
        err().print(remark)
    if replied(register):
        return
    if wanted and not nothing:
        show_project(tables, register.projects[0], at)
    else:
        tables.show(register_table(at, register.projects), nothing=nothing)


@click.command()
@usual_options
def keep(settings: Settings) -> int:
    """把流程已结束的各次运行的历史逐字节存入档案，摘要记入台账（督办程序也定期做，停止时再做一次）。"""

    async def kept() -> tuple[int, list[RunLost]]:
        async with open_office(settings) as office:
            await office.records.log.open()
            new = await keep_closed_runs(office.archive)
            return new, await lost_runs(office.archive, engine_now(), await office.engine.retention())

    count, lost = run_async(kept())
    lines = [*([f"新保存 {count} 次运行的历史。"] if count else []), *(f"✗ {run.text}" for run in lost)]
    told = lines or ["已结束的运行，历史都已保存，没有要补存的。"]
    return reply({"kept": count, "lost": [run.text for run in lost]}, *told, status=1 if lost else 0)


@click.command()
@reader_option
@ledger_options
def reconcile(settings: Settings, reader: str) -> int:
    """对账：台账与流程历史、文书、回执逐条相符，到期该发生的都发生了，结束的历史都保存了。"""

    async def done() -> Reconciliation:
        async with open_office(settings) as office:
            await record_reading(office.records.log, reader, "audit reconcile")
            retention = await office.engine.retention()
            with counted_bar("重放历史") as bar:
                return await reconcile_all(
                    office.archive,
                    office.now(),
                    engine_now(),
                    retention,
                    on_open=bar.expect,
                    on_each=bar.advance,
                )

    found = run_async(done())
    differ = f"有 {len(found.findings)} 处不符，已逐一列在上面，请按各处所写的办理，再对一次。"
    conclusion = differ if found.findings else "全部相符。"
    return reply(
        found,
        *(f"✗ {record_name(finding.stream)} {told(finding.text)}" for finding in found.findings),
        f"核对了 {found.streams} 本分册、{found.entries} 条记录，重放 {found.replayed} 个项目，"
        f"文书 {found.papers} 份，回执 {found.receipts} 份：{conclusion}",
        status=1 if found.findings else 0,
    )


@click.command("what-if")
@click.option("--policy", required=True, type=click.Path(exists=True, dir_okay=False), help="另一份督办规则")
@click.option("--as-of", "until", type=INSTANT, help="推算到哪一时刻（默认现在）")
@reader_option
@usual_options
def what_if(settings: Settings, policy: str, until: date | datetime | None, reader: str) -> None:
    """同样的办理，换一份督办规则：哪些灯、督办单和通知会不同，各有多少。"""
    other = policy_of(settings.model_copy(update={"policy": Path(policy)}))
    must_have_ledger(settings)

    async def asked() -> tuple[Foreseen, str]:
        with open_records(settings) as records:
            await record_reading(records.log, reader, "audit what-if")
            at = anchor_of(until) if until else None
            found = await foreseen_under(records.ledger, other, at, engine_now())
            return found, await asyncio.to_thread(unmatched_on_record, other, records.ledger)

    found, unmatched = asyncio.run(asked())
    tell_besides(unmatched)
    if not replied(found):
        tell_foreseen(found)


def _counted(counts: dict[str, int], light_days: int) -> str:
    notices = "，".join(
        f"{_KINDS[kind]}{_CHANGES[change]} {count}"
        for (kind, change), count in ((key.split(" "), count) for key, count in counts.items())
    )
    lights = f"灯不同 {light_days} 个节点·天" if light_days else "灯没有不同"
    return f"{notices or '通知没有不同'}；{lights}"


def tell_foreseen(found: Foreseen) -> None:
    """Say each difference, what each changed rule does alone, and the total."""
    for notice in found.notices:
        when = "、".join(str(day) for day in (notice.was_on, notice.would_be_on) if day)
        what = f"{told(_KINDS[notice.kind])} {told(notice.what)}".strip()
        about = notice.milestone_id or notice.project_id
        out().print(f"{told(_CHANGES[notice.change])} {about} {what}{told('（')}{when}{told('）')}")
    for light in found.lights:
        whose = f"{light.milestone_id} {light.department or ''}".strip()
        out().print(f"灯 {whose} {light.was} → {light.would_be}：{light.days} 天（{light.first} 至 {light.last}）")
    for text in found.rejected:
        out().print(f"按新规则不予办理：{text}")
    for effect in found.by_rule:
        refused = f"；不予办理 {effect.rejected} 项" if effect.rejected else ""
        changed = f"{'、'.join(effect.rules)}：{_counted(effect.counts, effect.light_days)}{refused}。"
        out().print(f"单独改 {changed}")
    if not found.is_sum:
        out().print("这些规则相互影响：一并启用的合计不是各条之和。")
    out().print(f"合计：{_counted(found.counts, found.light_days)}。")
    if found.unexplained:
        out().print(
            f"注意：台账有 {found.unexplained} 份通知与按原规则推算的不同（引擎曾停过），没有计入比较，不用处理。"
        )
