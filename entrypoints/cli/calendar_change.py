"""Another working calendar for a year: `duban calendar apply`."""

from __future__ import annotations

from pathlib import Path

import click

from application.office.calendar_change import Changed, change_calendar
from application.office.every_project import Asking
from domain.actors import operator
from domain.acts.commands import ChangeCalendar
from domain.rules.calendar import WorkingCalendar
from entrypoints.bootstrap import calendar_of, calendar_with, local_user, must_have_ledger, open_office
from entrypoints.cli.acting import actor_given, as_given, on_behalf_of_option, principal_given
from entrypoints.cli.each_project import showing_progress, tell_results
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
    asking = Asking(actor_given(operator, by), principal_given(operator, on_behalf_of), reason)
    # What cannot be used is refused before anything is asked of the engine.
    with as_given():
        ChangeCalendar(request_id="-", by=asking.by, reason=reason, calendar=WorkingCalendar())
    if file is not None:
        calendar_with(file, WorkingCalendar(), year or 0)

    def new_calendar(own: WorkingCalendar, of_year: int) -> WorkingCalendar:
        return calendar_with(file, own, of_year) if file else calendar_of(settings, of_year)

    async def change() -> Changed:
        async with open_office(settings, giver=local_user()) as office:
            with showing_progress() as told:
                return await change_calendar(office, year, new_calendar, asking, told)

    changed = run_async(change())
    status = tell_results(changed.results, as_json=as_json)
    for name, problem in changed.problems.items():
        err().print(f"{name}的收文没有启用新的工作日历：{problem.text} 请再执行一次。", markup=False)
    return 1 if changed.problems else status
