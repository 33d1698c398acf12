"""The end of a year: `duban close-year`, and what is carried over to the next one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from application.office.office import Office
from application.office.year_end import Closing, YearPreview, carried_over, preview
from application.office.year_end import close_year as closed_year
from application.settings import Settings
from domain.acts.commands import CloseYear
from domain.ids import project_of
from entrypoints.bootstrap import must_have_ledger
from entrypoints.bootstrap.plan_files import write_plan
from entrypoints.cli.acting import as_given, on_behalf_of_option
from entrypoints.cli.each_project import (
    CONFIRMED,
    DESPITE,
    asking_given,
    confirmed_given,
    over_a_year,
    showing_progress,
    tell_results,
    with_sub_duties,
)
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import err, json_option, settings_option


@click.command("close-year")
@click.argument("year", type=int)
@click.option("--to-year", type=int, required=True, help="未办结的结转到哪一年")
@click.option("--end", "ended", multiple=True, help="裁定终结、不再结转的节点（可重复），如 2018-05a-03")
@click.option("--reason", required=True, help="理由或依据")
@click.option("--by", required=True, help=BY_OPERATOR)
@on_behalf_of_option
@click.option("--despite-period", help="还没到年终就要结转的理由")
@click.option("--confirmed-by", help="提前结转的确认人（须是办理人以外的督查人员）")
@click.option("--preview", "only_preview", is_flag=True, help="只看会办理什么、各有多少，不办理")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="把结转的节点写成计划文件，供下一年的清单用"
)
@settings_option
@json_option
def close_year(
    settings: Settings,
    year: int,
    to_year: int,
    ended: Sequence[str],
    reason: str,
    by: str,
    on_behalf_of: str | None,
    output: Path | None,
    despite_period: str | None,
    confirmed_by: str | None,
    *,
    only_preview: bool,
    as_json: bool,
) -> int:
    """年终：一年的全部项目，未办结的节点结转（或用 --end 裁定终结），逐项报告结果；可重复执行。"""
    if to_year <= year:
        raise click.UsageError(f"{year}年只能结转到以后的年份，--to-year 给出的是 {to_year}。")
    must_have_ledger(settings)
    asking = asking_given(by, on_behalf_of, reason)
    milestones = tuple(milestone_id.strip() for milestone_id in ended)
    closing = Closing(year, to_year, milestones, asking, despite_period, confirmed_given(confirmed_by))
    for milestone_id in closing.ended:
        project_of(milestone_id)  # refuses what is not a milestone's identity
    with as_given():
        CloseYear(
            request_id="-",
            by=asking.by,
            reason=reason,
            to_year=to_year,
            ended=tuple(ended),
            despite_period=despite_period,
        )
    if output is not None:
        _must_be_new(output)

    async def close(office: Office, foreseen: YearPreview) -> int:
        with showing_progress() as told:
            results = await closed_year(office, closing, told)
        next_step = (
            f"各部门的年终文书已发出；如果办错了，{foreseen.reopen_until} 以前（含当日）可以收回年终结转："
            f"duban reopen {year}。"
        )
        status = tell_results(results, next_step, as_json=as_json)
        if output is not None and status:
            err().print(f"没有写 {output}：有项目未能结转，办好后再执行一次即写入。")
        elif output is not None:
            write_plan(await carried_over(office, results, to_year), output)
            err().print(f"结转的节点已写入 {output}")
        return status

    look = partial(preview, closing=closing)

    def needs(foreseen: YearPreview) -> str:
        asked = (DESPITE, despite_period), (CONFIRMED, confirmed_by if foreseen.second_person else "-")
        return " ".join(option for option, given in asked if given is None) if foreseen.too_early else ""

    named = asking.by, asking.on_behalf_of, closing.confirmed_by
    return over_a_year(
        settings, look, _in_words, close, only_preview=only_preview, as_json=as_json, named=named, needs=needs
    )


def _in_words(foreseen: YearPreview) -> str:
    first = foreseen.strike_off_first
    before = f"另有{len(first)}个已办结未销号，须先销号：{'、'.join(first)}。" if first else ""
    return (
        f"将办年终结转：{foreseen.projects}个项目{with_sub_duties(foreseen.sub_duties)}（另有{foreseen.over}个已归档或撤销）；节点结转{foreseen.carried_over}个、"
        f"裁定终结{foreseen.ended}个、已销号{foreseen.struck_off}个；随之终止的待办{foreseen.matters}件、"
        f"延期申请{foreseen.extensions}件、督查{foreseen.inspections}件。{before}"
    )


def _must_be_new(output: Path) -> None:
    if output.suffix.lower() not in (".yaml", ".yml", ".xlsx"):
        raise click.UsageError(f"-o {output} 应以 .yaml 或 .xlsx 结尾。")
    if output.exists():
        raise click.UsageError(f"-o {output} 已经存在，不覆盖：请换一个文件名。")
    if not output.parent.is_dir():
        raise click.UsageError(f"-o {output} 所在的文件夹不存在：请先建好。")
