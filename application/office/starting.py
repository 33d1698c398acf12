"""Starting a year: one supervision for each project of the list, one mailbox for each addressee. Repeatable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from time import monotonic as time_now
from typing import Final, Literal, TypeVar, get_args

from application.engine_room.engine import Engine
from application.engine_room.mailboxes import hours_of
from application.engine_room.standing import sickness_of
from domain.clock import VirtualClock
from domain.errors import DubanError, InputError, NoWorkerError, ProjectUnavailableError
from domain.ids import DepartmentId, ProjectId
from domain.lists.startable import must_be_startable
from domain.ports.ledger import Ledger
from domain.project import KeyProject, ProjectList
from domain.record.recorded_projects import recorded_state
from domain.rules.calendar import WorkingCalendar, office_instant
from domain.rules.life_cycle import OF_THE_SUPERVISORS, LimitKind
from domain.rules.policy import SupervisionPolicy
from domain.state import ProjectState
from workflows.inputs import MailboxInput, Opening, SupervisionInput

Answer = TypeVar("Answer")
Issue = Callable[[SupervisionInput], Awaitable[None]]
"""How a start is issued, by whoever starts the list."""
START_OF_DAY = time(9, 0)
"""A date alone means this hour: the offices are open and the morning's digest is about to go."""

AT_A_TIME: Final = 16
"""So many projects are asked for at once."""
_RECORDED_WITHIN_SECONDS = 20.0
_LOOK_AGAIN_SECONDS = 0.02


class OtherCalendarError(InputError, rule="one_calendar"):
    """A data folder has one calendar for good; another one was asked for."""


OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "started": "已启动",
    "running": "此前已启动",
    "differs": "与清单不同",
    "amended": "已变更",
    "withdrawn": "已撤销",
    "closed": "已结束",
    "failed": "没有办成",
}


