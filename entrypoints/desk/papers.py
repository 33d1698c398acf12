"""The papers that a department has received: read or not, each to be opened; and to take away as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from application.desk_work.received_papers import Received, ReceivedPaper, opened, received
from domain.ids import DepartmentId
from domain.paging import WHOLE, Part
from domain.papers.paper import PAPER_TITLES, NumberedPaper
from entrypoints.desk.downloads import paper_download
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.paging import pages_of, part_of
from entrypoints.desk.reading import own_department
from entrypoints.desk.routing import MEMBERS, Page
from entrypoints.desk.visits import NotFoundError, Visit

ROWS: Final = 50
TO_THE_PAPER: Final = _("打开这份文书")


async def papers(visit: Visit) -> Response:
    """A page of the papers that a department has received."""
    name = own_department(visit)
    found = await _found(visit, name, part_of(visit, ROWS))
    return await visit.page_now(
        "papers.html",
        department=name,
        departments=visit.signed_in.reads,
        on_record=name in visit.signed_in.reads_for,
        unread=found.unread,
        only=visit.request.query_params.get("unread") == "1",
        table=shown(visit, _table(found.papers, name), "/papers"),
        pages=pages_of(found.lies, len(found.papers), found.count),
    )


async def whole(visit: Visit) -> Table:
    """All of them."""
    name = own_department(visit)
    return _table((await _found(visit, name)).papers, name)


async def paper(visit: Visit) -> Response:
    """One paper; whoever opens it and answers for his department has read it for it."""
    found = await _opened(visit)
    return await visit.page_now(
        "paper.html",
        department=own_department(visit),
        found=found,
        paper=found.item.numbered.paper,
        document=f"/papers/one.docx?{visit.request.url.query}" if found.item.has_document else None,
        duties=shown(visit, duties_of(found.item.numbered), "/papers/one/duties"),
        words=PAPER_TITLES,
    )


async def document(visit: Visit) -> Response:
    """The Word document of one paper, as it was issued; taking it away is reading the paper, too."""
    visit.steps[f"/papers/one?{visit.request.url.query}"] = visit.say(TO_THE_PAPER)
    return await paper_download(visit, (await _opened(visit)).item)


async def _opened(visit: Visit) -> ReceivedPaper:
    name, records, accounts = own_department(visit), visit.office.records, visit.desk.accounts
    asked, now = visit.request.query_params.get("id", ""), await visit.desk.now()
    found = await opened(records, accounts, name, asked, visit.signed_in, now)
    if found is None:
        raise NotFoundError
    return found


def duties_of(numbered: NumberedPaper) -> Table:
    """The table that stands in a paper."""
    columns = (
        Column(_("序号"), lambda line: line.number),
        Column(_("内容"), lambda line: line.what),
        Column(_("部门"), lambda line: line.who),
        Column(_("时限"), lambda line: line.due),
    )
    return Table("duties", _("任务"), columns, numbered.paper.duties or ())


async def _found(visit: Visit, name: DepartmentId, part: Part = WHOLE) -> Received:
    only = visit.request.query_params.get("unread") == "1"
    records, accounts = visit.office.records, visit.desk.accounts
    return await received(records, accounts, name, unread=only, part=part)


def _table(found: Sequence[ReceivedPaper], name: DepartmentId) -> Table:
    def href(each: ReceivedPaper) -> str:
        paper_id = each.item.numbered.paper.paper_id
        return f"/papers/one?department={quote(name)}&id={quote(paper_id, safe='')}"

    columns = (
        Column(_("编号"), lambda each: each.item.numbered.number, "text", href),
        Column(_("文书"), lambda each: PAPER_TITLES[each.item.numbered.paper.kind], "word"),
        Column(_("项目"), lambda each: each.item.numbered.paper.project_title),
        Column(_("收到"), lambda each: each.item.sent_at, "instant"),
        Column(_("时限"), lambda each: each.item.numbered.paper.due_on, "day"),
        Column(_("阅读"), lambda each: _("已阅") if each.read else _("未阅"), "word"),
        Column(_("阅读人"), lambda each: each.read.by if each.read else None),
    )
    return Table("papers", _("收到的文书"), columns, found)


PAGES = (
    Page("/papers", papers, MEMBERS, menu=_("收到的文书")),
    *exports("/papers", MEMBERS, whole),
    Page("/papers/one", paper, MEMBERS),
    Page("/papers/one.docx", document, MEMBERS),
    *exports("/papers/one/duties", MEMBERS, _opened, lambda found: duties_of(found.item.numbered)),
)
