"""What the assigning side rules: insisting, giving duties to another department, disputes and extensions."""

from __future__ import annotations

from datetime import date
from typing import Literal

import click

from domain.acts import commands as c
from entrypoints.cli.acting import CommonFields, asking, plainly
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import DAY


@plainly(c.InsistOnAssignment)
@click.option("--department", required=True, help="退回交办的部门")
@click.option("--reason", required=True, help="坚持交办的理由")
def insist() -> None:
    """部门退回交办后，坚持交办。"""


@asking(c.ReassignLead, about="either")
@click.option("--to", help="新的牵头部门；写了 --from 则是接替它的参与部门")
@click.option("--from", "department", help="被接替的参与部门；不写 --to 即只解除其任务")
@click.option("--reason", "--basis", "reason", required=True, help="理由或依据")
def reassign(
    asked: CommonFields, to: str | None, department: str | None, reason: str
) -> c.ReassignLead | c.ReplaceParticipant:
    """改由另一个部门牵头（--to），或在项目、一个节点上接替、解除一个参与部门（--from）；未办结的任务一并移交。"""
    if department is None:
        if to is None:
            raise click.UsageError("请写明 --to 新的牵头部门，或用 --from 写明被接替的参与部门。")
        if asked.milestone_id is not None:
            raise click.UsageError("牵头部门只能整个项目移交，不写节点；接替一个节点的参与部门请加 --from。")
        return c.ReassignLead(**asked.of_a_project, to=to, reason=reason)
    return c.ReplaceParticipant(**asked.fields, department=department, to=to, reason=reason)


@click.group(cls=WordedGroup)
def rule() -> None:
    """裁定：延期初审、延期批复、争议。"""


@asking(c.ReviewExtension, "extension-review", of=rule.command)
@click.option("--recommend", "recommended_due_on", type=DAY, help="建议延至")
@click.option("--advise-against", is_flag=True, help="建议不予延期")
@click.option("--opinion", "--reason", "opinion", required=True, help="初审意见")
def extension_review(
    asked: CommonFields, recommended_due_on: date | None, opinion: str, *, advise_against: bool
) -> c.ReviewExtension:
    """延期初审：建议延至某日，或建议不予延期。"""
    if (recommended_due_on is not None) == advise_against:
        raise click.UsageError("请写明一项：--recommend 日期 或 --advise-against。")
    return c.ReviewExtension(**asked.fields, recommended_due_on=recommended_due_on, opinion=opinion)


@asking(c.RuleOnExtension, of=rule.command)
@click.option("--grant", "new_due_on", type=DAY, help="批准，延至这一天")
@click.option("--refuse", is_flag=True, help="不予批准")
@click.option("--ask-more", is_flag=True, help="要求部门补充说明")
@click.option("--reason", required=True, help="理由，或要求补充什么")
def extension(
    asked: CommonFields, new_due_on: date | None, reason: str, *, refuse: bool, ask_more: bool
) -> c.RuleOnExtension:
    """延期批复（须由初审人以外的人办理）：批准到确切的日期、不予批准或要求补充。"""
    if (new_due_on is not None) + refuse + ask_more != 1:
        raise click.UsageError("请写明一项：--grant 日期、--refuse 或 --ask-more。")
    ruling: Literal["grant", "refuse", "ask_more"] = "grant" if new_due_on else "refuse" if refuse else "ask_more"
    return c.RuleOnExtension(**asked.fields, ruling=ruling, new_due_on=new_due_on, reason=reason)


@plainly(c.RuleOnDispute, of=rule.command)
@click.option("--responsible", required=True, help="由哪个部门负责")
@click.option("--reason", required=True, help="裁定理由")
def dispute() -> None:
    """裁定争议：由哪个部门负责；计时恢复。"""
