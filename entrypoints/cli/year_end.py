"""The end of a year: `duban close-year`, and what is carried over to the next one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from application.office.every_project import Asking
from application.office.year_end import Closing, carried_over
from application.office.year_end import close_year as closed_year
from domain.actors import operator
from domain.acts.commands import CloseYear
from domain.ids import project_of
from entrypoints.bootstrap import local_user, must_have_ledger, open_office, write_plan
from entrypoints.cli.acting import actor_given, as_given, on_behalf_of_option, principal_given
from entrypoints.cli.each_project import showing_progress, tell_results
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import data_option, err, json_option, run_async, settings_of


@click.command("close-year")
@click.argument("year", type=int)
@click.option("--to-year", type=int, required=True, help="未办结的结转到哪一年")
@click.option("--end", "ended", multiple=True, help="裁定终结、不再结转的节点（可重复），如 2018-05a-03")
@click.option("--reason", required=True, help="理由或依据")
@click.option("--by", required=True, help=BY_OPERATOR)
@on_behalf_of_option
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="把结转的节点写成计划文件，供下一年的清单用"
)
@data_option
@json_option
@click.pass_context
def close_year(
    context: click.Context,
    year: int,
    to_year: int,
    ended: Sequence[str],
    reason: str,
    by: str,
    on_behalf_of: str | None,
    output: Path | None,
    data: str | None,
    *,
    as_json: bool,
) -> int:
    """年终：一年的全部项目，未办结的节点结转（或用 --end 裁定终结），逐项报告结果；可重复执行。"""
    if to_year <= year:
        raise click.UsageError(f"{year}年只能结转到以后的年份，--to-year 给出的是 {to_year}。")
    settings = settings_of(context, data=data)
    must_have_ledger(settings)
    asking = Asking(actor_given(operator, by), principal_given(operator, on_behalf_of), reason)
    closing = Closing(year, to_year, tuple(milestone_id.strip() for milestone_id in ended), asking)
    for milestone_id in closing.ended:
        project_of(milestone_id)  # refuses what is not a milestone's identity
    with as_given():
        CloseYear(request_id="-", by=asking.by, reason=reason, to_year=to_year, ended=tuple(ended))
    if output is not None:
        _must_be_new(output)

    async def close() -> int:
        async with open_office(settings, giver=local_user()) as office:
            with showing_progress() as told:
                results = await closed_year(office, closing, told)
            status = tell_results(results, as_json=as_json)
            if output is None:
                return status
            if status:
                err().print(f"没有写 {output}：有项目未能结转，办好后再执行一次即写入。", markup=False)
                return status
            write_plan(await carried_over(office, results, to_year), output)
            err().print(f"结转的节点已写入 {output}", markup=False)
            return status

    return run_async(close())


def _must_be_new(output: Path) -> None:
    if output.suffix.lower() not in (".yaml", ".yml", ".xlsx"):
        raise click.UsageError(f"-o {output} 应以 .yaml 或 .xlsx 结尾。")
    if output.exists():
        raise click.UsageError(f"-o {output} 已经存在，不覆盖：请换一个文件名。")
    if not output.parent.is_dir():
        raise click.UsageError(f"-o {output} 所在的文件夹不存在：请先建好。")
