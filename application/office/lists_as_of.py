"""Lists for programs: part by part in order of identity, of now from the register or of an instant from the ledger.

A part goes on after the last project of the one before, so that what comes or goes meanwhile neither repeats nor hides
a row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from application.office.office import Office
from domain.ids import ProjectId
from domain.ports.ledger import Ledger
from domain.ports.register import DutyQuery, ProjectQuery
from domain.ports.register_lines import DutyRow, ProjectRow, RegisteredProject
from domain.record.recorded_projects import recorded_projects, state_as_known_at
from domain.seeing.register_filter import duty_is_asked_for, is_asked_for
from domain.seeing.register_rows import registered


@dataclass(frozen=True, slots=True)
class ProjectPart:
    """Some projects of a list, and after which one it goes on; none where it is over."""

    rows: tuple[ProjectRow, ...]
    on_after: ProjectId | None


@dataclass(frozen=True, slots=True)
class DutyPart:
    """Some duties of a list, always all those of a project, and after which project it goes on."""

    rows: tuple[DutyRow, ...]
    on_after: ProjectId | None


async def projects_as_of(office: Office, query: ProjectQuery, limit: int, at: datetime | None) -> ProjectPart:
    """At most `limit` projects that a query asks for: as they stand now, or as the ledger had them at an instant."""
    asked = query.having(sort="project", limit=limit + 1)
    if at is None:
        found = (await office.register.listed(asked)).page.rows
    else:
        found = await asyncio.to_thread(_projects_at, office.records.ledger, asked, limit + 1, at)
    rows = found[:limit]
    return ProjectPart(rows, rows[-1].project_id if len(found) > limit else None)


async def duties_as_of(office: Office, query: DutyQuery, limit: int, at: datetime | None) -> DutyPart:
    """About `limit` duties that a query asks for, and never a part of a project's."""
    asked = query.having(sort="milestone", limit=None)
    if at is not None:
        return await asyncio.to_thread(_duties_at, office.records.ledger, asked, limit, at)
    desk = office.register
    await desk.current()
    found = (await desk.duties(asked.having(limit=limit + 1))).rows
    if len(found) <= limit:
        return DutyPart(found, None)
    last = found[-1].project_id
    whole = tuple(row for row in found if row.project_id != last)
    if whole:
        return DutyPart(whole, whole[-1].project_id)
    whole = (await desk.duties(asked.having(project_id=last))).rows
    more = (await desk.duties(asked.having(after=last, limit=1))).rows
    return DutyPart(whole, last if more else None)


def _projects_at(ledger: Ledger, query: ProjectQuery, limit: int, at: datetime) -> tuple[ProjectRow, ...]:
    found: list[ProjectRow] = []
    for project in registered_at(ledger, query.after, at):
        if is_asked_for(project, query):
            found.append(project.row)
            if len(found) == limit:
                break
    return tuple(found)


def _duties_at(ledger: Ledger, query: DutyQuery, limit: int, at: datetime) -> DutyPart:
    found: list[DutyRow] = []
    for project in registered_at(ledger, query.after, at):
        duties = [duty for duty in project.duties if duty_is_asked_for(duty, query, project.row.year)]
        if duties and found and len(found) + len(duties) > limit:
            return DutyPart(tuple(found), found[-1].project_id)
        found += duties
    return DutyPart(tuple(found), None)


def registered_at(ledger: Ledger, after: ProjectId | None, at: datetime) -> Iterator[RegisteredProject]:
    """What the register would have had at an instant, project by project in order of identity."""
    for project_id in recorded_projects(ledger):
        if after is None or project_id > after:
            state = state_as_known_at(ledger, project_id, at)
            if state is not None:
                yield registered(state, at)
