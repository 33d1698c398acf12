"""What is done to all projects of a year at once, each with its own result: another calendar, and the year's end."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from domain.actors import operator
from domain.calendar import WorkingCalendar
from domain.carrying_over import carried_over_plan
from domain.commands import AnyCommand, ChangeCalendar, CloseYear
from domain.errors import DubanError, InputError
from domain.evolution import fold
from domain.ids import ProjectId, project_of, year_of
from domain.rejections import SameCalendarError, UnknownMilestoneError, UnknownProjectError
from domain.state import ProjectState
from domain.stops import milestones_in_scope
from entrypoints.bootstrap import (
    Office,
    calendar_of,
    calendar_with,
    must_have_ledger,
    open_office,
    write_plan,
)
from entrypoints.cli.acting import actor_given, as_given
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import data_option, err, json_option, out, print_json, run_async, settings_of
from entrypoints.history import recorded_events, recorded_projects

_AT_A_TIME = 16
_ASKED_AGAIN, _ASK_AGAIN_SECONDS = 200, 0.1
_OUTCOME_WORDS = {"done": "已办理", "unchanged": "没有变化", "closed": "已结束", "failed": "失败"}
Making = Callable[[ProjectId, ProjectState], AnyCommand]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one project."""

    project_id: ProjectId
    outcome: Literal["done", "unchanged", "closed", "failed"]
    text: str = ""


class NothingOfThatYearError(InputError):
    """The ledger has no project of the year that is asked for."""

    rule = "known_year"


@click.group()
def calendar() -> None:
    """工作日历：放假安排公布或变更后，重新推算各项目的日期。"""


@calendar.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--published", is_flag=True, help="采用本程序已收录的国务院放假安排（及设置中的日历文件）")
@click.option("--year", type=int, help="哪一年的清单（台账只有一年时可不写）")
@click.option("--reason", required=True, help="理由或依据，如 国办发明电〔2018〕15号")
@click.option("--by", required=True, help=BY_OPERATOR)
@data_option
@json_option
@click.pass_context
def apply(
    context: click.Context,
    file: Path | None,
    year: int | None,
    reason: str,
    by: str,
    data: str | None,
    *,
    published: bool,
    as_json: bool,
) -> int:
    """把放假安排文件（或 --published）用于一年的全部项目；已发的不重发，逐项报告结果。"""
    if (file is None) != published:
        raise click.UsageError("请给出放假安排文件，或写 --published，只写一项。")
    settings = settings_of(context, data=data)
    must_have_ledger(settings)
    who = actor_given(operator, by)
    # What cannot be used is refused before anything is asked of the engine.
    with as_given():
        ChangeCalendar(request_id="-", by=who, reason=reason, calendar=WorkingCalendar())
    if file is not None:
        calendar_with(file, WorkingCalendar(), year or 0)

    async def change() -> list[Result]:
        async with open_office(settings) as office:
            of_year, projects = _projects_of(office, year)

            def make(_: ProjectId, state: ProjectState) -> AnyCommand:
                new = calendar_with(file, state.calendar, of_year) if file else calendar_of(settings, of_year)
                request_id = _request_id("calendar", state, f"{new.model_dump_json()}{reason}")
                return ChangeCalendar(request_id=request_id, by=who, reason=reason, calendar=new)

            return await _each(office, projects, make)

    return _tell(run_async(change()), as_json=as_json)


