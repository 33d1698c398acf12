"""A leader's day in one page: what is red, what waits too long, what comes due, and what became of his directives."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from application.office.office import Office
from domain.colours import WORST_LAST, Colour
from domain.ids import DepartmentId, ProjectId
from domain.names import same_name
from domain.ports.register import DutyQuery, MatterQuery, ProjectQuery, Standing
from domain.ports.register_lines import DutyRow, MatterRow, ProjectRow
from domain.seeing.views import DirectiveView, ProjectView

SOON = timedelta(days=7)
MOST = 20


@dataclass(frozen=True, slots=True)
class OwnDirective:
    """A directive of his that waits for its answer."""

    project_id: ProjectId
    title: str
    directive: DirectiveView


@dataclass(frozen=True, slots=True)
class LeadersDay:
    """What is a leader's today: `departments` are those he answers for, none where it is all of them.

    Of each list the first twenty are here, in order of what presses most; `counts` says how many there are.
    """

    as_of: datetime
    standing: Standing
    departments: tuple[DepartmentId, ...]
    lights: Mapping[Colour, int]
    red: Sequence[ProjectRow]
    late: Sequence[MatterRow]
    soon: Sequence[DutyRow]
    directives: Sequence[OwnDirective]
    counts: Mapping[str, int]


async def leaders_day(
    office: Office, name: str, departments: tuple[DepartmentId, ...], *, all_of_them: bool
) -> LeadersDay:
    """The day of a leader of this name, who answers for some departments or for all of them."""
    desk = office.register
    standing = await desk.current()
    now = await asyncio.to_thread(office.now)
    among = None if all_of_them else await _led(office, departments)
    query = ProjectQuery(among=among, stages=("assigned", "in_progress", "completed"))
    red = await desk.projects(query.having(lights=("red",), sort="overdue", limit=MOST))
    late = await desk.matters(MatterQuery(late=True, among=among, limit=MOST))
    soon, coming = await _soon(office, None if all_of_them else departments, now.date())
    directed = (await desk.projects(ProjectQuery(directed=True))).rows
    texts = await desk.views([row.project_id for row in directed])
    own = await asyncio.to_thread(_own, list(texts.values()), name)
    return LeadersDay(
        as_of=now,
        standing=standing,
        departments=() if all_of_them else departments,
        lights={light: red.lights[light] for light in reversed(WORST_LAST)},
        red=red.rows,
        late=late.rows,
        soon=soon,
        directives=own,
        counts={"red": red.count, "late": late.count, "soon": coming, "directives": len(own)},
    )


async def _led(office: Office, departments: Sequence[DepartmentId]) -> tuple[ProjectId, ...]:
    found = [await office.register.projects(ProjectQuery(lead=name)) for name in departments]
    return tuple(row.project_id for page in found for row in page.rows)


async def _soon(office: Office, departments: Sequence[DepartmentId] | None, today: date) -> tuple[list[DutyRow], int]:
    span = DutyQuery(role="lead", open=True, due_from=today, due_until=today + SOON, sort="due", limit=MOST)
    asked = [span] if departments is None else [span.having(department=name) for name in departments]
    pages = [await office.register.duties(query) for query in asked]
    rows = (row for page in pages for row in page.rows)
    found = sorted(rows, key=lambda row: (row.answer_by or today, row.milestone_id))
    return found[:MOST], sum(page.count for page in pages)


def _own(texts: Sequence[str], name: str) -> list[OwnDirective]:
    views = (ProjectView.model_validate_json(text) for text in texts)
    found = [
        OwnDirective(view.project_id, view.title, directive)
        for view in views
        for directive in view.directives
        if same_name(directive.leader, name)
    ]
    return sorted(found, key=lambda each: (each.directive.answer_by or date.max, each.project_id))
