"""What the supervision section does to a milestone's work: review, return, strike off, urge, order, grace, withdraw.

What the assigning side rules: insisting, giving duties to another department, disputes and extensions.

Inspections, as the supervision section leads them: opened, findings, conclusion, the check, closing.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import click

from domain.actors import Actor, operator
from domain.acts import commands as c
from domain.acts.commands import CheckRectification, CloseInspection, ConcludeInspection, OpenInspection, RecordFinding
from entrypoints.cli.acting import CommonFields, as_given, asking, reason_of
from entrypoints.cli.department import department_actor
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import DAY
from entrypoints.cli.showing import evidence_option

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


@click.command()
@asking(supervisor, BY_SUPERVISOR, about="either")
@click.option("--department", required=True, help="退回交办的部门")
@click.option("--reason", required=True, help="坚持交办的理由")
def insist(asked: CommonFields, department: str, reason: str) -> c.InsistOnAssignment:
    """部门退回交办后，坚持交办。"""
    return c.InsistOnAssignment(**asked.fields, department=department, reason=reason)


@click.command()
@asking(supervisor, BY_SUPERVISOR, about="either")
@click.option("--to", help="新的牵头部门；写了 --from 则是接替它的参与部门")
@click.option("--from", "before", help="被接替的参与部门；不写 --to 即只解除其任务")
@click.option("--reason", "--basis", "reason", required=True, help="理由或依据")
def reassign(
    asked: CommonFields, to: str | None, before: str | None, reason: str
) -> c.ReassignLead | c.ReplaceParticipant:
    """改由另一个部门牵头（--to），或在项目、一个节点上接替、解除一个参与部门（--from）；未办结的任务一并移交。"""
    if before is None:
        if to is None:
            raise click.UsageError("请写明 --to 新的牵头部门，或用 --from 写明被接替的参与部门。")
        if asked.milestone_id is not None:
            raise click.UsageError("牵头部门只能整个项目移交，不写节点；接替一个节点的参与部门请加 --from。")
        return c.ReassignLead(**asked.of_a_project, to=to, reason=reason)
    with as_given(department="--from"):
        return c.ReplaceParticipant(**asked.fields, department=before, to=to, reason=reason)


@click.group(cls=WordedGroup)
def rule() -> None:
    """裁定：延期初审、延期批复、争议。"""


@rule.command("extension-review")
@asking(supervisor, BY_SUPERVISOR)
@click.option("--recommend", type=DAY, help="建议延至")
@click.option("--advise-against", is_flag=True, help="建议不予延期")
@click.option("--opinion", "--reason", "opinion", required=True, help="初审意见")
def extension_review(
    asked: CommonFields, recommend: date | None, opinion: str, *, advise_against: bool
) -> c.ReviewExtension:
    """延期初审：建议延至某日，或建议不予延期。"""
    if (recommend is not None) == advise_against:
        raise click.UsageError("请写明一项：--recommend 日期 或 --advise-against。")
    return c.ReviewExtension(**asked.fields, recommended_due_on=recommend, opinion=opinion)


@rule.command()
@asking(supervisor, BY_SUPERVISOR)
@click.option("--grant", type=DAY, help="批准，延至这一天")
@click.option("--refuse", is_flag=True, help="不予批准")
@click.option("--ask-more", is_flag=True, help="要求部门补充说明")
@click.option("--reason", required=True, help="理由，或要求补充什么")
def extension(
    asked: CommonFields, grant: date | None, reason: str, *, refuse: bool, ask_more: bool
) -> c.RuleOnExtension:
    """延期批复（须由初审人以外的人办理）：批准到确切的日期、不予批准或要求补充。"""
    if (grant is not None) + refuse + ask_more != 1:
        raise click.UsageError("请写明一项：--grant 日期、--refuse 或 --ask-more。")
    ruling: Literal["grant", "refuse", "ask_more"] = "grant" if grant else "refuse" if refuse else "ask_more"
    with as_given(new_due_on="--grant"):
        return c.RuleOnExtension(**asked.fields, ruling=ruling, new_due_on=grant, reason=reason)


@rule.command()
@asking(supervisor, BY_SUPERVISOR)
@click.option("--responsible", required=True, help="由哪个部门负责")
@click.option("--reason", required=True, help="裁定理由")
def dispute(asked: CommonFields, responsible: str, reason: str) -> c.RuleOnDispute:
    """裁定争议：由哪个部门负责；计时恢复。"""
    return c.RuleOnDispute(**asked.fields, responsible=responsible, reason=reason)


@click.command()
@asking(supervisor, BY_SUPERVISOR)
@click.option("--reason", required=True, help="督查理由")
@click.option("--despite-cap", help="本月督查已达上限仍须开展的理由")
def inspect(asked: CommonFields, reason: str, despite_cap: str | None) -> OpenInspection:
    """对一个节点的牵头部门开展督查；本月已达上限时须用 --despite-cap 写明理由。"""
    return OpenInspection(**asked.fields, reason=reason, despite_cap=despite_cap)


@click.command()
@asking(supervisor, BY_SUPERVISOR, words=True)
@evidence_option
def finding(asked: CommonFields, text: str, evidence: tuple[str, ...]) -> RecordFinding:
    """登记督查发现的问题，可附工作底稿。"""
    return RecordFinding(**asked.fields, text=text, evidence=evidence)


@click.command()
@asking(supervisor, BY_SUPERVISOR, words=True)
@click.option("--rectify", is_flag=True, help="要求整改（按规则的时限）")
@click.option("--rectify-by", type=DAY, help="要求在此日期前整改")
def conclude(asked: CommonFields, text: str, *, rectify: bool, rectify_by: date | None) -> ConcludeInspection:
    """作出督查结论；部门须答复，要求整改的还须整改。"""
    return ConcludeInspection(**asked.fields, conclusion=text, rectify=rectify, rectify_by=rectify_by)


@click.command()
@asking(supervisor, BY_SUPERVISOR)
@click.option("--holds", is_flag=True, help="整改到位，督查结束")
@click.option("--fails", is_flag=True, help="整改未到位，继续整改")
@click.option("--note", required=True, help="核查意见")
@click.option("--rectify-by", type=DAY, help="整改未到位时的新期限（默认按规则的时限）")
def check(asked: CommonFields, note: str, rectify_by: date | None, *, holds: bool, fails: bool) -> CheckRectification:
    """核查整改：到位即结束督查，未到位则退回继续整改。"""
    if holds == fails:
        raise click.UsageError("请写明一项：--holds（整改到位）或 --fails（整改未到位）。")
    if holds and rectify_by is not None:
        raise click.UsageError("整改到位就没有新期限：--rectify-by 只与 --fails 一起用。")
    return CheckRectification(**asked.fields, holds=holds, note=note, rectify_by=rectify_by)


@click.command("close-inspection")
@asking(supervisor, BY_SUPERVISOR)
@click.option("--note", help="结束时的说明")
def close_inspection(asked: CommonFields, note: str | None) -> CloseInspection:
    """结束不要求整改的督查。"""
    return CloseInspection(**asked.fields, note=note)