@click.command("close-year")
@click.argument("year", type=int)
@click.option("--to-year", type=int, required=True, help="未办结的结转到哪一年")
@click.option("--end", "ended", multiple=True, help="裁定终结、不再结转的节点（可重复），如 2018-05a-03")
@click.option("--reason", required=True, help="理由或依据")
@click.option("--by", required=True, help=BY_OPERATOR)
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
    who = actor_given(operator, by)
    with as_given():
        CloseYear(request_id="-", by=who, reason=reason, to_year=to_year, ended=tuple(ended))
    if output is not None:
        _must_be_new(output)
    by_project: dict[ProjectId, list[str]] = {}
    for milestone_id in ended:
        by_project.setdefault(project_of(milestone_id.strip()), []).append(milestone_id.strip())

    async def close() -> list[Result]:
        async with open_office(settings) as office:
            _, projects = _projects_of(office, year)
            _must_be_known(office, projects, by_project)

            def make(project_id: ProjectId, state: ProjectState) -> AnyCommand:
                of_project = tuple(by_project.get(project_id, ()))
                request_id = _request_id("close-year", state, f"{to_year}{of_project}{reason}")
                return CloseYear(request_id=request_id, by=who, reason=reason, to_year=to_year, ended=of_project)

            results = await _each(office, projects, make)
            if output is not None:
                write_plan(carried_over_plan(await _closed(office, results), to_year, office.now().date()), output)
        return results

    status = _tell(run_async(close()), as_json=as_json)
    if output is not None:
        err().print(f"结转的节点已写入 {output}", markup=False)
    return status


def _projects_of(office: Office, year: int | None) -> tuple[int, list[ProjectId]]:
    projects = recorded_projects(office.records.ledger)
    years = sorted({year_of(project_id) for project_id in projects})
    if year is None and len(years) > 1:
        raise click.UsageError(f"台账里有{'、'.join(map(str, years))}年的清单，请用 --year 写明是哪一年。")
    of_year = year if year is not None else (years or [0])[0]
    found = [project_id for project_id in projects if year_of(project_id) == of_year]
    if not found:
        raise NothingOfThatYearError(f"台账里没有{year or ''}年的项目：请核对年份和数据目录。")
    return of_year, found


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


def _request_id(act: str, state: ProjectState, content: str) -> str:
    # From the content and from what it is applied to: the same again after a stop half-way is the same request.
    text = f"{state.project.project_id}\n{state.next_seq}\n{content}"
    return f"{act}-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


async def _each(office: Office, projects: Sequence[ProjectId], make: Making) -> list[Result]:
    """Give a command to each project; what fails for one of them is its result, the others go on."""
    gate, console = asyncio.Semaphore(_AT_A_TIME), err()
    columns = (TextColumn("办理"), BarColumn(), MofNCompleteColumn())
    await office.engine.must_have_worker()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("办理", total=len(projects))

        async def one(project_id: ProjectId) -> Result:
            async with gate:
                result = await _one(office, project_id, make)
            bar.advance(task)
            return result

        return list(await asyncio.gather(*(one(project_id) for project_id in projects)))


async def _one(office: Office, project_id: ProjectId, make: Making) -> Result:
    recorded = fold(recorded_events(office.records.ledger, project_id))
    if recorded is not None and recorded.closed:
        return Result(project_id, "closed", "项目已归档或撤销")
    try:
        command = make(project_id, await office.engine.state(project_id))
        outcome = await office.engine.command(project_id, command)
    except DubanError as error:
        same = getattr(error, "rule", "") == SameCalendarError.rule
        return Result(project_id, "unchanged" if same else "failed", "" if same else error.text)
    return Result(project_id, "done", f"{len(outcome.event_ids)}条记录")


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


def _tell(results: list[Result], *, as_json: bool) -> int:
    counts = Counter(result.outcome for result in results)
    if as_json:
        rows = [{"project_id": r.project_id, "outcome": r.outcome, "text": r.text} for r in results]
        print_json({"projects": rows})
    else:
        console = out()
        for result in results:
            console.print(f"{result.project_id} {_OUTCOME_WORDS[result.outcome]} {result.text}".rstrip(), markup=False)
        summary = "，".join(f"{_OUTCOME_WORDS[outcome]}{count}项" for outcome, count in counts.items())
        console.print(f"共{len(results)}项：{summary}。")
    return 1 if counts["failed"] else 0
