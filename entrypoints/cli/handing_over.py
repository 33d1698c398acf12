"""All open duties of a department go to another one: `duban hand-over`."""

from __future__ import annotations

import click

from application.office.handing_over import HandingOver, HandingOverPreview
from domain.acts.commands import ReassignLead
from entrypoints.cli.acting import as_given
from entrypoints.cli.each_project import Asked, Shown, over_a_year, with_sub_duties


@click.command("hand-over")
@click.argument("which")
@click.option("--to", required=True, help="接办的部门")
@click.option("--year", type=int, help="只移交这一年的（不写为各年在办的）")
@over_a_year(reason="移交的理由或依据", preview="只看会移交什么、各有多少，不办理")
def hand_over(asked: Asked, which: str, to: str, year: int | None) -> Shown[HandingOverPreview]:
    """部门合并、撤销：把它在办的牵头、参与和分解任务一并移交另一个部门，逐项报告结果；可重复执行。"""
    with as_given():
        ReassignLead(request_id="-", **asked.asking.fields, to=to)
    return Shown(
        HandingOver(year, asked.asking, which, to),
        _in_words,
        lambda _: "接办的部门须重新签收：见 duban duties。",
    )


def _in_words(foreseen: HandingOverPreview) -> str:
    if not foreseen.projects and not foreseen.sub_duties:
        return "没有要移交的在办任务。"
    return (
        f"将移交{foreseen.projects}个项目{with_sub_duties(foreseen.sub_duties)}（其中牵头{foreseen.leads}个，"
        f"其余为参与），共{foreseen.milestones}个未了结的节点；批示、督查等待办一并移交。"
    )
