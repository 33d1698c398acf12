"""What is done to all projects of a year at once, each with its own result: what fails for one stops no other."""

from __future__ import annotations

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field

from application.engine_room.standing import sick_projects
from application.office.attesting import How
from application.office.office import Office
from application.office.signing import AskedAct, Give, giving_with, signed_together
from domain.actors import Actor
from domain.acts.commands import AnyCommand
from domain.acts.rejections import NotAnOperatorError, SameCalendarError
from domain.errors import DubanError, InputError
from domain.frozen import Frozen
from domain.ids import ProjectId, is_sub_duty, supervision_workflow_id, year_of
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import known_state, recorded_projects
from domain.state import ProjectState

_AT_A_TIME = 16
Making = Callable[[ProjectState], AnyCommand]
"""The command that one project is given."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one project."""

    project_id: ProjectId
    outcome: Literal["done", "unchanged", "closed", "failed"]
    text: str = ""
    rule: str = ""
    """The rule that refused it."""


Told = Callable[[Result], None]
"""Is told of each project when it is done with."""


@dataclass(frozen=True, slots=True)
class AskedBy:
    """Who asks it of every project, for whom, and why."""

    by: Actor
    on_behalf_of: Actor | None
    reason: str
    seen_until: int | None = None
    """How many entries the record had when he saw what it would do; without it, all that stands when it is given."""

    @property
    def name(self) -> str:
        """In whose name it is asked."""
        return (self.on_behalf_of or self.by).name

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of each project's command that say so."""
        return {"by": self.by, "on_behalf_of": self.on_behalf_of, "reason": self.reason}


class Preview(Frozen):
    """What an act over a year would do, and to how many projects. What only words say is no key of the document:
    whether it needs a reason of its own, or a second person."""

    projects: int
    needs_reason: bool = Field(default=False, exclude=True)
    second_person: bool = Field(default=False, exclude=True)


class EndPreview(Preview):
    """The same of an act that ends supervision: sub-duties that end with their projects, and projects that are over
    already; and until when it can be reopened, which only words say."""

    sub_duties: int
    over: int
    reopen_until: date | None = Field(default=None, exclude=True)


Preview_co = TypeVar("Preview_co", bound=Preview, covariant=True)


@dataclass(frozen=True, slots=True)
class OverAYear(ABC, Generic[Preview_co]):
    """An act over all projects of a year (none: the ledger's only one), repeatable: who asks for it, who confirms it,
    and why all the same where its period does not allow it."""

    year: int | None
    asking: AskedBy
    despite_period: str | None = field(default=None, kw_only=True)
    confirmed_by: Actor | None = field(default=None, kw_only=True)

    @abstractmethod
    def of(self, state: ProjectState) -> AnyCommand:
        """The command that one project is given."""

    @abstractmethod
    async def preview(self, office: Office) -> Preview_co:
        """What it would do, counted from the record; nothing is asked of the engine.

        Raises:
            InputError: there is no such year, project or milestone.
        """

    async def give(self, office: Office, told: Told = lambda _: None) -> list[Result]:
        """Give it to every project of the year; each has its own result.

        Raises:
            InputError: there is no such year, project or milestone. Nothing is done then.
            EngineUnreachableError: the engine does not answer, or nobody works.
        """
        return await each_project(office, await self.states(office), self.of, told, seen_until=self.asking.seen_until)

    async def states(self, office: Office) -> list[ProjectState]:
        """The projects of the year (raises as `states_of_year`)."""
        return await states_of_year(office, self.year, self.asking)


class NothingOfThatYearError(InputError, rule="known_year"):
    """The ledger has no project of the year that is asked for."""


class WhichYearError(InputError, rule="one_year"):
    """The ledger has projects of several years, and none was named."""


async def states_of_year(office: Office, year: int | None, asking: AskedBy) -> list[ProjectState]:
    """The projects of a year as the ledger has them: of the ledger's only one where none is asked for.

    Raises:
        NothingOfThatYearError: there are none.
        WhichYearError: there are several years.
        NotAnOperatorError: a project of the year has a department of the asking person's name. Some other project may
            not know the department, and would take it for a person.
    """
    states = await asyncio.to_thread(_states_of_year, office.records.ledger, year)
    name = asking.name.strip()
    if any(name in {state.lead, *state.project.participating_departments} for state in states):
        raise NotAnOperatorError(by=name)
    return states


def listed(states: Sequence[ProjectState]) -> list[ProjectState]:
    """The rows of lists among them: what is counted. What is done to all is done to their sub-duties too."""
    return [state for state in states if not is_sub_duty(state.project_id)]


