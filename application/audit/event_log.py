"""The event log of the whole ledger from its newest end: what happened, in words, by what is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import DubanError
from domain.ids import DepartmentId, ProjectId, supervised_project_id, supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project
from domain.scoring.reported_record import reporter_of
from domain.seeing.timeline import TimelineLine, timeline

LOOKED_AT = 400
"""So many entries are looked at for one page: what is rarer is looked for page by page."""


_OF_PROJECTS = "key-project/"


@dataclass(frozen=True, slots=True)
class Logged:
    """One event of the ledger: its place, its project, its line, and the department whose report it is, if one's."""

    position: int
    project_id: ProjectId
    line: TimelineLine
    reporter: DepartmentId | None


@dataclass(frozen=True, slots=True)
class AskedEvents:
    """Which events: of a project, with these words in who did it and in what happened; all where they are empty."""

    project_id: ProjectId = ""
    actor: str = ""
    text: str = ""

    def wants(self, line: TimelineLine, actor: str) -> bool:
        """Whether an event is asked for."""
        return self.actor in f"{actor} {line.actor}" and self.text in line.what


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, the newest first; `further` is where one goes on looking, none where the ledger begins."""

    rows: Sequence[Logged]
    further: int | None


async def newest_events(ledger: Ledger, asked: AskedEvents, rows: int, before: int | None = None) -> EventPage:
    """The newest events that are asked for, among the entries before a place."""
    return await asyncio.to_thread(_newest_events, ledger, asked, rows, before)


def _newest_events(ledger: Ledger, asked: AskedEvents, rows: int, before: int | None) -> EventPage:
    stream = supervision_workflow_id(asked.project_id) if asked.project_id else None
    found: list[Logged] = []
    for looked_at, entry in enumerate(ledger.newest(stream, before=before, beginning=_OF_PROJECTS)):
        if len(found) == rows or looked_at == LOOKED_AT:
            return EventPage(found, entry.position + 1)
        if not is_project(entry.stream):
            continue
        try:
            event = domain_event_of(entry)
        except DubanError:
            continue  # what cannot be read is a finding of the verification
        (line,) = timeline(entry.stream, iter((event,)), {})
        if asked.wants(line, event.actor):
            found.append(Logged(entry.position, supervised_project_id(entry.stream), line, reporter_of(event)))
    return EventPage(found, None)
