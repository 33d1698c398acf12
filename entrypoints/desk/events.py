"""The event log of the whole ledger, newest first, by what stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from application.audit.event_log import AskedEvents, Logged, newest_events
from application.audit.inquiries import record_reading
from application.office.open_texts import must_be_open_here
from domain.bounds import whole_number
from domain.errors import UnreadableIdError, UnusableInputError
from domain.ids import record_name
from entrypoints.desk.false_reports import address_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.routing import LOOKERS, OFFICE, Page
from entrypoints.desk.visits import Visit

ROWS: Final = 100
MOST_ROWS: Final = 20_000
"""So many events go into one file: the ledger of many years would not fit into the desk's memory."""


class TooManyEventsError(UnusableInputError, rule="events_fit_a_file"):
    """More events are asked for than one file holds."""

    says = "符合条件的事件超过 {most} 条，没有导出：请用项目编号、办理人或内容筛选后再导出。"
    most: int


async def events(visit: Visit) -> Response:
    """The newest events that are asked for."""
    await _read(visit)
    rows: Sequence[Logged] = ()
    further, errors = None, []
    try:
        found = await newest_events(visit.office.records.ledger, _wanted(visit), ROWS, _before(visit))
        rows, further = found.rows, found.further
    except UnreadableIdError as error:
        errors = [("project", visit.refused(error))]
    table = shown(visit, _table(visit, rows), "/events")
    facts: dict[str, Any] = {
        "asked": _given(visit),
        "more": further,
        "errors": errors,
        "may_find_false": visit.has(*OFFICE),
    }
    return await visit.page_now("events.html", table=table, **facts)


async def whole(visit: Visit) -> Table:
    """All events that are asked for, from the same place on.

    Raises:
        TooManyEventsError: they would not fit into a file.
    """
    await _read(visit)
    rows: list[Logged] = []
    before, wanted = _before(visit), _wanted(visit)
    while True:
        found = await newest_events(visit.office.records.ledger, wanted, ROWS, before)
        rows += found.rows
        if len(rows) > MOST_ROWS:
            raise TooManyEventsError(most=MOST_ROWS)
        if found.further is None:
            return _table(visit, rows)
        before = found.further


async def _read(visit: Visit) -> None:
    if visit.has("auditor"):
        await must_be_open_here(visit.office.records, visit.request.query_params.values())
        about = f"desk events {visit.request.query_params}"[:200]
        await record_reading(visit.office.records, visit.signed_in.name, about)


def _given(visit: Visit) -> dict[str, str]:
    params = visit.request.query_params
    return {name: params.get(name, "").strip() for name in ("project", "actor", "text", "before")}


def _wanted(visit: Visit) -> AskedEvents:
    asked = _given(visit)
    return AskedEvents(asked["project"], asked["actor"], asked["text"])


def _before(visit: Visit) -> int | None:
    return whole_number(_given(visit)["before"])


def _table(visit: Visit, rows: Sequence[Logged]) -> Table:
    columns = (
        Column(_("序号"), lambda row: row.position, "id"),
        Column(_("时间"), lambda row: row.line.decided_at, "instant"),
        Column(
            _("项目"),
            lambda row: row.line.milestone_id or row.project_id,
            "id",
            lambda row: f"/projects/{row.project_id}",
        ),
        Column(_("谁"), lambda row: row.line.actor, "said"),
        Column(_("什么事"), lambda row: row.line.what, "said"),
        Column(
            _("记录编号"),
            lambda row: record_name(row.line.event_id),
            "id",
            lambda row: address_of(visit, row.line, row.reporter),
        ),
    )
    return Table("events", _("事件"), columns, rows)


PAGES = (Page("/events", events, LOOKERS, menu=_("事件")), *exports("/events", LOOKERS, whole))
