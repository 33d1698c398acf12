"""What is done to all projects of a year at once, each with its own result: what fails for one stops no other."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from application.engine_room.standing import sick_projects
from application.office.office import Office
from domain.acts.commands import AnyCommand
from domain.acts.rejections import NotAnOperatorError, SameCalendarError
from domain.errors import DubanError, InputError
from domain.ids import ProjectId, year_of
from domain.record.recorded_projects import known_state, recorded_projects
from domain.state import ProjectState
from entrypoints.cli.session import err, out, print_json

_AT_A_TIME = 16
_OUTCOME_WORDS = {"done": "已办理", "unchanged": "没有变化", "closed": "已结束", "failed": "失败"}
Making = Callable[[ProjectId, ProjectState], AnyCommand]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one project."""

    project_id: ProjectId
    outcome: Literal["done", "unchanged", "closed", "failed"]
    text: str = ""


class NothingOfThatYearError(InputError):
    """The ledger has no project of the year that is asked for."""

    rule = "known_year"


def projects_of(office: Office, year: int | None) -> tuple[int, list[ProjectId]]:
    """The projects of a year, and the year: the ledger's only one where none is asked for.

    Raises:
        NothingOfThatYearError: there are none.
    """
    projects = recorded_projects(office.records.ledger)
    years = sorted({year_of(project_id) for project_id in projects})
    if year is None and len(years) > 1:
        raise click.UsageError(f"台账里有{'、'.join(map(str, years))}年的清单，请用 --year 写明是哪一年。")
    of_year = year if year is not None else (years or [0])[0]
    found = [project_id for project_id in projects if year_of(project_id) == of_year]
    if not found:
        raise NothingOfThatYearError(f"台账里没有{year or ''}年的项目：请核对年份和数据目录。")
    return of_year, found


def must_be_nobody_s_department(office: Office, projects: Sequence[ProjectId], by: str) -> None:
    """Refuse a department's name before anything is done: some projects do not know it, and would take it for a person.

    Raises:
        NotAnOperatorError: a project of the year has a department of that name.
    """
    for state in states_of(office, projects):
        if by.strip() in {state.lead, *state.project.participating_departments}:
            raise NotAnOperatorError(by=by.strip())


def states_of(office: Office, projects: Sequence[ProjectId]) -> list[ProjectState]:
    """The projects as the ledger has them now."""
    return [known_state(office.records.ledger, project_id) for project_id in projects]


def request_id_of(act: str, state: ProjectState, content: str) -> str:
    """The id of the request that asks this of one project."""
    # From the content and from what it is applied to: the same again after a stop half-way is the same request.
    text = f"{state.project.project_id}\n{state.next_seq}\n{content}"
    return f"{act}-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


async def each_project(office: Office, projects: Sequence[ProjectId], make: Making) -> list[Result]:
    """Give a command to each project; what fails for one of them is its result, the others go on.

    A project whose supervision does not go on is not waited for: that is its result.
    """
    gate, console = asyncio.Semaphore(_AT_A_TIME), err()
    columns = (TextColumn("办理"), BarColumn(), MofNCompleteColumn())
    await office.engine.must_have_worker()
    states = {state.project.project_id: state for state in states_of(office, projects)}
    sick = await sick_projects(office.engine, states)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("办理", total=len(projects))

        async def one(project_id: ProjectId) -> Result:
            async with gate:
                if project_id in sick:
                    result = Result(project_id, "failed", sick[project_id].text)
                else:
                    result = await _one(office, states[project_id], make)
            bar.advance(task)
            return result

        return list(await asyncio.gather(*(one(project_id) for project_id in projects)))


async def _one(office: Office, state: ProjectState, make: Making) -> Result:
    project_id = state.project.project_id
    if state.closed:
        return Result(project_id, "closed", "项目已归档或撤销")
    try:
        command = make(project_id, state)
        outcome = await office.engine.command(project_id, command)
    except DubanError as error:
        same = getattr(error, "rule", "") == SameCalendarError.rule
        return Result(project_id, "unchanged" if same else "failed", "" if same else error.text)
    return Result(project_id, "done", f"{len(outcome.event_ids)}条记录")


def tell_results(results: list[Result], *, as_json: bool) -> int:
    """Say what became of each project; answer the exit status."""
    counts = Counter(result.outcome for result in results)
    if as_json:
        rows = [{"project_id": r.project_id, "outcome": r.outcome, "text": r.text} for r in results]
        print_json({"projects": rows})
    else:
        console = out()
        for result in results:
            console.print(f"{result.project_id} {_OUTCOME_WORDS[result.outcome]} {result.text}".rstrip(), markup=False)
        summary = "，".join(f"{_OUTCOME_WORDS[outcome]}{count}项" for outcome, count in counts.items())
        console.print(f"共{len(results)}项：{summary}。")
    return 1 if counts["failed"] else 0
