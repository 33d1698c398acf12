"""Another working calendar for a year: `duban calendar apply`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from application.office.office import Office
from application.office.starting import addressees_for
from domain.actors import operator
from domain.acts.commands import AnyCommand, ChangeCalendar
from domain.errors import DubanError
from domain.ids import DepartmentId, ProjectId
from domain.rules.calendar import WorkingCalendar
from domain.state import ProjectState
from entrypoints.bootstrap import calendar_of, calendar_with, must_have_ledger, open_office
from entrypoints.cli.acting import actor_given, as_given, on_behalf_of_option, principal_given
from entrypoints.cli.each_project import (
    each_project,
    must_be_nobody_s_department,
    projects_of,
    request_id_of,
    states_of,
    tell_results,
)
from entrypoints.cli.operator import BY_OPERATOR
from entrypoints.cli.session import data_option, err, json_option, run_async, settings_of


@click.group()
def calendar() -> None:
    """工作日历：放假安排公布或变更后，重新推算各项目的日期。"""


@calendar.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--published", is_flag=True, help="采用本程序已收录的国务院放假安排（及设置中的日历文件）")
@click.option("--year", type=int, help="哪一年的清单（台账只有一年时可不写）")
@click.option("--reason", required=True, help="理由或依据，如 国办发明电〔2018〕15号")
@click.option("--by", required=True, help=BY_OPERATOR)
@on_behalf_of_option
@data_option
@json_option
@click.pass_context
def apply(
    context: click.Context,
    file: Path | None,
    year: int | None,
    reason: str,
    by: str,
    on_behalf_of: str | None,
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
    who, principal = actor_given(operator, by), principal_given(operator, on_behalf_of)
    # What cannot be used is refused before anything is asked of the engine.
    with as_given():
        ChangeCalendar(request_id="-", by=who, reason=reason, calendar=WorkingCalendar())
    if file is not None:
        calendar_with(file, WorkingCalendar(), year or 0)

    def new_calendar(state: ProjectState, of_year: int) -> WorkingCalendar:
        return calendar_with(file, state.calendar, of_year) if file else calendar_of(settings, of_year)

    async def change() -> int:
        async with open_office(settings) as office:
            of_year, projects = projects_of(office, year)
            must_be_nobody_s_department(office, projects, (principal or who).name)

            def make(_: ProjectId, state: ProjectState) -> AnyCommand:
                new = new_calendar(state, of_year)
                request_id = request_id_of("calendar", state, f"{new.model_dump_json()}{reason}")
                return ChangeCalendar(
                    request_id=request_id, by=who, on_behalf_of=principal, reason=reason, calendar=new
                )

            results = await each_project(office, projects, make)
            problems = await _tell_mailboxes(office, projects, lambda state: new_calendar(state, of_year))
        status = tell_results(results, as_json=as_json)
        for name, problem in problems.items():
            err().print(f"{name}的收文没有启用新的工作日历：{problem.text} 请再执行一次。", markup=False)
        return 1 if problems else status

    return run_async(change())


async def _tell_mailboxes(
    office: Office, projects: Sequence[ProjectId], calendar_for: Callable[[ProjectState], WorkingCalendar]
) -> dict[DepartmentId, DubanError]:
    """Let the mailboxes of a year keep the working days of its calendar, on which the digests go out; answer those that
    could not be told, and why."""
    calendars = {
        name: calendar_for(state)
        for state in states_of(office, projects)
        if not state.closed
        for name in addressees_for(state.project, state.policy)
    }
    problems: dict[DepartmentId, DubanError] = {}
    for name, new in calendars.items():
        try:
            await office.engine.use_calendar(name, new)
        except DubanError as error:
            problems[name] = error
    return problems
