"""A month's bulletin and a year's report: drafted from the record, edited by a person, and published by him."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.responses import Response

from application.office.burden import Span, bulletin_drafts, period_report, span_of
from domain.actors import operator
from domain.acts.commands import PublishBulletin
from domain.bulletin_kind import BulletinKind
from domain.errors import InputError
from domain.ids import record_name
from domain.seeing.bulletins import BulletinDraft
from domain.seeing.period_report import Figure, FigureName, Listed, PeriodReport, situation
from entrypoints.bootstrap import period_report_file
from entrypoints.bootstrap.documents import said_of
from entrypoints.desk.act_forms import filled, form_of
from entrypoints.desk.downloads import document_download
from entrypoints.desk.giving import Refused, asked_request, given_at_once, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.routing import OFFICE, READERS, Page
from entrypoints.desk.visits import NotFoundError, Visit

FIGURES: Final[dict[FigureName, str]] = {
    "docketed": _("立项交办"),
    "completed": _("办结节点"),
    "struck_off": _("销号节点"),
    "breached": _("牵头部门违期"),
    "parts_breached": _("参与部门违期"),
    "missing_reports": _("缺报"),
    "late_receipts": _("逾期签收"),
    "returned": _("退办"),
    "extended": _("批准延期"),
    "inspected": _("已开展督查"),
    "praised": _("通报表扬"),
    "criticised": _("通报批评"),
    "carried_over": _("结转下年"),
}
KINDS: Final[dict[BulletinKind, str]] = {"praise": _("通报表扬"), "criticism": _("通报批评")}


async def reports(visit: Visit) -> Response:
    """The draft of a month or a year, with the list behind each figure, and what it praises and criticises."""
    return await _page(visit, visit.request.query_params.get("of", ""))


async def document(visit: Visit) -> Response:
    """The draft as a file for a person to edit."""
    report = await _report(visit, span_of(visit.request.query_params.get("of", "")))
    return await document_download(
        visit, said_of(visit.office.settings)(report.title), partial(period_report_file, report)
    )


async def publish(visit: Visit) -> Response:
    """Publish one entry as its person worded it."""
    of, by, about = visit.given("of"), operator(visit.signed_in.name), visit.given("milestone") or None
    values = {"kind": visit.given("kind"), "department": visit.given("about"), "text": visit.given("text")}
    command = filled(form_of(PublishBulletin), values, asked_request(visit), by, about, ())
    answer = await given_at_once(visit, visit.given("project"), command)
    if isinstance(answer, Refused):
        return await _page(visit, of, answer.sentence)
    return visit.see(f"/reports?of={of}#entries")


async def _report(visit: Visit, span: Span) -> PeriodReport:
    today = (await visit.desk.now()).date()
    return await period_report(visit.office.records, span, today)


async def _page(visit: Visit, of: str, fault: str | None = None) -> Response:
    now = await visit.desk.now()
    say = said_of(visit.office.settings)  # a draft is in the language of the papers, whoever looks at it
    errors: list[tuple[str | None, str]] = [(None, fault)] if fault else []
    months = [f"{now.year}-{number:02d}" for number in range(now.month, 0, -1)]
    span = report = None
    drafts: list[BulletinDraft] = []
    try:
        if of:
            span = span_of(of)
            report = await _report(visit, span)
            if span.is_month:
                drafts = [
                    each.having(text=_typed(visit, each) or say(each.text))
                    for each in await bulletin_drafts(visit.office.records, span.period.name)
                ]
    except InputError as error:
        errors.append(("of", visit.refused(error)))
    return visit.page(
        "reports.html",
        as_of=now,
        months=months,
        years=(await visit.office.register.choices()).years,
        of=span.period.name if span else of,
        span=span,
        report=report,
        title=say(report.title) if report else "",
        situation=say(situation(report)) if report else "",
        figures=FIGURES,
        lists=[(each, shown(visit, _lines(each), f"/reports/{each.name}")) for each in report.figures if each.value]
        if report
        else [],
        drafts=drafts,
        kinds=KINDS,
        section=visit.has("operator"),
        request_id=new_request(),
        errors=errors,
    )


def _typed(visit: Visit, draft: BulletinDraft) -> str:
    """What was written into the form of this entry and refused; empty where it was another's, or none was sent."""
    about = (draft.kind, draft.project_id, draft.milestone_id or "", draft.department)
    sent = tuple(visit.given(name) for name in ("kind", "project", "milestone", "about"))
    return visit.given("text") if sent == about else ""


async def whole(visit: Visit) -> Table:
    """The list behind one figure of a month or a year."""
    report = await _report(visit, span_of(visit.request.query_params.get("of", "")))
    for figure in report.figures:
        if figure.name == visit.request.path_params["figure"]:
            return _lines(figure)
    raise NotFoundError


def _lines(figure: Figure) -> Table:
    columns = (
        Column(_("编号"), lambda line: line.milestone_id or line.project_id, "id", _place),
        Column(_("日期"), lambda line: line.on, "day"),
        Column(_("部门"), lambda line: line.department),
        Column(_("什么事"), lambda line: line.words, "said"),
        Column(_("出自记录"), lambda line: record_name(line.event_id), "id"),
    )
    return Table(f"figure-{figure.name}", FIGURES[figure.name], columns, figure.lines)


def _place(line: Listed) -> str:
    return f"/projects/{line.project_id}" + (f"/milestones/{line.milestone_id}" if line.milestone_id else "")


PAGES = (
    Page("/reports", reports, READERS, menu=_("通报和报告")),
    Page("/reports/draft.{ending}", document, READERS),
    *exports("/reports/{figure}", READERS, whole),
    Page("/reports/publish", publish, OFFICE, "POST"),
)
