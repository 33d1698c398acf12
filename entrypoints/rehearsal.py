"""A rehearsal: the whole year on the time-skipping engine, with departments that behave as a script says."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from pydantic import AwareDatetime
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.actors import department, operator
from domain.calendar import end_of, office_instant
from domain.clock import VirtualClock
from domain.commands import AcceptCompletion, AnyCommand, RequestCompletion, StrikeOff
from domain.docketing import docket
from domain.errors import InputError
from domain.evolution import fold
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.papers import NumberedPaper, PaperKind
from domain.policy import Level
from domain.project import Frozen, KeyProject, Milestone, ProjectList
from domain.wakeups import pending_rungs
from entrypoints.embedded import engine_program
from entrypoints.engine import Engine
from entrypoints.runtime import DATA_CONVERTER, build_worker
from entrypoints.year import START_OF_DAY, Year
from workflows.inputs import Opening, SupervisionInput

_TASK_QUEUE = "rehearsal"
_LONGER_THAN_ANY_YEAR = timedelta(days=3_000)
_REPORTING_HOUR = timedelta(hours=10)
_REVIEWING_HOUR = timedelta(hours=14)
_RETROSPECTIVE_AFTER = 3


class UnreadableBehaviourError(InputError):
    """A behaviour that no script plays."""

    rule = "readable_behaviour"


class Behaviour(Frozen):
    """How departments behave: on the due date, `days` calendar days after it, or never (all, or one of them)."""

    kind: Literal["on-time", "silent", "late"]
    days: int = 0
    department: DepartmentId | None = None

    def days_late(self, lead: DepartmentId) -> int | None:
        """How many days after the due date a lead department answers; none when it never does."""
        if self.kind == "silent" and self.department in (None, lead):
            return None
        return self.days if self.kind == "late" else 0


def behaviour_of(text: str, listed: ProjectList) -> Behaviour:
    """The behaviour that a text names: `on-time`, `silent`, `late:N` or `silent:DEPARTMENT`.

    Raises:
        UnreadableBehaviourError: it names none, or a department that leads nothing in this list.
    """
    if text in ("on-time", "silent"):
        return Behaviour(kind="silent" if text == "silent" else "on-time")
    if match := re.fullmatch(r"late:(\d{1,3})", text):
        return Behaviour(kind="late", days=int(match.group(1)))
    leads = sorted({project.lead_department for project in listed.projects})
    if text.startswith("silent:"):
        name = text.removeprefix("silent:")
        if name in leads:
            return Behaviour(kind="silent", department=name)
        raise UnreadableBehaviourError(f"“{name}”在清单中没有牵头项目；牵头部门有：{'、'.join(leads)}。", text=text)
    raise UnreadableBehaviourError(
        f"演练方式“{text}”无法识别：可用 on-time、silent、late:天数、silent:部门。", text=text
    )


class RehearsedPaper(Frozen):
    """One paper that would go out."""

    on: date
    kind: PaperKind
    to: DepartmentId
    project_id: ProjectId
    milestone_id: MilestoneId | None
    level: Level | None


class Rehearsed(Frozen):
    """What a rehearsed year would bring; `events` counts the ledger's events, `seconds` how long the rehearsal took."""

    start: AwareDatetime
    end: AwareDatetime
    papers: tuple[RehearsedPaper, ...]
    counts: dict[str, int]
    events: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Act:
    """One scripted act: a command to a project at an instant of the supervised year."""

    at: datetime
    project_id: ProjectId
    command: AnyCommand


def script(year: Year, behaviour: Behaviour, start: datetime) -> list[Act]:
    """All acts of the year, in order of their instants."""
    acts = [
        act
        for project in year.listed.projects
        for milestone in project.milestones
        for act in _acts_of(year, project, milestone, behaviour, start)
    ]
    return sorted(acts, key=lambda act: (act.at, act.project_id, act.command.request_id))


def _acts_of(year: Year, project: KeyProject, milestone: Milestone, behaviour: Behaviour, start: datetime) -> list[Act]:
    late = behaviour.days_late(project.lead_department)
    if late is None or milestone.due_on is None:
        return []
    calendar = year.calendar
    if milestone.born_late or end_of(milestone.due_on) <= start:
        reported_on = calendar.working_day(start.date(), _RETROSPECTIVE_AFTER)
        done_on = milestone.due_on
    else:
        # A department that is on time answers on the last working day that is not after the due date.
        on_time = max(calendar.on_or_before(milestone.due_on), start.date())
        reported_on = milestone.due_on + timedelta(days=late) if late else on_time
        done_on = min(reported_on, milestone.due_on)
    reported_at = max(office_instant(reported_on, datetime.min.time()) + _REPORTING_HOUR, start + timedelta(hours=1))
    reviewed_at = reported_at.replace(hour=0, minute=0) + _REVIEWING_HOUR
    struck_off_at = office_instant(calendar.working_day(reported_on, 1), datetime.min.time()) + _REPORTING_HOUR
    milestone_id = milestone.milestone_id
    by = department(project.lead_department)
    request = f"rehearsal-{milestone.milestone_id}"
    return [
        Act(
            reported_at,
            project.project_id,
            RequestCompletion(
                request_id=f"{request}-1", by=by, text="演练", done_on=done_on, milestone_id=milestone_id
            ),
        ),
        Act(
            reviewed_at,
            project.project_id,
            AcceptCompletion(request_id=f"{request}-2", by=operator("审核员"), milestone_id=milestone_id),
        ),
        Act(
            struck_off_at,
            project.project_id,
            StrikeOff(request_id=f"{request}-3", by=operator("销号员"), milestone_id=milestone_id),
        ),
    ]


