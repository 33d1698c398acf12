"""The event log of the whole ledger, newest first, by what stands in the address; and what its verification says."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from application.audit.inquiries import record_reading
from domain.errors import DubanError
from domain.events import DomainEvent
from domain.ids import ProjectId, event_id_for, supervised_project_id
from domain.ports.ledger import Ledger
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project
from domain.seeing.timeline import TimelineLine, timeline
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import LOOKERS, Page
from entrypoints.desk.visits import Visit

ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Logged:
    """One event of the ledger: its place, its project, its line."""

    position: int
    project_id: ProjectId
    line: TimelineLine


async def events(visit: Visit) -> Response:
    """The newest events that are asked for."""
    params = visit.request.query_params
    asked = {name: params.get(name, "").strip() for name in ("project", "actor", "text", "before")}
    before = int(asked["before"]) if asked["before"].isascii() and asked["before"].isdigit() else None
    if visit.has("auditor"):
        await record_reading(visit.office.records, visit.signed_in.name, f"desk events {params}"[:200])
    found = await asyncio.to_thread(_found, visit.office.records.ledger, asked, before)
    now: datetime = await visit.desk.now()
    return visit.page(
        "events.html", as_of=now, rows=found, asked=asked, more=found[-1].position if len(found) == ROWS else None
    )


def _found(ledger: Ledger, asked: dict[str, str], before: int | None) -> list[Logged]:
    kept: deque[Logged] = deque(maxlen=ROWS)
    for entry in ledger.entries():
        if before is not None and entry.position >= before:
            break
        if not is_project(entry.stream):
            continue
        project_id = supervised_project_id(entry.stream)
        if asked["project"] and asked["project"] != project_id:
            continue
        try:
            event: DomainEvent = domain_event_of(entry)
        except DubanError:
            continue
        if asked["actor"] and asked["actor"] not in event.actor:
            continue
        line = _line(entry.stream, event)
        if not asked["text"] or asked["text"] in line.what:
            kept.append(Logged(entry.position, project_id, line))
    return list(kept)[::-1]


def _line(stream: str, event: DomainEvent) -> TimelineLine:
    lines: Sequence[TimelineLine] = timeline(stream, iter((event,)), {})
    assert lines[0].event_id == event_id_for(stream, event.seq)
    return lines[0]


PAGES = (Page("/events", events, LOOKERS, menu=_("事件")),)
