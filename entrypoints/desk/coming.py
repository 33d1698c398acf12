"""What will go out: by day and department, where it peaks, who comes near the cap; and how it is held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from application.office.coming import Coming, ComingPaper, ComingQuery
from domain.paging import WHOLE, Part
from domain.papers.paper import PAPER_TITLES
from entrypoints.desk.days import NO_DAY, day_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, UnusedFilterError, exports, shown
from entrypoints.desk.paging import pages_of, part_of
from entrypoints.desk.reading import place_of
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.visits import Visit

ROWS: Final = 50
SPANS: Final = (7, 14, 30, 60)


async def coming(visit: Visit) -> Response:
    """A page of what will go out."""
    span = await _span(visit)
    found = await _found(visit, span, part_of(visit, ROWS))
    return await visit.page_now(
        "coming.html",
        200,
        found=found,
        spans=SPANS,
        days=span.days,
        errors=(("on", span.fault),) if span.fault else (),
        to=visit.request.query_params.get("to", ""),
        on=visit.request.query_params.get("on", ""),
        by_day=[(day.strftime("%m-%d"), n, "") for day, n in found.days],
        addressees=shown(visit, _addressees(found), "/coming/departments"),
        papers=shown(visit, _papers(found.papers), "/coming", ("on",) if span.fault else ()),
        pages=pages_of(found.lies, len(found.papers), found.count),
    )


async def whole_papers(visit: Visit) -> Table:
    """All papers that are asked for."""
    span = await _span(visit)
    if span.fault:
        raise UnusedFilterError
    return _papers((await _found(visit, span)).papers)


async def whole_addressees(visit: Visit) -> Table:
    """Every addressee's month."""
    return _addressees(await _found(visit, await _span(visit), Part(limit=1)))


async def _found(visit: Visit, span: _Span, part: Part = WHOLE) -> Coming:
    to = visit.request.query_params.get("to") or None
    return await visit.desk.desks.coming.coming(ComingQuery(span.days, to, span.on, part))


@dataclass(frozen=True, slots=True)
class _Span:
    """How many days are looked through, of which one alone; what is wrong with the day that was asked for."""

    days: int
    on: date | None = None
    fault: str | None = None


async def _span(visit: Visit) -> _Span:
    asked, text = visit.request.query_params.get("days", ""), visit.request.query_params.get("on", "")
    days = next((span for span in SPANS if str(span) == asked), SPANS[1])
    on = day_of(text)
    if on is None:
        return _Span(days, fault=visit.say(NO_DAY) if text else None)
    needed = (on - (await visit.desk.now()).date()).days + 1
    if not 0 < needed <= SPANS[-1]:
        fault = _("这一天不在今天起的 %(n)s 天里，没有采用：请另选一天。")
        return _Span(days, fault=visit.say(fault, n=SPANS[-1]))
    # A day behind the span that was chosen is looked for all the same: nothing is said of it otherwise.
    return _Span(next(span for span in SPANS if span >= max(days, needed)), on)


def _papers(papers: Sequence[ComingPaper]) -> Table:
    columns = (
        Column(_("日期"), lambda each: each.on, "day"),
        Column(_("文书"), lambda each: PAPER_TITLES[each.kind], "word"),
        Column(_("收文方"), lambda each: each.to, "said"),
        Column(
            _("编号"),
            lambda each: each.milestone_id or each.project_id,
            "id",
            lambda each: place_of(each.project_id, each.milestone_id),
        ),
        Column(_("项目"), lambda each: each.project_title),
        Column(_("由来"), lambda each: _("已签发，待发送") if each.issued else _("到期自动签发"), "word"),
    )
    return Table("coming", _("将要发出的文书"), columns, papers)


def _addressees(found: Coming) -> Table:
    columns = (
        Column(_("收文方"), lambda each: each.addressee, "said"),
        Column(_("本月已发"), lambda each: each.sent),
        Column(_("本月将发"), lambda each: each.coming),
        Column(_("每月上限"), lambda each: each.cap),
        Column(_("上限"), lambda each: _("会超过，提醒将不发") if each.over else _("不超过"), "word"),
    )
    return Table("coming-departments", _("各收文方的本月"), columns, found.addressees)


PAGES = (
    Page("/coming", coming, OFFICE, menu=_("将要发出")),
    *exports("/coming", OFFICE, whole_papers),
    *exports("/coming/departments", OFFICE, whole_addressees),
)