def end_counts(states: Sequence[ProjectState]) -> dict[str, Any]:
    """How many of these projects and of their sub-duties would be ended, and how many projects are over."""
    running = [state for state in states if not state.closed]
    projects = len(listed(running))
    return {"projects": projects, "sub_duties": len(running) - projects, "over": len(listed(states)) - projects}


def reopen_until(states: Sequence[ProjectState], today: date) -> date:
    """Until when all of these projects can be reopened that are ended today."""
    return today + timedelta(days=min(state.policy.mass_acts.reopen_within_days for state in states))


def _states_of_year(ledger: Ledger, year: int | None) -> list[ProjectState]:
    projects = recorded_projects(ledger)
    years = sorted({year_of(project_id) for project_id in projects})
    if year is None and len(years) > 1:
        raise WhichYearError(f"台账里有{'、'.join(map(str, years))}年的清单，请写明是哪一年。")
    of_year = year if year is not None else (years or [0])[0]
    found = [project_id for project_id in projects if year_of(project_id) == of_year]
    if not found:
        raise NothingOfThatYearError(f"台账里没有{year or ''}年的项目：请核对年份和数据目录。")
    return [known_state(ledger, project_id) for project_id in found]


async def asked_of(office: Office, state: ProjectState, command: AnyCommand, seen_until: int | None) -> AskedAct:
    """An act on one project by who had seen so many entries of the record: what was said since he does not know."""
    if seen_until is None:
        return AskedAct(state, command)
    ledger, stream = office.records.ledger, supervision_workflow_id(state.project_id)

    def seen() -> int:
        newest = next(iter(ledger.newest(stream)), None)
        if newest is None or newest.position < seen_until:
            return state.next_seq
        return sum(entry.position < seen_until for entry in ledger.entries(stream))

    return AskedAct(state, command, How(await asyncio.to_thread(seen)))


def request_id_of(act: str, state: ProjectState, content: str) -> str:
    """The id of the request that asks this of one project."""
    # From the content and from what it is applied to: the same again after a stop half-way is the same request.
    text = f"{state.project_id}\n{state.next_seq}\n{content}"
    return f"{act}-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


async def _signed_at_once(office: Office, acts: Sequence[AskedAct]) -> Give:
    return giving_with(office, acts, await signed_together(office, acts))


async def each_project(
    office: Office,
    states: Sequence[ProjectState],
    make: Making,
    told: Told = lambda _: None,
    giving: Callable[[Office, Sequence[AskedAct]], Awaitable[Give]] = _signed_at_once,
    seen_until: int | None = None,
) -> list[Result]:
    """Give a command to each project; what fails for one of them is its result, the others go on. `giving` says how,
    `seen_until` how much of the record its person had seen.

    A project whose supervision does not go on is not waited for: that is its result. Where the policy asks for the
    person's own key, it signs all of them at once, before any is given.

    Raises:
        DubanError: the person does not sign (see `signed_together`); nothing is given then.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    gate = asyncio.Semaphore(_AT_A_TIME)
    await office.engine.must_have_worker()
    sick = await sick_projects(office.engine, {state.project_id: state.closed for state in states})

    failed = {project_id: Result(project_id, "failed", problem.text) for project_id, problem in sick.items()}
    asked: dict[ProjectId, AskedAct] = {}
    for state in states:
        if not state.closed and (project_id := state.project_id) not in failed:
            try:
                asked[project_id] = await asked_of(office, state, make(state), seen_until)
            except DubanError as error:
                failed[project_id] = Result(project_id, "failed", error.text, error.rule)
    give = await giving(office, tuple(asked.values()))

    async def one(state: ProjectState) -> Result:
        project_id = state.project_id
        async with gate:
            if project_id in failed:
                result = failed[project_id]
            elif project_id not in asked:
                result = Result(project_id, "closed", "项目已归档或撤销")
            else:
                result = await _one(give, asked[project_id])
        told(result)
        return result

    return list(await asyncio.gather(*(one(state) for state in states)))


async def _one(give: Give, asked: AskedAct) -> Result:
    project_id = asked.state.project_id
    try:
        outcome = await give(project_id, asked.command)
    except DubanError as error:
        same = error.rule == SameCalendarError.rule
        return Result(
            project_id, "unchanged" if same else "failed", "" if same else error.text, "" if same else error.rule
        )
    return Result(project_id, "done", f"{len(outcome.event_ids)}条记录")
