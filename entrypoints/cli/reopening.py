"""A whole list is withdrawn, and the way back from that or a closed year: `duban withdraw-list`, `duban reopen`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from application.office.every_project import Asking
from application.office.reopening import Reopening, ReopeningPreview, preview, reopen
from application.office.withdrawing import Withdrawal, WithdrawalPreview, withdraw_list
from application.office.withdrawing import preview as withdrawal_preview
from application.settings import Settings
from domain.actors import operator
from domain.acts.commands import ReopenProject, Withdraw
from entrypoints.bootstrap import must_have_ledger
from entrypoints.cli.acting import actor_given, as_given, on_behalf_of_option, principal_given
from entrypoints.cli.each_project import showing_progress, tell_results
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import (
    err,
    json_option,
    out,
    print_json,
    run_async,
    settings_option,
)
from entrypoints.cli.signing import giving_office


@click.command("reopen")
@click.argument("year", type=int)
@click.option("--project", "projects", multiple=True, help="只撤回这些项目（可重复），如 2018-05a；不写为全年")
@click.option("--reason", required=True, help="撤回的理由或依据")
@click.option("--by", required=True, help=BY_OPERATOR)
@on_behalf_of_option
@click.option("--confirmed-by", help="确认人（须是办理人以外的督查人员）")
@click.option("--despite-period", help="过了撤回期限仍要撤回的理由")
@click.option("--preview", "only_preview", is_flag=True, help="只看会恢复什么、各有多少，不办理")
@settings_option
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
    """撤回年终结转或整体撤销：恢复督办，此前的记录一条不少，逐项报告结果；可重复执行。"""
    must_have_ledger(settings)
    asking = Asking(actor_given(operator, by), principal_given(operator, on_behalf_of), reason)
    confirmed = actor_given(operator, confirmed_by, "--confirmed-by") if confirmed_by is not None else None
    wanted = tuple(project_id.strip() for project_id in projects)
    reopening = Reopening(year, wanted, asking, despite_period, confirmed)
    with as_given():
        ReopenProject(request_id="-", by=asking.by, reason=reason, despite_period=despite_period)

    async def give() -> int:
        async with giving_office(settings) as office:
            foreseen = await preview(office, reopening)
            if only_preview:
                _tell_preview(foreseen, as_json=as_json)
                return 0
            err().print(_in_words(foreseen), markup=False)
            with showing_progress() as told:
                results = await reopen(office, reopening, told)
            return tell_results(results, as_json=as_json)

    return run_async(give())


@click.command("withdraw-list")
@click.argument("year", type=int)
@click.option("--reason", required=True, help="撤销的理由或依据")
@click.option("--by", required=True, help=BY_OPERATOR)
@on_behalf_of_option
@click.option("--confirmed-by", help="确认人（须是办理人以外的督查人员）")
@click.option("--preview", "only_preview", is_flag=True, help="只看会撤销什么、各有多少，不办理")
@settings_option
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
    """撤销一年的整份清单：先报数，须两人，逐项报告结果；可用 duban reopen 撤回。"""
    must_have_ledger(settings)
    asking = Asking(actor_given(operator, by), principal_given(operator, on_behalf_of), reason)
    confirmed = actor_given(operator, confirmed_by, "--confirmed-by") if confirmed_by is not None else None
    withdrawal = Withdrawal(year, asking, confirmed)
    with as_given():
        Withdraw(request_id="-", by=asking.by, reason=reason, milestone_id=None)

    async def give() -> int:
        async with giving_office(settings) as office:
            foreseen = await withdrawal_preview(office, withdrawal)
            if only_preview and as_json:
                print_json(foreseen)
            elif only_preview:
                out().print(f"{_of_withdrawal(foreseen)}没有办理。", markup=False)
            if only_preview:
                return 0
            err().print(_of_withdrawal(foreseen), markup=False)
            with showing_progress() as told:
                results = await withdraw_list(office, withdrawal, told)
            return tell_results(results, as_json=as_json)

    return run_async(give())


def _of_withdrawal(foreseen: WithdrawalPreview) -> str:
    return (
        f"撤销整份清单：{foreseen.projects}个项目（另有{foreseen.over}个已归档或撤销）、未了结的节点"
        f"{foreseen.milestones}个，随之终止的待办{foreseen.matters}件。"
    )


def _tell_preview(foreseen: ReopeningPreview, *, as_json: bool) -> None:
    if as_json:
        print_json(foreseen)
    else:
        out().print(f"{_in_words(foreseen)}没有办理。", markup=False)


def _in_words(foreseen: ReopeningPreview) -> str:
    twice = foreseen.carried_over_runs
    before = f"其中{'、'.join(twice)}已在下一年清单中督办，须先撤销。" if twice else ""
    return (
        f"撤回结束：恢复{foreseen.projects}个项目（另有{foreseen.others}个不需要或不能撤回）、节点{foreseen.milestones}个"
        f"（其中已过时限{foreseen.overdue}个）、待办{foreseen.matters}件。{before}"
    )
