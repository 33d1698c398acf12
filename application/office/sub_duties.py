"""What a department gave to its units is started, each part as a project of its own, and follows its whole: withdrawn
with it, supervised by whoever takes it over; and the whole hears what became of it.

Repeatable: what runs already stays as it is, so that whoever comes after an interruption may ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from application.office.acts_on_parts import By, following, left_text, outcome_of, to_be_noted
from application.office.acts_on_record import recorded_with
from application.office.attesting import How, ask
from application.office.given_with_whole import Ending
from application.office.issuing import issue
from application.office.office import Office
from application.office.record_checks import Check
from application.office.signing import AskedAct
from application.office.starting import Started, Year, start_project
from domain import events as e
from domain.actors import ENGINE
from domain.acts.commands import CommandOutcome
from domain.errors import DubanError
from domain.evolution import fold
from domain.ids import MilestoneId, ProjectId, parent_milestone_of, project_of
from domain.lists.sub_duties import never_started, not_started_text, sub_duty_row
from domain.ports.ledger import Ledger
from domain.project import ProjectList
from domain.record.recorded_projects import known_state, recorded_events, recorded_of, recorded_projects, recorded_state
from domain.rules.of_sub_duties import rules_below
from domain.seeing.sub_duties import SubDutiesView, sub_duties_seen, sub_duty_ids
from domain.seeing.views import ProjectView
from domain.state import GivenPart, ProjectState

_AT_A_TIME, _NAMED = 16, 5


async def settle_after(office: Office, project_id: ProjectId, outcome: CommandOutcome, ending: Ending) -> list[Started]:
    """Settle the sub-duties of a project upon an act, and those of its whole where it is one itself, once the act is on
    record: what was answered may be recorded a moment later (raises as `settle_sub_duties_of`)."""
    if not await _is_recorded(office, project_id, outcome):
        text = (
            "这项办理已受理，还没有记入台账，分解任务也还没有随之办理："
            "请督查人员过一会儿把在办的清单再启动一次（已在办的不受影响），系统会补上没有办的分解任务"
        )
        return [Started(project_id, "failed", text)]
    above = parent_milestone_of(project_id)
    noted = await settle_sub_duties_of(office, project_of(above), ending) if above else []
    return [*await settle_sub_duties_of(office, project_id, ending), *noted]


async def _is_recorded(office: Office, project_id: ProjectId, outcome: CommandOutcome) -> bool:
    """Wait until what an act brought is on record; whether it came."""
    last = max((int(each.rpartition("#")[2]) for each in outcome.event_ids), default=-1)
    found = await recorded_with(office.records.ledger, project_id, lambda state: state.next_seq > last)
    return found is not None


async def settle_sub_duties_of(
    office: Office, project_id: ProjectId, ending: Ending, but: Collection[ProjectId] = (), *, touched: bool = True
) -> list[Started]:
    """Start the sub-duties of a project that do not run yet, let the others follow their whole, but for some, and note
    in it what it does not know of them; answer what became of each, in order. Nobody is asked for a signature: what
    needs one was signed before.

    Raises:
        LedgerUnavailableError: the store does not answer.
    """
    # First, for a part that runs again may have another department above it than when it was withdrawn.
    unnoted = await note_in_whole(office, project_id, ending.who) if touched else []
    found = await asyncio.to_thread(_found, office, project_id, ending.who if touched else None)
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
    named = [(each, each.state.project_id) for each in found.following]
    moves = [one(_followed(office, each, ending), name) for each, name in named if name not in but]
    results = list(await asyncio.gather(*starts, *moves))
    if moves:
        unnoted = await note_in_whole(office, project_id, ending.who)
    return results + unnoted


async def note_in_whole(office: Office, project_id: ProjectId, by: By) -> list[Started]:
    """Note in a whole what it does not know of its parts; answer what could not be noted."""
    failed = []
    for asked in await asyncio.to_thread(_unnoted, office.records.ledger, project_id, by):
        try:
            how = How(seen=asked.state.next_seq)
            outcome = await ask(replace(office, signer=None), project_id, asked.command, how)
            await _is_recorded(office, project_id, outcome)
        except DubanError as error:
            failed.append(Started(project_id, "failed", error.text))
    return failed


def _unnoted(ledger: Ledger, project_id: ProjectId, by: By) -> list[AskedAct]:
    whole = recorded_state(ledger, project_id)
    return list(to_be_noted(ledger, whole, by)) if whole is not None else []


async def settle_sub_duties(office: Office, ending: Ending, but: Collection[ProjectId] = ()) -> list[Started]:
    """The same for all projects: what a stop between an act and what follows from it left."""
    done, results = set(but), []
    for project_id, touched in (await asyncio.to_thread(_giving, office.records.ledger)).items():
        results += await settle_sub_duties_of(office, project_id, ending, done, touched=touched)
        done |= {each.project_id for each in results}
    return results


def parts_left(ledger: Ledger, by: By) -> list[AskedAct]:
    """What a stop left to be done with sub-duties that run: those that do not follow their whole yet."""
    whole = (known_state(ledger, project_id) for project_id, touched in _giving(ledger).items() if touched)
    found = (each for state in whole for each in following(ledger, state, by))
    return list({each.state.project_id: each for each in found}.values())


def parts_check(ledger: Ledger) -> Check:
    """Whether every part that was given runs and follows its whole, which knows of it; each with what is to be done."""
    known, nobody = set(recorded_projects(ledger)), By(ENGINE)
    giving = _giving(ledger)
    whole = {project_id: known_state(ledger, project_id) for project_id in giving}
    texts = [not_started_text(*each) for state in whole.values() for each in never_started(state, known)]
    texts += map(left_text, parts_left(ledger, nobody))
    touched = (state for project_id, state in whole.items() if giving[project_id])
    texts += [left_text(each) for state in touched for each in to_be_noted(ledger, state, nobody)]
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


async def _followed(office: Office, found: AskedAct, ending: Ending) -> Started:
    outcome = await ending.give(office, found)
    await _is_recorded(office, found.state.project_id, outcome)
    return outcome_of(found)


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
    """A project with its sub-duties that do not run yet, and what follows for those that run."""

    opened: e.ProjectDocketed
    state: ProjectState
    missing: list[tuple[MilestoneId, GivenPart]]
    following: list[AskedAct]


def _found(office: Office, project_id: ProjectId, by: By | None) -> _Found | None:
    ledger = office.records.ledger
    events = list(recorded_events(ledger, project_id))
    opened, state = (events[0] if events else None), fold(events)
    if not isinstance(opened, e.ProjectDocketed) or state is None:
        return None
    missing = list(never_started(state, set(recorded_projects(ledger))))
    return _Found(opened, state, missing, list(following(ledger, state, by)) if by is not None else [])


_MOVES: Final[frozenset[type[e.Event]]] = frozenset(
    {
        e.AssigningDepartmentChanged,
        e.LeadReassigned,
        e.MilestoneWithdrawn,
        e.ProjectReopened,
        e.ProjectWithdrawn,
        e.SubDutiesHandedOver,
    }
)
"""What happens to a whole, or to a part, upon which something follows for the other."""


def _giving(ledger: Ledger) -> dict[ProjectId, bool]:
    """The projects that gave parts, in order, and of each whether something may follow for those that run: of most
    nothing ever does, and none of their parts is read."""
    giving, touched = set(), set()
    for project_id, event in recorded_of(ledger, {e.DutyDecomposed, *_MOVES}):
        if isinstance(event, e.DutyDecomposed):
            giving.add(project_id)
            continue
        above = parent_milestone_of(project_id)
        touched |= {project_id, project_of(above)} if above else {project_id}
    return {project_id: project_id in touched for project_id in sorted(giving)}
