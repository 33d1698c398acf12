"""The change feed: what was recorded after a position, for systems that follow the record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Annotated, Final

from fastapi import Query

from application.office.change_feed import FeedChange, change_of, event_of
from domain.errors import UnusableInputError
from domain.events import DomainEvent
from domain.ids import DepartmentId, MilestoneId, ProjectId, is_sub_duty, supervised_project_id
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.register import DutyQuery, ProjectQuery
from domain.record.recorded_projects import recorded_state, supervised_by
from entrypoints.api.answers import ChangesAnswer
from entrypoints.api.calls import Call
from entrypoints.api.json_types import Limit, Position
from entrypoints.desk.reading import whose_doing

_LOOKED_AT: Final = 2_000
"""How many entries one call looks at: a department's own may be far between."""


class PositionNotReachedError(UnusableInputError, rule="position_has_come"):
    """What follows a position is asked for that the ledger does not have: it is another one, or was restored."""

    after: int
    last: int

    def _sentence(self) -> str:
        return (
            f"台账的条目只到 {self.last} 号，还没有 {self.after} 号：请核对这个号是不是从这本台账取得的；"
            f"台账恢复过的，请从 {self.last} 号之后接着取。"
        )


async def events(
    call: Call,
    after: Annotated[Position, Query(description="A position of the ledger; -1 begins with the first entry")] = -1,
    limit: Limit = 100,
) -> ChangesAnswer:
    """What was recorded after a position, in order; ask again after `after` of the answer, where nothing is lost."""
    own = [await _own(call, name) for name in call.names] or None
    return await asyncio.to_thread(_changes, call, own, after, limit)


def _changes(call: Call, own: Sequence[_Own] | None, after: int, limit: int) -> ChangesAnswer:
    must_have_come(call.office.records.ledger, after)
    found: list[FeedChange] = []
    for looked_at, entry in enumerate(call.office.records.ledger.entries(after=after)):
        beyond = own is not None and entry.position >= min(each.until for each in own)
        if beyond or looked_at == _LOOKED_AT or len(found) == limit:
            return ChangesAnswer(as_of=call.as_of, after=after, more=True, events=tuple(found))
        after = entry.position
        change = _change(entry, own, call.asked_at)
        if change is not None:
            found.append(change)
    return ChangesAnswer(as_of=call.as_of, after=after, more=False, events=tuple(found))


def must_have_come(ledger: Ledger, after: int) -> None:
    """Refuse a position that the ledger has not reached: who waits behind it would hear nothing of what comes first.

    Raises:
        PositionNotReachedError: the ledger ends before it.
    """
    last = next((entry.position for entry in ledger.newest()), -1)
    if after > last:
        raise PositionNotReachedError(after=after, last=last)


def _change(entry: LedgerEntry, own: Sequence[_Own] | None, until: datetime | None) -> FeedChange | None:
    event = event_of(entry)
    if event is None or (until is not None and event.decided_at > until):
        return None
    if own is not None and not any(each.has(supervised_project_id(entry.stream), event) for each in own):
        return None
    return change_of(entry, event, whole=own is None)


@dataclass(frozen=True, slots=True)
class _Own:
    """Which events a department may see under one of its names: all of what it leads and of what it gave to its units,
    and of others its own part. Valid up to the entry `until`, which the register has."""

    name: DepartmentId
    leads: frozenset[ProjectId]
    takes_part: Mapping[MilestoneId, DepartmentId]
    until: int
    has_given: Callable[[ProjectId], bool]

    def has(self, project_id: ProjectId, event: DomainEvent) -> bool:
        """Whether an event is its business."""
        if project_id in self.leads or (is_sub_duty(project_id) and self.has_given(project_id)):
            return True
        lead = self.takes_part.get(getattr(event, "milestone_id", None) or "")
        return lead is not None and whose_doing(event, lead, self.name)


async def _own(call: Call, name: DepartmentId) -> _Own:
    desk = call.office.register
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
        cache(partial(_has_given, call.office.records.ledger, name)),
    )


def _has_given(ledger: Ledger, name: DepartmentId, project_id: ProjectId) -> bool:
    """Whether a department supervises a sub-duty."""
    part = recorded_state(ledger, project_id)
    return part is not None and supervised_by(ledger, part) == name
