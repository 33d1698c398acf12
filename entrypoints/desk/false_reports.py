"""A record that is found to be false: one person prepares it here, another one confirms it at the page of scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.responses import Response

from application.desk_work import scores_by_two
from domain.errors import InputError, RejectedError
from domain.ids import DepartmentId, record_name
from domain.scoring.reported_record import ReportedRecord
from domain.seeing.timeline import TimelineLine
from entrypoints.desk.languages import later as _
from entrypoints.desk.reading import reason_given
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.visits import Visit

PLACE: Final = "/scores/false-reports"
_NAMED: Final = ("record", "milestone", "department")


def address_of(visit: Visit, line: TimelineLine, reporter: DepartmentId | None) -> str | None:
    """Where whoever may finds a record to be false; none for others, and where it is no department's report."""
    if reporter is None or not visit.has(*OFFICE):
        return None
    named = (record_name(line.event_id), line.milestone_id or "", reporter)
    return f"{PLACE}?{urlencode(dict(zip(_NAMED, named, strict=True)))}"


async def false_reports(visit: Visit) -> Response:
    """Which record is false, and why; what the address names is filled in."""
    return await _page(visit, ())


async def prepare(visit: Visit) -> Response:
    """One person prepares it; nothing is found yet."""
    if not all(map(visit.given, _NAMED)):
        return await _page(visit, [(None, visit.say(_("请写明记录编号、节点编号和部门。")))])
    try:
        named = ReportedRecord.named(*map(visit.given, _NAMED))
        reason = reason_given(visit)
        accounts, now = visit.desk.accounts, visit.desk.clock()
        await scores_by_two.prepare_finding(visit.office, accounts, named, reason, visit.signed_in, now)
    except ValidationError:
        return await _page(visit, [(None, visit.say(_("内容太长，或者写了不能写的字：请改短后再办理。")))])
    except (InputError, RejectedError) as error:
        return await _page(visit, [(None, visit.refused(error))])
    return visit.see("/scores")


async def _page(visit: Visit, faults: Sequence[tuple[str | None, str]]) -> Response:
    asked = visit.request.query_params
    given = {name: visit.given(name) or asked.get(name, "") for name in (*_NAMED, "reason")}
    return await visit.page_now("false_reports.html", given=given, errors=faults)


PAGES = (Page(PLACE, false_reports, OFFICE), Page(PLACE, prepare, OFFICE, "POST"))
