"""A whole list is withdrawn, and the way back from that or a closed year: `duban withdraw-list`, `duban reopen`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from application.office.office import Office
from application.office.reopening import Reopening, ReopeningPreview, preview, reopen
from application.office.withdrawing import Withdrawal, WithdrawalPreview, withdraw_list
from application.office.withdrawing import preview as withdrawal_preview
from application.settings import Settings
from domain.acts.commands import ReopenProject, Withdraw
from entrypoints.cli.acting import as_given, on_behalf_of_option
from entrypoints.cli.each_project import (
    CONFIRMED,
    asking_given,
    confirmed_given,
    over_a_year,
    showing_progress,
    tell_results,
    with_sub_duties,
)
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import json_option, ledger_option


@click.command("reopen")
@click.argument("year", type=int)
@click.option("--project", "projects", multiple=True, help="只收回这些项目（可重复），如 2018-05a；不写为全年")
@click.option("--reason", required=True, help="收回的理由或依据")
@click.option("--by", required=True, help=BY_OPERATOR)
@on_behalf_of_option
@click.option("--confirmed-by", help="确认人（须是办理人以外的督查人员）")
@click.option("--despite-period", help="过了收回期限仍要收回的理由")
@click.option("--preview", "only_preview", is_flag=True, help="只看会恢复什么、各有多少，不办理")
@ledger_option
@json_option
def reopen_year(
    settings: Settings,
    year: int,
    projects: Sequence[str],
    reason: str,
    by: str,
    on_behalf_of: str | None,
    confirmed_by: str | None,
    despite_period: str | None,
    *,
    only_preview: bool,
    as_json: bool,
) -> int:
    """收回年终结转或整体撤销：恢复督办，此前的记录一条不少，逐项报告结果；可重复执行。"""
    asking = asking_given(by, on_behalf_of, reason)
    wanted = tuple(project_id.strip() for project_id in projects)
    reopening = Reopening(year, wanted, asking, despite_period, confirmed_given(confirmed_by))
    with as_given():
        ReopenProject(request_id="-", by=asking.by, reason=reason, despite_period=despite_period)

    async def give(office: Office, _: ReopeningPreview) -> int:
        with showing_progress() as told:
            results = await reopen(office, reopening, told)
        return tell_results(results, "各项目恢复督办，原来的时限和待办照旧：见 duban status。", as_json=as_json)

    look = partial(preview, reopening=reopening)
    return over_a_year(
        settings,
        look,
        _of_reopening,
        give,
        only_preview=only_preview,
        as_json=as_json,
        named=(asking.by, asking.on_behalf_of, reopening.confirmed_by),
        needs=lambda foreseen: CONFIRMED if foreseen.second_person and confirmed_by is None else "",
    )


@click.command("withdraw-list")
@click.argument("year", type=int)
@click.option("--reason", required=True, help="撤销的理由或依据")
@click.option("--by", required=True, help=BY_OPERATOR)
@on_behalf_of_option
@click.option("--confirmed-by", help="确认人（须是办理人以外的督查人员）")
@click.option("--preview", "only_preview", is_flag=True, help="只看会撤销什么、各有多少，不办理")
@ledger_option
@json_option
def withdraw_the_list(
    settings: Settings,
    year: int,
    reason: str,
    by: str,
    on_behalf_of: str | None,
    confirmed_by: str | None,
    *,
    only_preview: bool,
    as_json: bool,
) -> int:
    """撤销一年的整份清单：先报数，须两人，逐项报告结果；可用 duban reopen 收回。"""
    asking = asking_given(by, on_behalf_of, reason)
    withdrawal = Withdrawal(year, asking, confirmed_given(confirmed_by))
    with as_given():
        Withdraw(request_id="-", by=asking.by, reason=reason, milestone_id=None)

    async def give(office: Office, foreseen: WithdrawalPreview) -> int:
        with showing_progress() as told:
            results = await withdraw_list(office, withdrawal, told)
        next_step = (
            f"各部门不须再办；如果撤错了，{foreseen.reopen_until} 以前（含当日）可以收回撤销：duban reopen {year}。"
        )
        return tell_results(results, next_step, as_json=as_json)

    look = partial(withdrawal_preview, withdrawal=withdrawal)
    return over_a_year(
        settings,
        look,
        _of_withdrawal,
        give,
        only_preview=only_preview,
        as_json=as_json,
        named=(asking.by, asking.on_behalf_of, withdrawal.confirmed_by),
        needs=lambda foreseen: CONFIRMED if foreseen.second_person and confirmed_by is None else "",
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
