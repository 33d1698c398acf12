"""Bulletins, drafted from what is on record and published by a person; and the burden, by month and addressee."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path

import click

from application.office.burden import Span, bulletin_drafts, period_report, span_of
from application.office.burden import burden as burden_in
from application.settings import Settings
from domain.acts.commands import PublishBulletin
from domain.bulletin_kind import BulletinKind
from domain.seeing.bulletins import BulletinDraft
from domain.seeing.burden import BurdenView, MonthlyBurden
from domain.seeing.period_report import situation
from entrypoints.bootstrap import engine_now, must_have_ledger, open_records, period_report_file
from entrypoints.bootstrap.written_files import write_file
from entrypoints.cli.acting import CommonFields, asking
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.score_bulletins import must_be_new_document, publish_score, score
from entrypoints.cli.session import FILE, ledger_option, ledger_options, out, replied, reply, usual_options
from entrypoints.cli.tables import Table, Tables, tables_option

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_KIND_WORDS = {"praise": "通报表扬", "criticism": "通报批评"}
_CAP_WORDS = {"papers": "文书超上限", "inspections": "督查超上限"}


_OUTPUT = click.option("-o", "--output", type=FILE, required=True, help="写成哪个文件（.docx 或 .xlsx）")


class MonthType(click.ParamType[str]):
    """A month, `YYYY-MM`."""

    name = "月份"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a month."""
        if not _MONTH.fullmatch(value):
            self.fail(f"“{value}”不是月份，应写作 2018-06。", param, ctx)
        return value


MONTH = MonthType()


@click.group(cls=WordedGroup)
def bulletin() -> None:
    """通报：按记录起草，由人发布。"""


@asking(PublishBulletin, of=bulletin.command, words="text")
@click.option("--praise", is_flag=True, help="通报表扬")
@click.option("--criticise", is_flag=True, help="通报批评")
@click.option("--department", required=True, help="通报哪个部门")
def publish(asked: CommonFields, text: str, department: str, *, praise: bool, criticise: bool) -> PublishBulletin:
    """发布一条通报：表扬或批评项目的一个部门。"""
    if praise == criticise:
        raise click.UsageError("请写明一项：--praise（表扬）或 --criticise（批评）。")
    kind: BulletinKind = "praise" if praise else "criticism"
    return PublishBulletin(**asked.fields, kind=kind, department=department, text=text)


@bulletin.command()
@click.argument("month", type=MONTH)
@ledger_options
def draft(settings: Settings, month: str) -> None:
    """按一个月的记录起草表扬和批评，每条附上发布的命令；只读台账。"""
    with open_records(settings) as records:
        drafts = asyncio.run(bulletin_drafts(records, month))
    if not replied({"month": month, "drafts": [entry.model_dump(mode="json") for entry in drafts]}):
        _tell_drafts(month, drafts)


@bulletin.command("monthly")
@click.argument("month", type=MONTH)
@_OUTPUT
@usual_options
def monthly(settings: Settings, month: str, output: Path) -> None:
    """按一个月的记录起草月度通报：情况、表扬、问题、下月到期；每个数字附有清单。由人审定后印发。"""
    _write(settings, span_of(month), output)


@bulletin.command("yearly")
@click.argument("year", type=click.IntRange(1949, 2199))
@_OUTPUT
@usual_options
def yearly(settings: Settings, year: int, output: Path) -> None:
    """按一年的记录起草年度报告：同月度通报，另有各月的图表。由人审定后印发。"""
    _write(settings, span_of(str(year)), output)


bulletin.add_command(score)
bulletin.add_command(publish_score)


def _write(settings: Settings, span: Span, output: Path) -> None:
    must_be_new_document(output)
    must_have_ledger(settings)
    with open_records(settings) as records:
        today = records.clock.supervised(engine_now()).date()
        report = asyncio.run(period_report(records, span, today))
    write_file(output, period_report_file(report, output.suffix.lower(), settings))
    told = f"草稿已写入 {output}，请审定后印发；逐条通报用 duban bulletin publish。"
    if today <= span.period.to_on:
        told = f"这一期到 {span.period.to_on} 才结束，以上只到今天（{today}）。{told}"
    reply(report, f"{situation(report)}{told}")


def _tell_drafts(month: str, drafts: list[BulletinDraft]) -> None:
    console = out()
    if not drafts:
        console.print(f"{month} 没有应予通报的事项。")
    for entry in drafts:
        done = "（本月已发布）" if entry.published else ""
        console.print(f"{_KIND_WORDS[entry.kind]} {entry.department}：{entry.text}{done}")
        if not entry.published:
            console.print(f"    {_command_of(entry)}")


def _command_of(entry: BulletinDraft) -> str:
    milestone = [entry.milestone_id] if entry.milestone_id else []
    kind = "--praise" if entry.kind == "praise" else "--criticise"
    words = ["duban", "bulletin", "publish", entry.project_id, *milestone, entry.text, kind]
    return shlex.join([*words, "--department", entry.department]) + " --by 姓名"


@click.command()
@click.option("--month", type=MONTH, help="哪个月（默认各月）")
@ledger_option
@tables_option
def burden(settings: Settings, tables: Tables, month: str | None) -> None:
    """负担：各部门各月收到的文书和督查、规定的上限和超出上限的部门；只读台账。"""
    with open_records(settings) as records:
        today = records.clock.supervised(engine_now()).date()
        view = asyncio.run(burden_in(records, month, today))
    if not replied(view):
        _tell_burden(tables, view)


def _tell_burden(tables: Tables, view: BurdenView) -> None:
    numbers = ("文书", "汇总", "待发", "不发", "督查", "未开展督查")
    heads = ("月份", "收文方", *numbers, "说明")
    table = Table("各月负担", heads, "各月负担", whole={"月份"}, numbers=numbers)
    for row in view.rows:
        table.add(row.month, OwnWords(row.addressee), *_numbers(row), "、".join(_CAP_WORDS[cap] for cap in row.over))
    tables.show(table)
    caps = (
        f"每月上限：文书{view.papers_per_month}份，督查{view.inspections_per_month}次；汇总是这些文书合并发出的份数，不另计。"
        if view.papers_per_month is not None
        else "督办规则没有规定上限。"
    )
    over = sorted({row.addressee for row in view.rows if row.over})
    out().print(caps + (f"超出上限：{'、'.join(over)}。" if over else "没有超出上限的。"))


def _numbers(row: MonthlyBurden) -> tuple[int | str, ...]:
    counts = (row.papers, row.digests, row.waiting, row.withheld, row.inspections, row.not_inspected)
    return tuple(count or "" for count in counts)
