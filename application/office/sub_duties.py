"""What a department gave to its units is started, each part as a project of its own, and withdrawn with its whole.

Repeatable: what runs already stays as it is, so that whoever comes after an interruption may ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from application.office.attesting import ask
from application.office.issuing import issue
from application.office.office import Office
from application.office.starting import Started, Year, start_project
from domain.actors import Actor
from domain.acts.commands import Withdraw
from domain.errors import DubanError
from domain.events import DutyDecomposed, ProjectDocketed
from domain.evolution import fold
from domain.ids import MilestoneId, ProjectId
from domain.lists.sub_duties import rules_below, sub_duties_of, sub_duty_row
from domain.ports.ledger import Ledger
from domain.project import ProjectList
from domain.record.recorded_projects import known_state, recorded_events, recorded_of, recorded_projects
from domain.seeing.sub_duties import SubDutiesView, sub_duties_seen, sub_duty_ids
from domain.seeing.views import ProjectView
from domain.state import GivenPart, ProjectState

_AT_A_TIME = 16


async def settle_sub_duties_of(office: Office, project_id: ProjectId, by: Actor) -> list[Started]:
    """Start the sub-duties of a project that do not run yet, and withdraw those whose whole is withdrawn; answer what
    became of each, in order.

    Raises:
        LedgerUnavailableError: the store does not answer.
    """
    found = await asyncio.to_thread(_found, office, project_id)
    if found is None:
        return []
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(work: Coroutine[Any, Any, Started], sub_duty: ProjectId) -> Started:
        async with gate:
            try:
                return await work
            except DubanError as error:
                return Started(sub_duty, "failed", error.text)

    starts = [one(_started(office, found, *each), each[1].project_id) for each in found.missing]
    ends = [one(_withdrawn(office, each, by), each) for each in found.needless]
    results = list(await asyncio.gather(*starts, *ends))
    for each in results:
        if each.outcome == "withdrawn":
            results = [*results, *await settle_sub_duties_of(office, each.project_id, by)]
    return results


async def settle_sub_duties(office: Office, by: Actor) -> list[Started]:
    """The same for all projects: what a stop between an act and what follows from it left, and what a list withdrew."""
    giving = await asyncio.to_thread(_giving, office.records.ledger)
    return [each for project_id in giving for each in await settle_sub_duties_of(office, project_id, by)]


async def _started(office: Office, found: _Found, milestone_id: MilestoneId, given: GivenPart) -> Started:
    opened, state = found.opened, found.state
    row = sub_duty_row(state, milestone_id, given)
    # The head of the list that the whole stands in is the part's: nothing else issued it.
    listed = ProjectList(
        document_number=opened.document_number,
        title=opened.list_title,
        issuer=None,
        issued_on=opened.issued_on,
        year=opened.year,
        projects=(row,),
    )
    year = Year(listed, rules_below(state.policy, milestone_id, given.by), state.calendar, office.clock)
    return await start_project(office.engine, office.records.ledger, year, row, partial(issue, office, by=given.by))


async def _withdrawn(office: Office, project_id: ProjectId, by: Actor) -> Started:
    text = "上级任务已撤销"
    command = Withdraw(request_id=f"whole-withdrawn-{project_id}", by=by, milestone_id=None, reason=text)
    await ask(office, project_id, command)
    return Started(project_id, "withdrawn", text)


async def sub_duties_of_project(office: Office, project_id: ProjectId) -> tuple[SubDutiesView, ...]:
    """How the sub-duties of a project stand now.

    Raises:
        UnknownProjectError: there is no such project.
    """
    state = await asyncio.to_thread(known_state, office.records.ledger, project_id)
    ids = sub_duty_ids(state)
    if not ids:
        return ()
    await office.register.current()
    views = await office.register.views(ids)
    read = {each: ProjectView.model_validate_json(view) for each, view in views.items()}
    return sub_duties_seen(state, read, office.now().date())


@dataclass(frozen=True, slots=True)
class _Found:
    """A project with its sub-duties that do not run yet, and those that run though their whole is withdrawn."""

    opened: ProjectDocketed
    state: ProjectState
    missing: list[tuple[MilestoneId, GivenPart]]
    needless: list[ProjectId]


def _found(office: Office, project_id: ProjectId) -> _Found | None:
    ledger = office.records.ledger
    events = list(recorded_events(ledger, project_id))
    opened, state = (events[0] if events else None), fold(events)
    if not isinstance(opened, ProjectDocketed) or state is None:
        return None
    known, found = set(recorded_projects(ledger)), _Found(opened, state, [], [])
    for milestone_id, given in sub_duties_of(state):
        over = state.withdrawn or state.milestones[milestone_id].stage == "withdrawn"
        if given.project_id not in known:
            if not over and not state.closed:
                found.missing.append((milestone_id, given))
        elif over and not known_state(ledger, given.project_id).closed:
            found.needless.append(given.project_id)
    return found


def _giving(ledger: Ledger) -> list[ProjectId]:
    return sorted({project_id for project_id, _ in recorded_of(ledger, {DutyDecomposed})})
