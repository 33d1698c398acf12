"""What the supervision section does to a milestone's work: review, return, strike off, urge, order, grace, withdraw."""

from __future__ import annotations

import click

from domain.acts import commands as c
from entrypoints.cli.acting import CommonFields, asking, plainly, reason_of
from entrypoints.cli.session import DAY


@plainly(c.AcceptCompletion)
@click.option("--note", help="审核意见")
def accept() -> None:
    """审核通过，办结节点。"""


@plainly(c.AssessConfidence)
@click.argument("step", type=click.IntRange(1, 5))
@click.option("--reason", required=True, help="研判的依据")
def assess() -> None:
    """独立研判一个节点能否按期完成：1 没有把握 至 5 很有把握；不改变灯，与灯并列显示。"""


@asking(c.ReturnForRework, "return")
@click.argument("text", required=False)
@click.option("--reason", help="退办理由")
def return_for_rework(asked: CommonFields, text: str | None, reason: str | None) -> c.ReturnForRework:
    """审核不通过，退回重新办理（须写明理由）。"""
    return c.ReturnForRework(**asked.fields, reason=reason_of(text, reason))


@plainly(c.StrikeOff, "strike-off")
def strike_off() -> None:
    """销号（须由审核人以外的人办理）。"""


@asking(c.Urge)
@click.argument("text", required=False)
@click.option("--reason", help="催办理由")
@click.option("--department", help="催办哪个部门（默认牵头部门）")
def urge(asked: CommonFields, text: str | None, reason: str | None, department: str | None) -> c.Urge:
    """人工催办（须写明理由）。"""
    return c.Urge(**asked.fields, reason=reason_of(text, reason), department=department)


@plainly(c.IssueDirective, words="text")
@click.option("--leader", required=True, help="哪位领导批示")
@click.option("--answer-by", type=DAY, help="要求反馈的日期（默认按规则的时限）")
def order() -> None:
    """登记领导批示：就一个节点，或（不写节点）就整个项目，由牵头部门反馈落实情况。"""


@plainly(c.GrantGrace)
@click.option("--to", "new_due_on", type=DAY, required=True, help="宽限至")
@click.option("--reason", required=True, help="宽限理由")
def grace() -> None:
    """逾期后宽限到一个新的日期；违期记录保留。"""


@asking(c.Withdraw)
@click.option("--reason", help="撤销理由")
def withdraw(asked: CommonFields, reason: str | None) -> c.Withdraw:
    """撤销一个节点，或（不写节点）撤销整个项目；记录保留。"""
    return c.Withdraw(**asked.fields, reason=reason_of(None, reason))
