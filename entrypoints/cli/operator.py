"""What the supervision section does to a milestone's work: review, return, strike off, urge, order, grace, withdraw."""

from __future__ import annotations

from datetime import date

import click

from domain.actors import Actor, operator
from domain.acts import commands as c
from entrypoints.cli.acting import CommonFields, asking, reason_of
from entrypoints.cli.department import department_actor
from entrypoints.cli.session import DAY

BY_OPERATOR = "办理人姓名"
BY_SUPERVISOR = "办理人姓名；分解任务由分解它的部门办理，写 部门:姓名"


def supervisor(by: str) -> Actor:
    """The one who supervises, as `--by` names him: a person of the section, or `部门:姓名` for the department that gave
    a sub-duty."""
    return department_actor(by) if ":" in by.replace("：", ":") else operator(by)


@click.command()
@asking(supervisor, BY_SUPERVISOR)
@click.option("--note", help="审核意见")
def accept(asked: CommonFields, note: str | None) -> c.AcceptCompletion:
    """审核通过，办结节点。"""
    return c.AcceptCompletion(**asked.fields, note=note)


@click.command()
@asking(supervisor, BY_SUPERVISOR)
@click.argument("step", type=click.IntRange(1, 5))
@click.option("--reason", required=True, help="研判的依据")
def assess(asked: CommonFields, step: int, reason: str) -> c.AssessConfidence:
    """独立研判一个节点能否按期完成：1 没有把握 至 5 很有把握；不改变灯，与灯并列显示。"""
    return c.AssessConfidence(**asked.fields, step=step, reason=reason)


@click.command("return")
@asking(supervisor, BY_SUPERVISOR)
@click.argument("text", required=False)
@click.option("--reason", help="退办理由")
def return_for_rework(asked: CommonFields, text: str | None, reason: str | None) -> c.ReturnForRework:
    """审核不通过，退回重新办理（须写明理由）。"""
    return c.ReturnForRework(**asked.fields, reason=reason_of(text, reason))


@click.command("strike-off")
@asking(supervisor, BY_SUPERVISOR)
def strike_off(asked: CommonFields) -> c.StrikeOff:
    """销号（须由审核人以外的人办理）。"""
    return c.StrikeOff(**asked.fields)


@click.command()
@asking(supervisor, BY_SUPERVISOR)
@click.argument("text", required=False)
@click.option("--reason", help="催办理由")
@click.option("--department", help="催办哪个部门（默认牵头部门）")
def urge(asked: CommonFields, text: str | None, reason: str | None, department: str | None) -> c.Urge:
    """人工催办（须写明理由）。"""
    return c.Urge(**asked.fields, reason=reason_of(text, reason), department=department)


@click.command()
@asking(supervisor, BY_SUPERVISOR, about="either", words=True)
@click.option("--leader", required=True, help="哪位领导批示")
@click.option("--answer-by", type=DAY, help="要求反馈的日期（默认按规则的时限）")
def order(asked: CommonFields, text: str, leader: str, answer_by: date | None) -> c.IssueDirective:
    """登记领导批示：就一个节点，或（不写节点）就整个项目，由牵头部门反馈落实情况。"""
    return c.IssueDirective(**asked.fields, leader=leader, text=text, answer_by=answer_by)


@click.command()
@asking(supervisor, BY_SUPERVISOR)
@click.option("--to", type=DAY, required=True, help="宽限至")
@click.option("--reason", required=True, help="宽限理由")
def grace(asked: CommonFields, to: date, reason: str) -> c.GrantGrace:
    """逾期后宽限到一个新的日期；违期记录保留。"""
    return c.GrantGrace(**asked.fields, new_due_on=to, reason=reason)


@click.command()
@asking(supervisor, BY_SUPERVISOR, about="either")
@click.option("--reason", help="撤销理由")
def withdraw(asked: CommonFields, reason: str | None) -> c.Withdraw:
    """撤销一个节点，或（不写节点）撤销整个项目；记录保留。"""
    return c.Withdraw(**asked.fields, reason=reason_of(None, reason))
