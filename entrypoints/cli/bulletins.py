"""Bulletins, drafted from what is on record and published by a person; and the burden, by month and addressee."""

from __future__ import annotations

import re
import shlex

import click
from rich.table import Table

from domain.actors import operator
from domain.acts.commands import PublishBulletin
from domain.events.bulletin_kind import BulletinKind
from domain.record.recorded_projects import recorded_of, recorded_rules, recorded_streams
from domain.seeing.bulletins import BulletinDraft, drafts_for
from domain.seeing.burden import COUNTED, BurdenView, MonthlyBurden, burden_of, inspections_of
from entrypoints.bootstrap import must_have_ledger, open_records
from entrypoints.cli.acting import Asked, asking
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import data_option, json_option, out, print_json, settings_of

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_KIND_WORDS = {"praise": "表扬", "criticism": "批评"}
_CAP_WORDS = {"papers": "文书超上限", "inspections": "督查超上限"}


class MonthType(click.ParamType[str]):
    """A month, `YYYY-MM`."""

    name = "月份"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a month."""
        if not _MONTH.fullmatch(value):
            self.fail(f"“{value}”不是月份，应写作 2018-06。", param, ctx)
        return value


MONTH = MonthType()


@click.group()
def bulletin() -> None:
    """通报：按记录起草，由人发布。"""


@bulletin.command()
@asking(operator, BY_OPERATOR, about="either", words=True)
@click.option("--praise", is_flag=True, help="通报表扬")
@click.option("--criticise", is_flag=True, help="通报批评")
@click.option("--department", required=True, help="通报哪个部门")
def publish(asked: Asked, text: str, department: str, *, praise: bool, criticise: bool) -> PublishBulletin:
    """发布一条通报：表扬或批评项目的一个部门。"""
    if praise == criticise:
        raise click.UsageError("请写明一项：--praise（表扬）或 --criticise（批评）。")
    kind: BulletinKind = "praise" if praise else "criticism"
    return PublishBulletin(**asked.fields, kind=kind, department=department, text=text)


@bulletin.command()
@click.option("--month", type=MONTH, required=True, help="哪个月，如 2018-06")
@data_option
@json_option
@click.pass_context
def draft(context: click.Context, month: str, data: str | None, *, as_json: bool) -> None:
    """按一个月的记录起草表扬和批评，每条附上发布的命令；只读台账。"""
    settings = settings_of(context, data=data)
    must_have_ledger(settings)
    with open_records(settings) as records:
        drafts = [entry for events in recorded_streams(records.ledger) for entry in drafts_for(events, month)]
    drafts.sort(key=lambda entry: (entry.kind != "praise", entry.department, entry.project_id))
    if as_json:
        print_json({"month": month, "drafts": [entry.model_dump(mode="json") for entry in drafts]})
    else:
        _tell_drafts(month, drafts)


def _tell_drafts(month: str, drafts: list[BulletinDraft]) -> None:
    console = out()
    if not drafts:
        console.print(f"{month} 没有应予通报的事项。")
    for entry in drafts:
        done = "（本月已发布）" if entry.published else ""
        console.print(f"通报{_KIND_WORDS[entry.kind]} {entry.department}：{entry.text}{done}", markup=False)
        if not entry.published:
            console.print(f"    {_command_of(entry)}", markup=False)


def _command_of(entry: BulletinDraft) -> str:
    milestone = [entry.milestone_id] if entry.milestone_id else []
    kind = "--praise" if entry.kind == "praise" else "--criticise"
    words = ["duban", "bulletin", "publish", entry.project_id, *milestone, entry.text, kind]
    return shlex.join([*words, "--department", entry.department]) + " --by 姓名"


@click.command()
@click.option("--month", type=MONTH, help="哪个月（默认各月）")
@data_option
@json_option
@click.pass_context
def burden(context: click.Context, month: str | None, data: str | None, *, as_json: bool) -> None:
    """负担：各部门各月收到的文书和督查、规定的上限和超出上限的部门；只读台账。"""
    settings = settings_of(context, data=data)
    must_have_ledger(settings)
    with open_records(settings) as records:
        inspections = inspections_of(recorded_of(records.ledger, COUNTED))
        view = burden_of(inspections, records.outbox.items(), recorded_rules(records.ledger), month)
    if as_json:
        print_json(view)
    else:
        _tell_burden(view)


def _tell_burden(view: BurdenView) -> None:
    console = out()
    table = Table(title="各月负担", title_justify="left")
    for heading in ("月份", "收文方"):
        table.add_column(heading, no_wrap=heading == "月份")
    for heading in ("文书", "汇总", "待发", "不发", "督查"):
        table.add_column(heading, justify="right")
    table.add_column("说明")
    for row in view.rows:
        table.add_row(row.month, row.addressee, *_numbers(row), "、".join(_CAP_WORDS[cap] for cap in row.over))
    console.print(table)
    caps = (
        f"每月上限：文书{view.papers_per_month}份，督查{view.inspections_per_month}次。"
        if view.papers_per_month is not None
        else "督办规则没有规定上限。"
    )
    over = sorted({row.addressee for row in view.rows if row.over})
    console.print(caps + (f"超出上限：{'、'.join(over)}。" if over else "没有超出上限的。"))


def _numbers(row: MonthlyBurden) -> tuple[str, ...]:
    counts = (row.papers, row.digests, row.waiting, row.withheld, row.inspections)
    return tuple(str(count or "") for count in counts)
