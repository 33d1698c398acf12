"""What a department gave to its units is started, each part as a project of its own, and withdrawn with its whole.

Repeatable: what runs already stays as it is, so that whoever comes after an interruption may ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from application.office.issuing import issue
from application.office.office import Office
from application.office.parts_ending import WHY, Ending, needless_parts
from application.office.record_checks import Check
from application.office.starting import Started, Year, start_project
from domain.acts.commands import CommandOutcome
from domain.errors import DubanError
from domain.events import DutyDecomposed, ProjectDocketed
from domain.evolution import fold
from domain.ids import MilestoneId, ProjectId
from domain.lists.sub_duties import never_started, not_started_text, rules_below, sub_duty_row
from domain.ports.ledger import Ledger
from domain.project import ProjectList
from domain.record.recorded_projects import known_state, recorded_events, recorded_of, recorded_projects, recorded_state
from domain.seeing.sub_duties import SubDutiesView, sub_duties_seen, sub_duty_ids
from domain.seeing.views import ProjectView
from domain.state import GivenPart, ProjectState

_AT_A_TIME, _NAMED = 16, 5
_ASKED_AGAIN, _ASK_AGAIN_SECONDS = 200, 0.1


async def settle_after(office: Office, project_id: ProjectId, outcome: CommandOutcome, ending: Ending) -> list[Started]:
    """Settle the sub-duties of a project upon an act, once the act is on record: what was answered may be recorded a
    moment later (raises as `settle_sub_duties_of`)."""
    last = max((int(each.rpartition("#")[2]) for each in outcome.event_ids), default=-1)
    for _ in range(_ASKED_AGAIN):
        state = await asyncio.to_thread(recorded_state, office.records.ledger, project_id)
        if state is not None and state.next_seq > last:
            return await settle_sub_duties_of(office, project_id, ending)
        await asyncio.sleep(_ASK_AGAIN_SECONDS)
    return [Started(project_id, "failed", "这项办理还没有记入台账，分解任务还没有随之启动或撤销")]


async def settle_sub_duties_of(
    office: Office, project_id: ProjectId, ending: Ending, but: Collection[ProjectId] = ()
) -> list[Started]:
    """Start the sub-duties of a project that do not run yet, and withdraw those whose whole is withdrawn, but for some;
    answer what became of each, in order. Nobody is asked for a signature: what needs one was signed before.

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
    needless = [(each, each.project.project_id) for each in found.needless]
    ends = [one(_withdrawn(office, each, ending), name) for each, name in needless if name not in but]
    return list(await asyncio.gather(*starts, *ends))


async def settle_sub_duties(office: Office, ending: Ending, but: Collection[ProjectId] = ()) -> list[Started]:
    """The same for all projects: what a stop between an act and what follows from it left."""
    done, results = set(but), []
    for project_id in await asyncio.to_thread(_giving, office.records.ledger):
        results += await settle_sub_duties_of(office, project_id, ending, done)
        done |= {each.project_id for each in results}
    return results


def parts_left(ledger: Ledger) -> list[ProjectState]:
    """The sub-duties that a stop left running though their whole is withdrawn."""
    whole = (known_state(ledger, project_id) for project_id in _giving(ledger))
    return list({part.project.project_id: part for state in whole for part in needless_parts(ledger, state)}.values())


def parts_check(ledger: Ledger) -> Check:
    """Whether every part that was given runs, and none whose whole is withdrawn; each with what is to be done."""
    known = set(recorded_projects(ledger))
    whole = [known_state(ledger, project_id) for project_id in _giving(ledger)]
    texts = [not_started_text(*each) for state in whole for each in never_started(state, known)]
    texts += [
        f"{part.project.project_id} 的上级任务已撤销，它还在督办：请由督查人员撤销它（duban withdraw）"
        for part in parts_left(ledger)
    ]
    more = f"（共 {len(texts)} 项）" if len(texts) > _NAMED else ""
    return Check("sub_duties", not texts, "；".join(texts[:_NAMED]) + more or "分解的任务都已启动")


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


async def _withdrawn(office: Office, part: ProjectState, ending: Ending) -> Started:
    await ending.end(office, part)
    return Started(part.project.project_id, "withdrawn", WHY)


async def sub_duties_of_project(office: Office, state: ProjectState) -> tuple[SubDutiesView, ...]:
    """How the sub-duties of a project stand now."""
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
    needless: list[ProjectState]


def _found(office: Office, project_id: ProjectId) -> _Found | None:
    ledger = office.records.ledger
    events = list(recorded_events(ledger, project_id))
    opened, state = (events[0] if events else None), fold(events)
    if not isinstance(opened, ProjectDocketed) or state is None:
        return None
    missing = list(never_started(state, set(recorded_projects(ledger))))
    return _Found(opened, state, missing, list(needless_parts(ledger, state)))


def _giving(ledger: Ledger) -> list[ProjectId]:
    return sorted({project_id for project_id, _ in recorded_of(ledger, {DutyDecomposed})})
