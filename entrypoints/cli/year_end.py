"""The end of a year: `duban close-year`, and what is carried over to the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from application.office.office import Office
from domain.actors import operator
from domain.acts.commands import AnyCommand, CloseYear
from domain.acts.rejections import UnknownMilestoneError, UnknownProjectError
from domain.errors import DubanError
from domain.evolution import fold
from domain.ids import ProjectId, project_of
from domain.lists.carrying_over import carried_over_plan
from domain.record.recorded_projects import recorded_events
from domain.rungs.stops import milestones_in_scope
from domain.state import ProjectState
from entrypoints.bootstrap import must_have_ledger, open_office, write_plan
from entrypoints.cli.acting import actor_given, as_given, on_behalf_of_option, principal_given
from entrypoints.cli.each_project import (
    Result,
    each_project,
    must_be_nobody_s_department,
    projects_of,
    request_id_of,
    tell_results,
)
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import data_option, err, json_option, run_async, settings_of

_ASKED_AGAIN, _ASK_AGAIN_SECONDS = 200, 0.1


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
    who, principal = actor_given(operator, by), principal_given(operator, on_behalf_of)
    by_project: dict[ProjectId, list[str]] = {}
    for milestone_id in ended:
        by_project.setdefault(project_of(milestone_id.strip()), []).append(milestone_id.strip())
    with as_given():
        CloseYear(request_id="-", by=who, reason=reason, to_year=to_year, ended=tuple(ended))
    if output is not None:
        _must_be_new(output)

    async def close() -> int:
        async with open_office(settings) as office:
            _, projects = projects_of(office, year)
            must_be_nobody_s_department(office, projects, (principal or who).name)
            _must_be_known(office, projects, by_project)

            def make(project_id: ProjectId, state: ProjectState) -> AnyCommand:
                of_project = tuple(by_project.get(project_id, ()))
                request_id = request_id_of("close-year", state, f"{to_year}{of_project}{reason}")
                return CloseYear(
                    request_id=request_id,
                    by=who,
                    on_behalf_of=principal,
                    reason=reason,
                    to_year=to_year,
                    ended=of_project,
                )

            results = await each_project(office, projects, make)
            status = tell_results(results, as_json=as_json)
            if output is None:
                return status
            if status:
                err().print(f"没有写 {output}：有项目未能结转，办好后再执行一次即写入。", markup=False)
                return status
            write_plan(carried_over_plan(await _closed(office, results), to_year, office.now().date()), output)
            err().print(f"结转的节点已写入 {output}", markup=False)
            return status

    return run_async(close())


def _must_be_known(office: Office, projects: Sequence[ProjectId], ended: dict[ProjectId, list[str]]) -> None:
    """Refuse a milestone that no project of the year has, before anything is closed."""
    for project_id, milestone_ids in ended.items():
        if project_id not in projects:
            raise UnknownProjectError(project_id=project_id)
        state = fold(recorded_events(office.records.ledger, project_id))
        known = state.milestones if state is not None else {}
        for milestone_id in milestone_ids:
            if milestone_id not in known:
                raise UnknownMilestoneError(
                    project_id=project_id, milestone_id=milestone_id, last=next(reversed(known), None)
                )


async def _closed(office: Office, results: Sequence[Result]) -> list[ProjectState]:
    """The projects as the ledger has them after their closing: what was answered may be recorded a moment later."""
    states = []
    for result in results:
        for _ in range(_ASKED_AGAIN):
            state = fold(recorded_events(office.records.ledger, result.project_id))
            assert state is not None
            if result.outcome != "done" or not milestones_in_scope(state, None):
                break
            await asyncio.sleep(_ASK_AGAIN_SECONDS)
        else:
            raise DubanError(f"项目 {result.project_id} 的结转还没有记入台账：请稍后再执行一次，写入 -o 的文件。")
        states.append(state)
    return states


def _must_be_new(output: Path) -> None:
    if output.suffix.lower() not in (".yaml", ".yml", ".xlsx"):
        raise click.UsageError(f"-o {output} 应以 .yaml 或 .xlsx 结尾。")
    if output.exists():
        raise click.UsageError(f"-o {output} 已经存在，不覆盖：请换一个文件名。")
    if not output.parent.is_dir():
        raise click.UsageError(f"-o {output} 所在的文件夹不存在：请先建好。")