@dataclass(frozen=True, slots=True)
class Started:
    """What became of one project: started, running as it is, amended, withdrawn, ended before, or failed and why."""

    project_id: ProjectId
    outcome: Literal["started", "running", "differs", "amended", "withdrawn", "closed", "failed"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """All that a year starts from."""

    listed: ProjectList
    policy: SupervisionPolicy
    calendar: WorkingCalendar
    clock: VirtualClock


class InTurn:
    """Starts one project after the other, so that the orders get their numbers in the list's order; after one that does
    not come on record the others wait for nobody any more."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()  # whoever waits longest is next
        self._all_well = True

    async def started(self, start: Callable[[], Awaitable[Started]]) -> Started:
        """What became of a project that was started in its turn."""
        async with self._turn:
            if self._all_well:
                try:
                    return await start()
                except DubanError:
                    self._all_well = False
                    raise
        return await start()


class Patience:
    """Gives up on all when no worker has answered for many projects in a row: each of them is waited for."""

    def __init__(self) -> None:
        self._silent: list[NoWorkerError] = []

    async def asked(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """What is answered.

        Raises:
            NoWorkerError: no worker answers, now or for so many before.
        """
        if len(self._silent) >= AT_A_TIME:
            raise self._silent[-1]
        try:
            answer = await ask()
        except NoWorkerError as error:
            self._silent.append(error)
            raise
        self._silent.clear()
        return answer


def clock_asked_for(as_of: date | datetime | None, speed: int, engine_now: datetime) -> VirtualClock:
    """The virtual calendar that the options of a start ask for."""
    if as_of is None:
        if speed != 1:
            return VirtualClock(engine_at=engine_now, supervised_at=engine_now, speed=speed)
        return VirtualClock()
    return VirtualClock(engine_at=engine_now, supervised_at=anchor_of(as_of), speed=speed)


def anchor_of(as_of: date | datetime) -> datetime:
    """The instant that a date (its opening hour) or an instant stands for."""
    if isinstance(as_of, datetime):
        return as_of
    return office_instant(as_of, START_OF_DAY)


def must_agree(kept: VirtualClock, asked: VirtualClock, where: str, *, asked_at_all: bool) -> None:
    """Refuse to run a data folder under another calendar than the one it was started with.

    Raises:
        OtherCalendarError: the calendars differ.
    """
    if not asked_at_all or (kept.supervised_at, kept.speed) == (asked.supervised_at, asked.speed):
        return
    raise OtherCalendarError(
        f"没有启动：数据目录 {where} 里的督办已经开始，日期是{_in_words(kept)}，不能改为{_in_words(asked)}；"
        "请不写起始日期和快进倍数，再启动一次；确要另起一年的，另选数据目录。",
        where=where,
    )


def _in_words(clock: VirtualClock) -> str:
    if clock.supervised_at is None:
        return "实时"
    speed = f"、{clock.speed}倍速" if clock.speed != 1 else ""
    return f"自 {clock.supervised_at:%Y-%m-%d %H:%M} 起{speed}"


def addressees_of(listed: ProjectList, policy: SupervisionPolicy) -> list[DepartmentId]:
    """Everyone whom a paper of this year may reach: departments, and the superiors of each ladder."""
    return list(dict.fromkeys(name for project in listed.projects for name in addressees_for(project, policy)))


def addressees_for(project: KeyProject, policy: SupervisionPolicy) -> list[DepartmentId]:
    """Everyone whom a paper of this project may reach: departments, the supervision section, and their superiors."""
    lead, departments = project.lead_department, (project.lead_department, *project.participating_departments)
    found = dict.fromkeys(departments)
    for milestone in project.milestones:
        found |= dict.fromkeys(step.superior_of(lead) for step in policy.rules_for(milestone.milestone_id).escalation)
    rules = policy.for_project(project.project_id, project.category).life_cycle
    found |= dict.fromkeys(
        step.superior_of(lead, name)
        for name in project.participating_departments
        for step in rules.participants.escalation
    )
    found[rules.supervision_section] = None
    for kind in get_args(LimitKind):
        owners = (rules.supervision_section,) if kind in OF_THE_SUPERVISORS else departments
        found |= dict.fromkeys(
            step.superior_of(lead, owner) for owner in owners for step in rules.limits.of(kind).escalation
        )
    return list(found)


async def start_mailboxes(engine: Engine, year: Year) -> dict[DepartmentId, DubanError]:
    """Start the mailboxes that are missing: of the departments, and of the superiors of each ladder; answer those that
    could not be started, and why."""
    return await open_mailboxes(engine, addressees_of(year.listed, year.policy), year.policy, year.calendar, year.clock)


async def open_mailboxes(
    engine: Engine,
    names: Sequence[DepartmentId],
    policy: SupervisionPolicy,
    calendar: WorkingCalendar,
    clock: VirtualClock,
) -> dict[DepartmentId, DubanError]:
    """Start the mailboxes of these addressees where they are missing; answer those that could not be, and why."""
    gate = asyncio.Semaphore(AT_A_TIME)
    hours = hours_of(policy)

    async def one(name: DepartmentId) -> DubanError | None:
        async with gate:
            try:
                await engine.start_mailbox(MailboxInput(addressee=name, clock=clock, policy=hours, calendar=calendar))
            except DubanError as error:
                return error
        return None

    problems = await asyncio.gather(*(one(name) for name in names))
    return {name: problem for name, problem in zip(names, problems, strict=True) if problem is not None}


async def start_project(
    engine: Engine, ledger: Ledger, year: Year, project: KeyProject, issue: Issue | None = None
) -> Started:
    """Issue one project and start it where it does not run yet; answer what became of it.

    Raises:
        DubanError: it could not be started, or does not come on record.
    """
    opening = Opening(
        listed=year.listed.header,
        project=project,
        policy=year.policy.for_project(project.project_id, project.category),
        calendar=year.calendar,
        rulings=year.listed.rulings_about(project),
    )
    # A row that cannot be opened must not become a workflow: it would stay there, failing for ever.
    one = year.listed.having(projects=(project,))
    must_be_startable(one, year.policy, year.calendar, office_instant(year.listed.issued_on, time()))
    given = SupervisionInput(clock=year.clock, opening=opening)
    if issue is not None:
        await issue(given)
    new = await engine.start_project(given)
    running = await _on_record(engine, ledger, project.project_id)
    if new:
        return Started(project.project_id, "started")
    if running.project != project:
        return Started(project.project_id, "differs", "运行中的项目与清单文字不同，未作更改")
    return Started(project.project_id, "running")


async def _on_record(engine: Engine, ledger: Ledger, project_id: ProjectId) -> ProjectState:
    """A project that was started, once the ledger has it.

    Raises:
        DubanError: nobody works, or it does not come on record; the sentence says why as far as it is known.
    """
    deadline = time_now() + _RECORDED_WITHIN_SECONDS
    while (state := recorded_state(ledger, project_id)) is None:
        if time_now() > deadline:
            if not await engine.workers():
                raise NoWorkerError(task_queue=engine.task_queue)
            sickness = await sickness_of(engine, project_id, None)
            why = sickness.text if sickness else "没有记入台账：请检查台账所在磁盘，稍后再试。"
            raise ProjectUnavailableError(why, project_id=project_id)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return state
