"""A list is started: what is new begins, what changed is amended, what is gone is withdrawn; repeatable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from application.office.issuing import issue
from application.office.office import Office
from application.office.planning import apply_plan
from application.office.signing import giving_of
from application.office.starting import Started, Year, clock_asked_for, must_agree
from application.office.sub_duties import settle_sub_duties
from domain.actors import operator
from domain.clock import VirtualClock
from domain.errors import InputError, NoWorkerError
from domain.ids import is_sub_duty, year_of
from domain.project import ProjectList
from domain.record.recorded_projects import recorded_projects, recorded_states
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy

_SEVERAL, _SHOWN = 3, 10
SUPERVISION_SECTION = "督查人员"
"""Who amends and withdraws where nobody is named."""
Told = Callable[[Started], None]


@dataclass(frozen=True, slots=True)
class Start:
    """A list with the rules that it starts under, the calendar that is asked for, and who starts it.

    `confirmed` says that a person has seen what is doubtful of it, and means it.
    """

    listed: ProjectList
    policy: SupervisionPolicy
    calendar: WorkingCalendar
    as_of: date | datetime | None = None
    speed: int = 1
    by: str = SUPERVISION_SECTION
    confirmed: bool = False

    def clock(self, engine_now: datetime) -> VirtualClock:
        """The calendar that is asked for."""
        return clock_asked_for(self.as_of, self.speed, engine_now)


async def start_list(
    office: Office, start: Start, told: Told = lambda _: None, *, at_work: bool = False
) -> tuple[VirtualClock, list[Started]]:
    """Start a list; answer the installation's calendar and what became of each project.

    Where nobody works, nothing is asked of the engine: no calendar is settled, and no supervision waits for somebody. A
    process that is `at_work` itself need not ask: the engine hears of it a moment later.

    Raises:
        OtherCalendarError: the installation has another calendar.
        DoubtfulStartError: the list begins before it was issued, or under the clock of another year; a person is asked.
        EngineUnreachableError: the engine does not answer.
    """
    try:
        if not at_work:
            await office.engine.must_have_worker()
    except NoWorkerError as error:
        results = [Started(project.project_id, "failed", error.text) for project in start.listed.projects]
        return office.clock if office.records.ledger.clock() else start.clock(office.engine_now()), results
    if not start.confirmed:
        await asyncio.to_thread(must_not_be_doubtful, office, start)
    clock = await _settled_clock(office, start)
    year = Year(start.listed, start.policy, start.calendar, clock)
    asking, issued = partial(giving_of, office), partial(issue, office, by=start.by)
    results = await apply_plan(office.engine, office.records.ledger, year, start.by, told, asking, issued)
    return clock, [*results, *await settle_sub_duties(office, operator(start.by))]


class DoubtfulStartError(InputError, rule="plausible_start"):
    """A list would begin on a day that can hardly be meant: nothing is started before a person says so."""


def must_not_be_doubtful(office: Office, start: Start) -> None:
    """Ask before a list is started that can hardly be meant: too early, under another year's clock, or incomplete.

    Raises:
        DoubtfulStartError: the sentence says why, and how a person says that it is meant.
    """
    listed = start.listed
    projects = {project.project_id for project in listed.projects}
    states = recorded_states(office.records.ledger).items()
    running = [
        each for each, state in states if year_of(each) == listed.year and not state.closed and not is_sub_duty(each)
    ]
    dropped = [each for each in running if each not in projects]
    percent = start.policy.mass_acts.withdrawn_at_most_percent
    if len(dropped) >= _SEVERAL and len(dropped) * 100 > percent * len(running):
        raise DoubtfulStartError(
            f"这份清单没有列入在办的{len(running)}个项目中的{len(dropped)}个（超过{percent}%），启动后将予撤销："
            f"{'、'.join(dropped[:_SHOWN])}{'……' if len(dropped) > _SHOWN else ''}；"
            "请核对是不是完整的清单，确要撤销请加 --yes。",
            dropped=len(dropped),
        )
    if projects & set(recorded_projects(office.records.ledger)):
        return  # it runs already: what is asked for now is a change of it
    kept = office.records.ledger.clock()
    today = (kept or start.clock(office.engine_now())).supervised(office.engine_now()).date()
    if today < listed.issued_on:
        raise DoubtfulStartError(
            f"今天是 {today}，清单 {listed.issued_on} 才印发：请用 --as-of 写明起始日期，或核对清单的印发日期；"
            "确要提前启动请加 --yes。",
            today=str(today),
        )
    if kept is not None and today.year != listed.year:
        raise DoubtfulStartError(
            f"这套引擎的日历走到 {today}，清单却是 {listed.year} 年的：请用 --data 另选目录；"
            "确要在这里启动请加 --yes。",
            today=str(today),
        )


async def _settled_clock(office: Office, start: Start) -> VirtualClock:
    """The installation's one calendar: the one kept, or the one asked for."""
    asked = start.clock(office.engine_now())
    kept = await asyncio.to_thread(office.records.ledger.clock)
    if kept is None:
        return await office.records.ledger.settle_clock(asked)
    asked_at_all = start.as_of is not None or start.speed != 1
    must_agree(kept, asked, str(office.settings.data), asked_at_all=asked_at_all)
    return kept
