"""An auditor's verification with its three verdicts, the bundle to take away, and the receipt of one entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from starlette.responses import Response

from application.desk_work.verification import Verification, receipt_of
from domain.errors import DubanError, EngineUnreachableError, InputError
from domain.paging import part_of_all
from entrypoints.desk.downloads import bundle_download, download
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.paging import pages_of, part_of
from entrypoints.desk.routing import AUDITORS, Page, told
from entrypoints.desk.visits import Visit

STEP_VERDICTS: Final = {
    "passed": _("通过"),
    "failed": _("不通过"),
    "missing": _("缺证据"),
    "not_checked": _("未核"),
}
VERDICTS: Final = {
    "nothing_found": _("未发现问题。"),
    "evidence_missing": _("缺少证据，不能断定；没有发现改动。缺什么、怎样补上，见下面各条。"),
    "changed": _("台账已被改动，见下面各条。"),
}


ROWS: Final = 100


class _Line(NamedTuple):
    """A step with what was done, or one thing that was found in it."""

    step: str
    verdict: str
    place: str
    text: str
    next_step: str


_COLUMNS: Final = (
    Column(_("步骤"), lambda line: line.step, "id"),
    Column(_("结果"), lambda line: STEP_VERDICTS.get(line.verdict, line.verdict), "word"),
    Column(_("出自记录"), lambda line: line.place, "id"),
    Column(_("说明"), lambda line: line.text, "said"),
    Column(_("下一步"), lambda line: line.next_step, "said"),
)


async def verification(visit: Visit, fault: str | None = None) -> Response:
    """The last verification, and what else an auditor takes away."""
    last = visit.desk.desks.verifications.last
    lines = _lines(last)
    numbered = [(f"{number:08d}", line) for number, line in enumerate(lines)]
    part, lies = part_of_all(numbered, part_of(visit, ROWS), itemgetter(0))
    return await visit.page_now(
        "verification.html",
        last=last,
        verdicts=VERDICTS,
        steps_of_it=shown(visit, _table([line for _, line in part]), "/verification"),
        pages=pages_of(lies, len(part), len(lines)),
        event=visit.request.query_params.get("event", ""),
        errors=[("event", fault)] if fault else (),
        fault=fault,
    )


async def begin(visit: Visit) -> Response:
    """Begin a verification."""
    try:
        await visit.desk.desks.verifications.begin(visit.signed_in.name)
    except InputError as error:
        return told(visit, 400, visit.refused(error))
    return visit.see("/verification")


async def bundle(visit: Visit) -> Response:
    """The bundle, as one file."""
    try:
        return await bundle_download(visit.office, visit.signed_in.name)
    except DubanError as error:
        return told(visit, 409, visit.refused(error))


async def receipt(visit: Visit) -> Response:
    """The receipt of one entry."""
    asked = visit.request.query_params.get("event", "").strip()
    if not asked:
        return await verification(
            visit, visit.say("请写记录的编号，如 2018-05a#3：项目编号，加上经过里这一行末尾的号。")
        )
    try:
        text = await receipt_of(visit.office, visit.signed_in.name, asked)
    except EngineUnreachableError:
        raise
    except DubanError as error:
        return await verification(visit, visit.refused(error))
    return download(text.encode(), f"receipt-{asked}.txt", "text/plain; charset=utf-8")


async def whole(visit: Visit) -> Table:
    """All steps of the last verification, with everything that was found."""
    return _table(_lines(visit.desk.desks.verifications.last))


def _table(lines: Sequence[_Line]) -> Table:
    return Table("verification", _("各步"), _COLUMNS, lines)


def _lines(last: Verification | None) -> Sequence[_Line]:
    return tuple(_told_of(last)) if last is not None and last.report is not None else ()


def _told_of(last: Verification) -> Iterator[_Line]:
    for step in last.report.steps if last.report is not None else ():
        yield _Line(step.name, step.verdict, "", step.note, step.next_step)
        for found in step.findings:
            yield _Line(step.name, step.verdict, found.place, found.text, "")
    for text in last.unkept:
        yield _Line("histories", "missing", "", text, "")


PAGES = (
    Page("/verification", verification, AUDITORS, menu=_("核验")),
    *exports("/verification", AUDITORS, whole),
    Page("/verification", begin, AUDITORS, "POST"),
    Page("/verification/bundle.tar", bundle, AUDITORS),
    Page("/verification/receipt", receipt, AUDITORS),
)
