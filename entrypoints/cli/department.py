"""What a department does: signs, declines, disputes, reports, asks for completion or more time, answers, rectifies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import click

from domain.actors import Actor, department
from domain.acts import commands as c
from entrypoints.cli.acting import CommonFields, as_given, asking
from entrypoints.cli.session import DAY
from entrypoints.cli.showing import evidence_option

BY_DEPARTMENT = "办理部门，如 组织部 或 组织部:张三"
_PARTS = 2
_EMPTY = "。"
"""What a report without words says: nothing, which its rule refuses."""


def department_actor(by: str) -> Actor:
    """The actor that `--by` names: `组织部`, or `组织部:张三` for a person of it."""
    parts = by.replace("：", ":").split(":", 1)
    person = parts[1].strip() if len(parts) == _PARTS else None
    return department(parts[0].strip(), person or None)


def _reporting(function: Callable[..., c.AnyCommand]) -> Callable[..., Any]:
    @asking(department_actor, BY_DEPARTMENT)
    @click.argument("text", required=False)
    @click.option("--done-on", type=DAY, help="实际完成日期（默认今天；补报必填）")
    @click.option("--quantity", type=click.IntRange(min=0), help="累计完成数（有目标数的节点）")
    @evidence_option
    @wraps(function)
    def reporting(asked: CommonFields, **facts: Any) -> c.AnyCommand:
        return function(asked, **facts)

    return reporting


@click.command()
@asking(department_actor, BY_DEPARTMENT, about="either")
def receipt(asked: CommonFields) -> c.SignReceipt:
    """签收交办：一个节点，或（不写节点）本部门在该项目的全部任务。"""
    return c.SignReceipt(**asked.fields)


@click.command()
@asking(department_actor, BY_DEPARTMENT)
def acknowledge(asked: CommonFields) -> c.AcknowledgeReminder:
    """确认收到提醒：最近一次就这个节点发给本部门的提醒或催办已阅；不等于反馈。"""
    return c.AcknowledgeReminder(**asked.fields)


@click.command()
@asking(department_actor, BY_DEPARTMENT, about="either")
@click.option("--reason", required=True, help="退回理由")
def decline(asked: CommonFields, reason: str) -> c.DeclineAssignment:
    """退回交办：牵头部门退回整个项目，参与部门退回一个节点或（不写节点）全部任务。"""
    return c.DeclineAssignment(**asked.fields, reason=reason)


@click.command()
@asking(department_actor, BY_DEPARTMENT, words=True)
@click.option("--against", required=True, help="与哪个部门有争议")
def dispute(asked: CommonFields, text: str, against: str) -> c.RaiseDispute:
    """就一个节点的职责提出争议，请交办方裁定；裁定前停止计时。"""
    return c.RaiseDispute(**asked.fields, against=against, text=text)


@click.command("report")
@_reporting
@click.option("--corrects", is_flag=True, help="这是更正：此前多报了，以这次的 --quantity 为准")
@click.option("--forecast", type=DAY, help="本部门预计的完成日期")
@click.option("--period", type=click.IntRange(min=1), help="第几期（默认当期；补报以前各期时写明）")
def report(
    asked: CommonFields, text: str | None, forecast: date | None, period: int | None, corrects: bool, **facts: Any
) -> c.ReportProgress:
    """反馈进展，如 duban report 2018-05a 3 "已完成初稿" --by 组织部。"""
    facts |= {"forecast_on": forecast, "period": period, "corrects": corrects or None}
    return c.ReportProgress(**asked.fields, text=text or _EMPTY, **facts)


@click.command("complete")
@_reporting
def complete(asked: CommonFields, text: str | None, **facts: Any) -> c.RequestCompletion:
    """申请办结，参与部门则报告完成本部门部分：duban complete 2018-05a 3 --by 组织部 --evidence 会议纪要.pdf。"""
    return c.RequestCompletion(**asked.fields, text=text or "申请办结", **facts)


@click.command()
@asking(department_actor, BY_DEPARTMENT)
@click.option("--to", "units", multiple=True, required=True, help="分解给哪个处室或下级单位（可写多次）")
@click.option("--text", help="各单位做什么（默认照节点原文）")
@click.option("--due", "due_on", type=DAY, help="各单位的时限（默认本部门自己的时限，不得晚于它）")
@click.option("--quantity", type=click.IntRange(min=1), help="每个单位的目标数（有目标数的节点）")
@click.option("--new-units", is_flag=True, help="有的是新的单位：名册和在办的任务里都没有")
def decompose(
    asked: CommonFields,
    units: tuple[str, ...],
    text: str | None,
    due_on: date | None,
    quantity: int | None,
    *,
    new_units: bool,
) -> c.DecomposeDuty:
    """分解任务：把一个节点分给处室或下级单位，各自签收、反馈、亮灯，由本部门审核和催办；至多三级。"""
    asked_of: dict[str, Any] = {"text": text, "due_on": due_on, "quantity": quantity, "new_units": new_units or None}
    with as_given(units="--to", due_on="--due"):
        return c.DecomposeDuty(**asked.fields, units=units, **asked_of)


@click.command()
@asking(department_actor, BY_DEPARTMENT)
@click.option("--to", type=DAY, help="申请延期至")
@click.option("--reason", help="延期理由")
@click.option("--progress", help="目前进展")
@click.option("--supplement", help="补充说明（督查室要求补充时）")
def extend(
    asked: CommonFields, to: date | None, reason: str | None, progress: str | None, supplement: str | None
) -> c.RequestExtension | c.SupplementExtension:
    """到期前申请延期（--to、--reason、--progress），或按要求补充说明（--supplement）。"""
    if supplement is not None:
        if to is not None or reason is not None or progress is not None:
            raise click.UsageError("--supplement 单独使用：补充说明时不写 --to、--reason、--progress。")
        return c.SupplementExtension(**asked.fields, text=supplement)
    if to is None or reason is None or progress is None:
        raise click.UsageError("申请延期须写明 --to 日期、--reason 理由 和 --progress 目前进展。")
    return c.RequestExtension(**asked.fields, new_due_on=to, reason=reason, progress=progress)


@click.command()
@asking(department_actor, BY_DEPARTMENT, about="either", words=True)
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


@click.command()
@asking(department_actor, BY_DEPARTMENT, words=True)
@evidence_option
def rectify(asked: CommonFields, text: str, evidence: tuple[str, ...]) -> c.ReportRectification:
    """报告整改情况，请督查室核查。"""
    return c.ReportRectification(**asked.fields, text=text, evidence=evidence)
