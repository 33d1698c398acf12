"""A year in numbers: on time, late, returned, and what it asked of each department; charts, the same as tables."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.office.year_figures import Counted
from domain.bounds import whole_number
from domain.seeing.year_figures import YearFigures, YearLine
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, UnusedFilterError, exports, shown
from entrypoints.desk.routing import READERS, Page
from entrypoints.desk.visits import Visit

_OTHER: Final = _("没有这一年的清单，下面是 %(year)s 年的数字：有别的年度时，可以在下面选择。")
_NUMBERS: Final = (
    Column(_("到期任务"), lambda line: line.duties),
    Column(_("已完成"), lambda line: line.done),
    Column(_("按期完成"), lambda line: line.on_time),
    Column(_("逾期完成"), lambda line: line.late),
    Column(_("违期次数"), lambda line: line.breaches),
    Column(_("退办次数"), lambda line: line.returns),
    Column(_("收到文书"), lambda line: line.papers),
    Column(_("接受督查"), lambda line: line.inspections),
)


async def year(visit: Visit) -> Response:
    """The figures of a year."""
    number, counted = await _figures(visit)
    figures, is_other = counted.figures, _is_other(visit, number)
    unused = ("year",) if is_other else ()
    return visit.page(
        "year.html",
        200,
        errors=[("year", visit.say(_OTHER, year=number))] if is_other else [],
        as_of=counted.as_of,
        year=number,
        years=(await visit.office.register.choices()).years,
        whole=figures.whole,
        departments=shown(visit, _departments(figures), "/year/departments", unused),
        months=shown(visit, _months(figures), "/year/months", unused),
        by_department=_shares(figures.departments),
        by_month=[(line.name, line.papers, "") for line in figures.months],
        lines=figures.departments,
    )


async def _asked_figures(visit: Visit) -> YearFigures:
    number, counted = await _figures(visit)
    if _is_other(visit, number):
        raise UnusedFilterError
    return counted.figures


def _is_other(visit: Visit, number: int) -> bool:
    return visit.request.query_params.get("year", "") not in ("", str(number))


async def _figures(visit: Visit) -> tuple[int, Counted]:
    asked = whole_number(visit.request.query_params.get("year", ""))
    years = (await visit.office.register.choices()).years
    latest = years[-1] if years else (await visit.desk.now()).year
    number = asked if asked in years else latest
    return number, await visit.desk.desks.years.figures(number)


def _departments(figures: YearFigures) -> Table:
    columns = (Column(_("部门"), lambda line: line.name, "said"), *_NUMBERS)
    return Table("year-departments", _("各部门的一年"), columns, figures.departments)


def _months(figures: YearFigures) -> Table:
    columns = (Column(_("月份"), lambda line: line.name, "id"), *_NUMBERS)
    return Table("year-months", _("各月"), columns, figures.months)


def _shares(lines: tuple[YearLine, ...]) -> list[tuple[str, int, str]]:
    """How many of a hundred finished duties were done on time, by department in order of name."""
    return [(line.name, round(100 * line.on_time / line.done), "green") for line in lines if line.done]


PAGES = (
    Page("/year", year, READERS, menu=_("全年")),
    *exports("/year/departments", READERS, _asked_figures, _departments),
    *exports("/year/months", READERS, _asked_figures, _months),
)
