"""A paper that the office has issued, for the supervision section: what it says, to whom it went, who has read it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.desk_work.sent_papers import IssuedPaper, issued_paper
from domain.ids import event_id_for, supervision_workflow_id
from domain.papers.paper import NOT_SENT_WORDS, PAPER_TITLES
from domain.ports.outbox import ItemState
from entrypoints.desk.downloads import paper_download
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports
from entrypoints.desk.papers import TO_THE_PAPER, duties_of
from entrypoints.desk.project_tables import listed, paper_address
from entrypoints.desk.reading import Known, project_opened
from entrypoints.desk.routing import READERS, STAND_INS, Page
from entrypoints.desk.visits import NotFoundError, Visit

_STATES: Final[dict[ItemState, str]] = {
    "waiting": _("等候发出"),
    "claimed": _("正在发出"),
    "sent": _("已发出"),
    "withheld": _("未发"),
}


async def paper(visit: Visit) -> Response:
    """One paper of a project."""
    known, found = await _opened(visit)
    place = paper_address(found.numbered.paper.paper_id)
    return visit.page(
        "sent_paper.html",
        as_of=known.now,
        known=known,
        numbered=found.numbered,
        words=PAPER_TITLES,
        document=f"{place}.docx" if found.with_document else None,
        duties=listed(visit, duties_of(found.numbered), f"{place}/duties"),
        recipients=listed(visit, _recipients(found), f"{place}/recipients"),
    )


async def document(visit: Visit) -> Response:
    """The Word document of a paper that went out, as it was issued."""
    _known, found = await _opened(visit)
    visit.steps[paper_address(found.numbered.paper.paper_id)] = visit.say(TO_THE_PAPER)
    return await paper_download(visit, found.with_document)


async def _opened(visit: Visit) -> tuple[Known, IssuedPaper]:
    asked = visit.request.path_params
    known = await project_opened(visit, asked["project_id"])
    paper_id = event_id_for(supervision_workflow_id(known.project_id), asked["number"])
    found = await issued_paper(visit.office.records, visit.desk.accounts, paper_id)
    if found is None:
        raise NotFoundError
    return known, found


def _recipients(found: IssuedPaper) -> Table:
    columns = (
        Column(_("收件方"), lambda each: each.item.addressee, "said"),
        Column(_("到了哪里"), lambda each: _STATES[each.item.state], "word"),
        Column(_("发出时间"), lambda each: each.item.sent_at, "instant"),
        Column(_("未发原因"), lambda each: NOT_SENT_WORDS.get(each.item.reason), "said"),
        Column(_("阅读人"), lambda each: each.read.by if each.read else None),
        Column(_("阅读时间"), lambda each: each.read.read_at if each.read else None, "instant"),
    )
    return Table("recipients", _("收件方"), columns, found.lines)


PAGES = (
    Page("/projects/{project_id}/papers/{number:int}", paper, READERS | STAND_INS),
    Page("/projects/{project_id}/papers/{number:int}.docx", document, READERS | STAND_INS),
    *exports(
        "/projects/{project_id}/papers/{number:int}/duties",
        READERS,
        _opened,
        lambda found: duties_of(found[1].numbered),
    ),
    *exports(
        "/projects/{project_id}/papers/{number:int}/recipients", READERS, _opened, lambda found: _recipients(found[1])
    ),
)
