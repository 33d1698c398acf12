"""A month's bulletin and a year's report: drafted from the record, edited by a person, and published by him."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple

from starlette.responses import Response

from application.office.burden import Span, bulletin_drafts, period_report, span_of
from domain.actors import operator
from domain.acts.commands import PublishBulletin
from domain.bulletin_kind import BulletinKind
from domain.errors import EngineUnreachableError, InputError
from domain.ids import record_name
from domain.seeing.bulletins import BulletinDraft
from domain.seeing.period_report import Figure, FigureName, PeriodReport, situation
from entrypoints.bootstrap import period_report_file
from entrypoints.bootstrap.documents import said_of
from entrypoints.desk.act_forms import filled, form_of
from entrypoints.desk.downloads import document_download
from entrypoints.desk.giving import Refused, asked_request, given_at_once, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.reading import place_of
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
_NUMBERED: Final = "project-"
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
    """Publish the entries that were chosen, each as its person worded it: one that is refused keeps no other back, and
    what was typed into those that are left stays."""
    of, by, request = visit.given("of"), operator(visit.signed_in.name), asked_request(visit)
    typed = _typed(visit)
    chosen = {about: each for about, each in typed.items() if each.chosen}
    refused: dict[_About, str] = {}
    for about, each in chosen.items():
        kind, project_id, milestone_id, department = about
        values = {"kind": kind, "department": department, "text": each.text}
        command = filled(form_of(PublishBulletin), values, f"{request}-{each.number}", by, milestone_id or None, ())
        try:
            answer = await given_at_once(visit, project_id, command)
        except EngineUnreachableError as error:
            refused[about] = visit.refused(error)
        else:
            if isinstance(answer, Refused):
                refused[about] = answer.sentence
    if chosen and not refused and typed.keys() == chosen.keys():
        return visit.see(f"/reports?of={of}#entries")
    return await _page(visit, of, refused, chosen=len(chosen))


async def _report(visit: Visit, span: Span) -> PeriodReport:
    today = (await visit.desk.now()).date()
    return await period_report(visit.office.records, span, today)


async def _page(
    visit: Visit, of: str, refused: Mapping[_About, str] = MappingProxyType({}), chosen: int | None = None
) -> Response:
    now = await visit.desk.now()
    say = said_of(visit.office.settings)  # a draft is in the language of the papers, whoever looks at it
    typed = _typed(visit)
    errors: list[tuple[str | None, str]] = []
    if chosen == 0:
        errors.append((None, visit.say(_("没有勾选要发布的：请勾选以后再发布，改好的文字还在下面。"))))
    months = [f"{now.year}-{number:02d}" for number in range(now.month, 0, -1)]
    span = report = None
    drafts: list[_Entry] = []
    try:
        if of:
            span = span_of(of)
            report = await _report(visit, span)
            if span.is_month:
                drafts = [
                    _Entry(each, None if each.published else typed.get(_about(each)), refused.get(_about(each)), say)
                    for each in await bulletin_drafts(visit.office.records, span.period.name)
                ]
                at = {_about(each.draft): number for number, each in enumerate(drafts, start=1)}
                errors += [
                    (
                        f"entry-{at[about]}" if about in at else None,
                        f"{about[3]} {about[2] or about[1]}{visit.say('：')}{sentence}",
                    )
                    for about, sentence in refused.items()
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
        unpublished=sum(not each.draft.published for each in drafts),
        chosen=chosen,
        failed=len(refused),
        kinds=KINDS,
        section=visit.has("operator"),
        request_id=new_request(),
        errors=errors,
    )


_About = tuple[str, str, str, str]
"""What an entry is about: its kind, project, milestone (or nothing) and department."""


class _Typed(NamedTuple):
    """What the form had for an entry: its number there, whether it goes out, its words."""

    number: str
    chosen: bool
    text: str


class _Entry(NamedTuple):
    """An entry of the form: what was typed for it and why that was refused, where it was."""

    draft: BulletinDraft
    typed: _Typed | None
    fault: str | None
    say: Callable[[str], str]

    @property
    def text(self) -> str:
        """The words that stand in the form."""
        return self.typed.text if self.typed else self.say(self.draft.text)


def _about(draft: BulletinDraft) -> _About:
    return draft.kind, draft.project_id, draft.milestone_id or "", draft.department


def _typed(visit: Visit) -> dict[_About, _Typed]:
    """What the form had, by what each entry is about."""
    ends = [name.removeprefix(_NUMBERED) for name in visit.form if name.startswith(_NUMBERED)]
    return {
        (
            visit.given(f"kind-{end}"),
            visit.given(f"{_NUMBERED}{end}"),
            visit.given(f"milestone-{end}"),
            visit.given(f"about-{end}"),
        ): _Typed(end, visit.given(f"publish-{end}") == "yes", visit.given(f"text-{end}"))
        for end in ends
    }


async def whole(visit: Visit) -> Table:
    """The list behind one figure of a month or a year."""
    report = await _report(visit, span_of(visit.request.query_params.get("of", "")))
    for figure in report.figures:
        if figure.name == visit.request.path_params["figure"]:
            return _lines(figure)
    raise NotFoundError


def _lines(figure: Figure) -> Table:
    columns = (
        Column(
            _("编号"),
            lambda line: line.milestone_id or line.project_id,
            "id",
            lambda line: place_of(line.project_id, line.milestone_id),
        ),
        Column(_("日期"), lambda line: line.on, "day"),
        Column(_("部门"), lambda line: line.department),
        Column(_("什么事"), lambda line: line.words, "said"),
        Column(_("出自记录"), lambda line: record_name(line.event_id), "id"),
    )
    return Table(f"figure-{figure.name}", FIGURES[figure.name], columns, figure.lines)


PAGES = (
    Page("/reports", reports, READERS, menu=_("通报和报告")),
    Page("/reports/draft.{ending}", document, READERS),
    *exports("/reports/{figure}", READERS, whole),
    Page("/reports/publish", publish, OFFICE, "POST"),
)