def last_instant(year: Year, start: datetime) -> datetime:
    """When nothing of the year can come due any more: after the last rung of the last milestone, were all silent."""
    last = start
    for project in year.listed.projects:
        state = fold(docket(year.listed.header, project, year.policy, year.calendar, start))
        assert state is not None
        last = max([last, *(due.at for due in pending_rungs(state, start))])
    return office_instant(last.date() + timedelta(days=1), datetime.min.time())


async def rehearse(
    year: Year,
    behaviour: Behaviour,
    activities: Sequence[Callable[..., Any]],
    on_progress: Callable[[datetime, datetime], None] = lambda _now, _end: None,
    *,
    inspect: Callable[[Client], Any] | None = None,
) -> tuple[datetime, datetime, float]:
    """Run the year; the papers are in the ledger that `activities` record into. Answers first and last instant and
    the seconds that it took. `inspect` is awaited with the client at the end, while the engine still runs."""
    began = time.monotonic()
    start = office_instant(year.listed.issued_on, START_OF_DAY)
    end = last_instant(year, start)
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
    ) as environment:
        engine = Engine(environment.client, _TASK_QUEUE)
        await engine.prepare_namespace()
        worker = build_worker(environment.client, task_queue=_TASK_QUEUE, activities=activities)
        with environment.auto_time_skipping_disabled():
            async with worker:
                engine_at = await environment.get_current_time()
                clock = VirtualClock(engine_at=engine_at, supervised_at=start)
                await _start(engine, Year(year.listed, year.policy, year.calendar, clock), engine_at)
                await _play(environment, engine, clock, script(year, behaviour, start), end, on_progress)
                if inspect is not None:
                    await inspect(environment.client)
    return start, end, time.monotonic() - began


async def _start(engine: Engine, year: Year, engine_at: datetime) -> None:
    for project in year.listed.projects:
        opening = Opening(
            listed=year.listed.header,
            project=project,
            policy=year.policy,
            calendar=year.calendar,
            rulings=year.listed.rulings_about(project),
        )
        given = SupervisionInput(clock=year.clock, opening=opening)
        # Without a time-out of its own a workflow would let this server's clock jump ten years.
        await engine.start_project(given, engine_at, execution_timeout=_LONGER_THAN_ANY_YEAR)
        await engine.status(project.project_id)


async def _play(
    environment: WorkflowEnvironment,
    engine: Engine,
    clock: VirtualClock,
    acts: list[Act],
    end: datetime,
    on_progress: Callable[[datetime, datetime], None],
) -> None:
    for at, together in groupby(acts, key=lambda act: act.at):
        await _advance(environment, clock, at)
        on_progress(at, end)
        for act in together:
            await engine.command(act.project_id, act.command)
    await _advance(environment, clock, end)
    on_progress(end, end)


async def _advance(environment: WorkflowEnvironment, clock: VirtualClock, until: datetime) -> None:
    wait = clock.engine(until) - await environment.get_current_time()
    if wait > timedelta():
        await environment.sleep(wait)


def report(papers: Sequence[NumberedPaper], start: datetime, end: datetime, events: int, seconds: float) -> Rehearsed:
    """The report of a rehearsed year, in order of the days on which papers would go out."""
    rehearsed = sorted(
        (
            RehearsedPaper(
                on=numbered.paper.send_from.date(),
                kind=numbered.paper.kind,
                to=numbered.paper.to,
                project_id=numbered.paper.project_id,
                milestone_id=numbered.paper.milestone_id,
                level=numbered.paper.level,
            )
            for numbered in papers
        ),
        key=lambda paper: (paper.on, paper.kind, paper.project_id, paper.milestone_id or ""),
    )
    counts = Counter(
        f"{paper.kind}/{paper.level}" if paper.kind == "escalation_order" else paper.kind for paper in rehearsed
    )
    return Rehearsed(
        start=start,
        end=end,
        papers=tuple(rehearsed),
        counts=dict(sorted(counts.items())),
        events=events,
        seconds=round(seconds, 1),
    )
