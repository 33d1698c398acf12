"""What a department does: signs, declines, disputes, reports, asks for completion or more time, answers, rectifies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from domain.acts import commands as c
from entrypoints.cli.acting import CommonFields, asking, plainly
from entrypoints.cli.session import DAY
from entrypoints.cli.showing import evidence_option

_EMPTY = "。"
"""What a report without words says: nothing, which its rule refuses."""


def _reporting(otherwise: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The words of a report, or what it says without any, and its facts."""
    options = (
        click.argument("text", required=False, callback=lambda _context, _param, text: text or otherwise),
        click.option("--done-on", type=DAY, help="实际完成日期（默认今天；补报必填）"),
        click.option("--quantity", type=click.IntRange(min=0), help="累计完成数（有目标数的节点）"),
        evidence_option,
    )

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@plainly(c.SignReceipt)
def receipt() -> None:
    """签收交办：一个节点，或（不写节点）本部门在该项目的全部任务。"""


@plainly(c.AcknowledgeReminder)
def acknowledge() -> None:
    """确认收到提醒：最近一次就这个节点发给本部门的提醒或催办已阅；不等于反馈。"""


@plainly(c.DeclineAssignment)
@click.option("--reason", required=True, help="退回理由")
def decline() -> None:
    """退回交办：牵头部门退回整个项目，参与部门退回一个节点或（不写节点）全部任务。"""


@plainly(c.RaiseDispute, words="text")
@click.option("--against", required=True, help="与哪个部门有争议")
def dispute() -> None:
    """就一个节点的职责提出争议，请交办方裁定；裁定前停止计时。"""


@plainly(c.ReportProgress)
@_reporting(_EMPTY)
@click.option("--corrects", is_flag=True, default=None, help="这是更正：此前多报了，以这次的 --quantity 为准")
@click.option("--forecast", "forecast_on", type=DAY, help="本部门预计的完成日期")
@click.option("--period", type=click.IntRange(min=1), help="第几期（默认当期；补报以前各期时写明）")
def report() -> None:
    """反馈进展，如 duban report 2018-05a 3 "已完成初稿" --by 组织部。"""


@plainly(c.RequestCompletion)
@_reporting("申请办结")
def complete() -> None:
    """申请办结，参与部门则报告完成本部门部分：duban complete 2018-05a 3 --by 组织部 --evidence 会议纪要.pdf。"""


@plainly(c.DecomposeDuty)
@click.option("--to", "units", multiple=True, required=True, help="分解给哪个处室或下级单位（可写多次）")
@click.option("--text", help="各单位做什么（默认照节点原文）")
@click.option("--due", "due_on", type=DAY, help="各单位的时限（默认本部门自己的时限，不得晚于它）")
@click.option("--quantity", type=click.IntRange(min=1), help="每个单位的目标数（有目标数的节点）")
@click.option("--new-units", is_flag=True, default=None, help="有的是新的单位：名册和在办的任务里都没有")
def decompose() -> None:
    """分解任务：把一个节点分给处室或下级单位，各自签收、反馈、亮灯，由本部门审核和催办；至多三级。"""


@asking(c.RequestExtension)
@click.option("--to", "new_due_on", type=DAY, help="申请延期至")
@click.option("--reason", help="延期理由")
@click.option("--progress", help="目前进展")
@click.option("--supplement", help="补充说明（督查室要求补充时）")
def extend(
    asked: CommonFields, new_due_on: date | None, reason: str | None, progress: str | None, supplement: str | None
) -> c.RequestExtension | c.SupplementExtension:
    """到期前申请延期（--to、--reason、--progress），或按要求补充说明（--supplement）。"""
    if supplement is not None:
        if new_due_on is not None or reason is not None or progress is not None:
            raise click.UsageError("--supplement 单独使用：补充说明时不写 --to、--reason、--progress。")
        return c.SupplementExtension(**asked.fields, text=supplement)
    if new_due_on is None or reason is None or progress is None:
        raise click.UsageError("申请延期须写明 --to 日期、--reason 理由 和 --progress 目前进展。")
    return c.RequestExtension(**asked.fields, new_due_on=new_due_on, reason=reason, progress=progress)


@asking(c.AnswerDirective, words="text")
@click.option(
    "--directive", is_flag=True, help="反馈领导批示的落实情况（有几件的用 --number 写明；不写此项则答复督查结论）"
)
@click.option("--number", type=click.IntRange(min=0), help="哪一件批示（编号见 duban status）")
@evidence_option
def answer(
    asked: CommonFields, text: str, evidence: tuple[str, ...], *, directive: bool, number: int | None
) -> c.AnswerInspection | c.AnswerDirective:
    """答复一个节点的督查结论；加 --directive 则反馈领导批示的落实情况。"""
    if directive or number is not None:
        return c.AnswerDirective(**asked.fields, directive=number, text=text, evidence=evidence)
    if asked.milestone_id is None:
        raise click.UsageError("答复督查结论须写明节点；反馈领导批示请加 --directive。")
    return c.AnswerInspection(**asked.fields, text=text, evidence=evidence)


@plainly(c.ReportRectification, words="text")
@evidence_option
def rectify() -> None:
    """报告整改情况，请督查室核查。"""
