"""The change feed: what was recorded after a position, for systems that follow the record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Query

from domain.errors import DubanError
from domain.events import DomainEvent
from domain.ids import DepartmentId, MilestoneId, ProjectId, event_id_for, supervised_project_id
from domain.ports.ledger import LedgerEntry
from domain.ports.register import DutyQuery, ProjectQuery
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project
from entrypoints.api.answers import Change, ChangesAnswer
from entrypoints.api.calls import Call
from entrypoints.api.json_types import Limit, Position
from entrypoints.desk.reading import whose_doing

_LOOKED_AT: Final = 2_000
"""How many entries one call looks at: a department's own may be far between."""
_ENVELOPE: Final = frozenset({"seq", "type", "occurred_at", "decided_at", "actor", "v", "request_digest"})
_OF_THE_OFFICE: Final = frozenset({"attested"})
"""What only those read who read the whole record."""


async def events(
    call: Call,
    after: Annotated[Position, Query(description="A position of the ledger; -1 begins with the first entry")] = -1,
    limit: Limit = 100,
) -> ChangesAnswer:
    """What was recorded after a position, in order; ask again after `after` of the answer, where nothing is lost."""
    own = await _own(call) if call.department is not None else None
    return await asyncio.to_thread(_changes, call, own, after, limit)


def _changes(call: Call, own: _Own | None, after: int, limit: int) -> ChangesAnswer:
    found: list[Change] = []
    for looked_at, entry in enumerate(call.office.records.ledger.entries(after=after)):
        beyond = own is not None and entry.position >= own.until
        if beyond or looked_at == _LOOKED_AT or len(found) == limit:
            return ChangesAnswer(as_of=call.as_of, after=after, more=True, events=tuple(found))
        after = entry.position
        change = _change(entry, own, call.asked_at)
        if change is not None:
            found.append(change)
    return ChangesAnswer(as_of=call.as_of, after=after, more=False, events=tuple(found))


def _change(entry: LedgerEntry, own: _Own | None, until: datetime | None) -> Change | None:
    if not is_project(entry.stream):
        return None
    try:
        event: DomainEvent = domain_event_of(entry)
    except DubanError:
        return None  # one that cannot be read never hides those after it; the audit names it
    project_id = supervised_project_id(entry.stream)
    if (until is not None and event.decided_at > until) or (own is not None and not own.has(project_id, event)):
        return None
    return Change(
        position=entry.position,
        event_id=event_id_for(entry.stream, event.seq),
        project_id=project_id,
        type=event.type,
        decided_at=event.decided_at,
        occurred_at=event.occurred_at,
        actor=event.actor,
        milestone_id=getattr(event, "milestone_id", None),
        what=event.words(),
        data=event.model_dump(mode="json", exclude=set(_ENVELOPE if own is None else _ENVELOPE | _OF_THE_OFFICE)),
    )


@dataclass(frozen=True, slots=True)
class _Own:
    """What of the record is a department's business: all of what it leads, and of others its own part; known of the
    entries before `until`, which the register has."""

    name: DepartmentId
    leads: frozenset[ProjectId]
    takes_part: Mapping[MilestoneId, DepartmentId]
    until: int

    def has(self, project_id: ProjectId, event: DomainEvent) -> bool:
        """Whether an event is its business."""
        if project_id in self.leads:
            return True
        lead = self.takes_part.get(getattr(event, "milestone_id", None) or "")
        return lead is not None and whose_doing(event, lead, self.name)


async def _own(call: Call) -> _Own:
    name, desk = call.department or "", call.office.register
    standing = await desk.current()
    rows = (await desk.duties(DutyQuery(department=name))).rows
    elsewhere = {row.milestone_id: row.project_id for row in rows if row.role == "participant"}
    projects = (await desk.projects(ProjectQuery(participant=name))).rows
    lead_of = {row.project_id: row.lead_department for row in projects}
    return _Own(
        name,
        frozenset(row.project_id for row in rows if row.role == "lead"),
        {milestone_id: lead_of.get(project_id, "") for milestone_id, project_id in elsewhere.items()},
        standing.taken,
    )
