"""Another working calendar for a year: `duban calendar apply`."""

from __future__ import annotations

from pathlib import Path

import click

from application.office.calendar_change import CalendarChange, CalendarPreview
from application.office.every_project import Result
from application.office.office import Office
from domain.acts.commands import ChangeCalendar
from domain.rules.calendar import WorkingCalendar
from entrypoints.bootstrap import calendar_of, calendar_with
from entrypoints.cli.acting import as_given
from entrypoints.cli.each_project import Asked, Shown, over_a_year
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import FILE, err


@click.group(cls=WordedGroup)
def calendar() -> None:
    """工作日历：放假安排公布或变更后，重新推算各项目的日期。"""


@calendar.command()
@click.argument("file", required=False, type=FILE)
@click.option("--published", is_flag=True, help="采用本程序已收录的国务院放假安排（及设置中的日历文件）")
@click.option("--year", type=int, help="哪一年的清单（台账只有一年时可不写）")
@click.option("--despite-period", help="启用往年或下一年以后的放假安排的理由")
@over_a_year(reason="理由或依据，如 国办发明电〔2018〕15号", preview="只看会改动什么、各有多少，不办理")
def apply(
    asked: Asked,
    file: Path | None,
    year: int | None,
    despite_period: str | None,
    *,
    published: bool,
) -> Shown[CalendarPreview]:
    """把放假安排文件（或 --published）用于一年的全部项目；已发的不重发，逐项报告结果。"""
    if (file is None) != published:
        raise click.UsageError("请给出放假安排文件，或写 --published，只写一项。")
    # What cannot be used is refused before anything is asked of the engine.
    with as_given():
        ChangeCalendar(
            request_id="-",
            **asked.asking.fields,
            calendar=WorkingCalendar(),
            despite_period=despite_period,
        )
    if file is not None:
        calendar_with(file, WorkingCalendar(), year or 0)

    def new_calendar(own: WorkingCalendar, of_year: int) -> WorkingCalendar:
        return calendar_with(file, own, of_year) if file else calendar_of(asked.settings, of_year)

    change = CalendarChange(year, asked.asking, new_calendar, despite_period=despite_period)

    async def tell_mailboxes(office: Office, _: list[Result]) -> int:
        problems = await change.tell_mailboxes(office)
        for name, problem in problems.items():
            err().print(f"{name}的收文没有启用新的工作日历：{problem.text} 请再执行一次。")
        return 1 if problems else 0

    return Shown(change, _in_words, lambda _: "此后的时限按新的工作日历推算：见 duban status。", tell_mailboxes)


def _in_words(foreseen: CalendarPreview) -> str:
    if not foreseen.projects:
        return f"{foreseen.others}个项目已按这份工作日历运行或已结束，日期都不变。"
    return (
        f"新的工作日历：{foreseen.projects}个项目改用（另有{foreseen.others}个没有变化或已结束），"
        f"尚未到的{foreseen.moved}个日期随之移动，其中提前{foreseen.earlier}个。"
    )
