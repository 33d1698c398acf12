"""The event log of the whole ledger, newest first, by what stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from application.audit.event_log import AskedEvents, Logged, newest_events
from application.audit.inquiries import record_reading
from domain.errors import UnreadableIdError
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import LOOKERS, Page
from entrypoints.desk.visits import Visit

ROWS: Final = 100


async def events(visit: Visit) -> Response:
    """The newest events that are asked for."""
    params = visit.request.query_params
    asked = {name: params.get(name, "").strip() for name in ("project", "actor", "text", "before")}
    before = int(asked["before"]) if asked["before"].isascii() and asked["before"].isdigit() else None
    if visit.has("auditor"):
        await record_reading(visit.office.records, visit.signed_in.name, f"desk events {params}"[:200])
    wanted = AskedEvents(asked["project"], asked["actor"], asked["text"])
    rows: Sequence[Logged] = ()
    further, errors = None, []
    try:
        found = await newest_events(visit.office.records.ledger, wanted, ROWS, before)
        rows, further = found.rows, found.further
    except UnreadableIdError as error:
        errors = [("project", error.text)]
    return visit.page("events.html", as_of=await visit.desk.now(), rows=rows, asked=asked, more=further, errors=errors)


PAGES = (Page("/events", events, LOOKERS, menu=_("事件")),)
