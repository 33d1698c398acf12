"""A whole list is withdrawn, and the way back from that or a closed year: `duban withdraw-list`, `duban reopen`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from application.office.reopening import Reopening, ReopeningPreview
from application.office.withdrawing import Withdrawal, WithdrawalPreview
from domain.acts.commands import ReopenProject, Withdraw
from entrypoints.cli.acting import as_given
from entrypoints.cli.each_project import Asked, Shown, over_a_year, with_sub_duties

_CONFIRMED_BY = "确认人（须是办理人以外的督查人员）"


@click.command("reopen")
@click.argument("year", type=int)
@click.option("--project", "projects", multiple=True, help="只收回这些项目（可重复），如 2018-05a；不写为全年")
@click.option("--despite-period", help="过了收回期限仍要收回的理由")
@over_a_year(reason="收回的理由或依据", preview="只看会恢复什么、各有多少，不办理", confirmed_by=_CONFIRMED_BY)
def reopen_year(
    asked: Asked,
    year: int,
    projects: Sequence[str],
    despite_period: str | None,
) -> Shown[ReopeningPreview]:
    """收回年终结转或整体撤销：恢复督办，此前的记录一条不少，逐项报告结果；可重复执行。"""
    with as_given():
        ReopenProject(request_id="-", **asked.asking.fields, despite_period=despite_period)
    wanted = tuple(project_id.strip() for project_id in projects)
    act = Reopening(year, asked.asking, wanted, despite_period=despite_period, confirmed_by=asked.confirmed_by)
    return Shown(act, _of_reopening, lambda _: "各项目恢复督办，原来的时限和待办照旧：见 duban status。")


@click.command("withdraw-list")
@click.argument("year", type=int)
@over_a_year(reason="撤销的理由或依据", preview="只看会撤销什么、各有多少，不办理", confirmed_by=_CONFIRMED_BY)
def withdraw_the_list(asked: Asked, year: int) -> Shown[WithdrawalPreview]:
    """撤销一年的整份清单：先报数，须两人，逐项报告结果；可用 duban reopen 收回。"""
    with as_given():
        Withdraw(request_id="-", **asked.asking.fields, milestone_id=None)
    return Shown(
        Withdrawal(year, asked.asking, confirmed_by=asked.confirmed_by),
        _of_withdrawal,
        lambda foreseen: (
            f"各部门不须再办；如果撤错了，{foreseen.reopen_until} 以前（含当日）可以收回撤销：duban reopen {year}。"
        ),
    )


def _of_withdrawal(foreseen: WithdrawalPreview) -> str:
    return (
        f"将撤销整份清单：{foreseen.projects}个项目{with_sub_duties(foreseen.sub_duties)}（另有{foreseen.over}个已归档或撤销）、未了结的节点"
        f"{foreseen.milestones}个，随之终止的待办{foreseen.matters}件。"
    )


def _of_reopening(foreseen: ReopeningPreview) -> str:
    if foreseen.nothing:
        return foreseen.nothing
    twice = foreseen.carried_over_runs
    before = f"其中{'、'.join(twice)}已在下一年清单中督办，须先撤销。" if twice else ""
    return (
        f"将收回年终结转或撤销，恢复{foreseen.projects}个项目{with_sub_duties(foreseen.sub_duties)}（另有{foreseen.others}个不收回：没有结束，或此前另行撤销，或全部销号后归档）、节点{foreseen.milestones}个"
        f"（其中已过时限{foreseen.overdue}个）、待办{foreseen.matters}件。{before}"
    )
