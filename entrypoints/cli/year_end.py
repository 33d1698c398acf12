"""The end of a year: `duban close-year`, and what is carried over to the next one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from application.office.every_project import Result
from application.office.office import Office
from application.office.year_end import Closing, YearPreview, carried_over
from domain.acts.commands import CloseYear
from domain.ids import project_of
from entrypoints.bootstrap.plan_files import write_plan
from entrypoints.cli.acting import as_given
from entrypoints.cli.each_project import Asked, Shown, over_a_year, with_sub_duties
from entrypoints.cli.session import FILE, err


@click.command("close-year")
@click.argument("year", type=int)
@click.option("--to-year", type=int, required=True, help="未办结的结转到哪一年")
@click.option("--end", "ended", multiple=True, help="裁定终结、不再结转的节点（可重复），如 2018-05a-03")
@click.option("--despite-period", help="还没到年终就要结转的理由")
@click.option("-o", "--output", type=FILE, help="把结转的节点写成计划文件，供下一年的清单用")
@over_a_year(
    reason="理由或依据",
    preview="只看会办理什么、各有多少，不办理",
    confirmed_by="提前结转的确认人（须是办理人以外的督查人员）",
)
def close_year(
    asked: Asked,
    year: int,
    to_year: int,
    ended: Sequence[str],
    despite_period: str | None,
    output: Path | None,
) -> Shown[YearPreview]:
    """年终：一年的全部项目，未办结的节点结转（或用 --end 裁定终结），逐项报告结果；可重复执行。"""
    if to_year <= year:
        raise click.UsageError(f"{year}年只能结转到以后的年份，--to-year 给出的是 {to_year}。")
    milestones = tuple(milestone_id.strip() for milestone_id in ended)
    for milestone_id in milestones:
        project_of(milestone_id)  # refuses what is not a milestone's identity
    with as_given():
        CloseYear(
            request_id="-",
            **asked.asking.fields,
            to_year=to_year,
            ended=tuple(ended),
            despite_period=despite_period,
        )
    if output is not None:
        _must_be_new(output)

    async def write(office: Office, results: list[Result]) -> int:
        if output is None:
            return 0
        if any(result.outcome == "failed" for result in results):
            err().print(f"没有写 {output}：有项目未能结转，办好后再执行一次即写入。")
        else:
            write_plan(await carried_over(office, results, to_year), output)
            err().print(f"结转的节点已写入 {output}")
        return 0

    return Shown(
        Closing(
            year, asked.asking, to_year, milestones, despite_period=despite_period, confirmed_by=asked.confirmed_by
        ),
        _in_words,
        lambda foreseen: (
            f"各部门的年终文书已发出；如果办错了，{foreseen.reopen_until} 以前（含当日）可以收回年终结转："
            f"duban reopen {year}。"
        ),
        write,
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
