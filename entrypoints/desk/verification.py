"""An auditor's verification with its three verdicts, the bundle to take away, and the receipt of one entry."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from application.desk_work.verification import bundle_of, receipt_of
from domain.errors import DubanError, EngineUnreachableError, InputError
from entrypoints.desk.downloads import download
from entrypoints.desk.languages import later as _
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


async def verification(visit: Visit) -> Response:
    """The last verification, and what else an auditor takes away."""
    return await _page(visit)


async def begin(visit: Visit) -> Response:
    """Begin a verification."""
    try:
        await visit.desk.verifications.begin(visit.signed_in.name)
    except InputError as error:
        return told(visit, 400, visit.refused(error))
    return visit.see("/verification")


async def bundle(visit: Visit) -> Response:
    """The bundle, as one file."""
    folder = tempfile.TemporaryDirectory(prefix="duban-bundle-")
    place = Path(folder.name) / "bundle.tar"
    try:
        await bundle_of(visit.office, visit.signed_in.name, place)
    except DubanError as error:
        folder.cleanup()
        return told(visit, 409, visit.refused(error))
    except BaseException:
        folder.cleanup()
        raise
    gone = BackgroundTask(folder.cleanup)
    return FileResponse(place, media_type="application/x-tar", filename="duban-bundle.tar", background=gone)


async def receipt(visit: Visit) -> Response:
    """The receipt of one entry."""
    asked = visit.request.query_params.get("event", "").strip()
    if not asked:
        return await _page(visit, visit.say("请写记录的编号，如 2018-05a#3：项目编号，加上经过里这一行末尾的号。"))
    try:
        text = await receipt_of(visit.office, visit.signed_in.name, asked)
    except EngineUnreachableError:
        raise
    except DubanError as error:
        return await _page(visit, visit.refused(error))
    return download(text.encode(), f"receipt-{asked}.txt", "text/plain; charset=utf-8")


async def _page(visit: Visit, fault: str | None = None) -> Response:
    last = visit.desk.verifications.last
    return visit.page(
        "verification.html",
        400 if fault else 200,
        as_of=await visit.desk.now(),
        last=last,
        verdicts=VERDICTS,
        words=STEP_VERDICTS,
        event=visit.request.query_params.get("event", ""),
        errors=[("event", fault)] if fault else (),
        fault=fault,
    )


PAGES = (
    Page("/verification", verification, AUDITORS, menu=_("核验")),
    Page("/verification", begin, AUDITORS, "POST"),
    Page("/verification/bundle.tar", bundle, AUDITORS),
    Page("/verification/receipt", receipt, AUDITORS),
)
