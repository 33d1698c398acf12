"""Inspections, as the supervision section leads them: opened, findings, conclusion, the check, closing."""

from __future__ import annotations

from datetime import date

import click

from domain.acts.commands import CheckRectification, CloseInspection, ConcludeInspection, OpenInspection, RecordFinding
from entrypoints.cli.acting import CommonFields, asking, plainly
from entrypoints.cli.session import DAY
from entrypoints.cli.showing import evidence_option


@plainly(OpenInspection)
@click.option("--reason", required=True, help="督查理由")
@click.option("--despite-cap", help="本月督查已达上限仍须开展的理由")
def inspect() -> None:
    """对一个节点的牵头部门开展督查；本月已达上限时须用 --despite-cap 写明理由。"""


@plainly(RecordFinding, words="text")
@evidence_option
def finding() -> None:
    """登记督查发现的问题，可附工作底稿。"""


@plainly(ConcludeInspection, words="conclusion")
@click.option("--rectify", is_flag=True, help="要求整改（按规则的时限）")
@click.option("--rectify-by", type=DAY, help="要求在此日期前整改")
def conclude() -> None:
    """作出督查结论；部门须答复，要求整改的还须整改。"""


@asking(CheckRectification)
@click.option("--holds", is_flag=True, help="整改到位，督查结束")
@click.option("--fails", is_flag=True, help="整改未到位，继续整改")
@click.option("--note", required=True, help="核查意见")
@click.option("--rectify-by", type=DAY, help="整改未到位时的新期限（默认按规则的时限）")
def check(asked: CommonFields, note: str, rectify_by: date | None, *, holds: bool, fails: bool) -> CheckRectification:
    """核查整改：到位即结束督查，未到位则退回继续整改。"""
    if holds == fails:
        raise click.UsageError("请写明一项：--holds（整改到位）或 --fails（整改未到位）。")
    return CheckRectification(**asked.fields, holds=holds, note=note, rectify_by=rectify_by)


@plainly(CloseInspection, "close-inspection")
@click.option("--note", help="结束时的说明")
def close_inspection() -> None:
    """结束不要求整改的督查。"""
