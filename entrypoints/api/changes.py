"""The change feed: what was recorded after a position, for systems that follow the record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

from fastapi import Query

from domain.errors import DubanError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import DepartmentId, MilestoneId, ProjectId, event_id_for, supervised_project_id
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project, recorded_events
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
    own = _Own(call.office.records.ledger, call.department) if call.department is not None else None
    return await asyncio.to_thread(_changes, call, own, after, limit)


def _changes(call: Call, own: _Own | None, after: int, limit: int) -> ChangesAnswer:
    found: list[Change] = []
    for looked_at, entry in enumerate(call.office.records.ledger.entries(after=after)):
        if looked_at == _LOOKED_AT or len(found) == limit:
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


@dataclass
class _Own:
    """What of the record is a department's business: all of what it leads, and of others its own part."""

    ledger: Ledger
    name: DepartmentId
    _of: dict[ProjectId, tuple[DepartmentId, frozenset[MilestoneId]]] = field(default_factory=dict)

    def has(self, project_id: ProjectId, event: DomainEvent) -> bool:
        """Whether an event is its business."""
        if project_id not in self._of:
            self._of[project_id] = self._place_in(project_id)
        lead, own = self._of[project_id]
        if lead == self.name:
            return True
        return getattr(event, "milestone_id", None) in own and whose_doing(event, lead, self.name)

    def _place_in(self, project_id: ProjectId) -> tuple[DepartmentId, frozenset[MilestoneId]]:
        state = fold(recorded_events(self.ledger, project_id))
        if state is None:
            return "", frozenset()
        milestones: Mapping[MilestoneId, object] = state.milestones
        return state.lead, frozenset(each for each in milestones if self.name in state.milestones[each].parts)
