"""A list is started: what is new begins, what changed is amended, what is gone is withdrawn; repeatable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from application.office.attesting import ask
from application.office.issuing import issue
from application.office.office import Office
from application.office.planning import apply_plan
from application.office.starting import Started, Year, clock_asked_for, must_agree
from domain.clock import VirtualClock
from domain.errors import NoWorkerError
from domain.project import ProjectList
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy

SUPERVISION_SECTION = "督查人员"
"""Who amends and withdraws where nobody is named."""
Told = Callable[[Started], None]


@dataclass(frozen=True, slots=True)
class Start:
    """A list with the rules that it starts under, the calendar that is asked for, and who starts it."""

    listed: ProjectList
    policy: SupervisionPolicy
    calendar: WorkingCalendar
    as_of: date | datetime | None = None
    speed: int = 1
    by: str = SUPERVISION_SECTION

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
        EngineUnreachableError: the engine does not answer.
    """
    try:
        if not at_work:
            await office.engine.must_have_worker()
    except NoWorkerError as error:
        results = [Started(project.project_id, "failed", error.text) for project in start.listed.projects]
        return office.clock if office.records.ledger.clock() else start.clock(office.engine_now()), results
    clock = await _settled_clock(office, start)
    year = Year(start.listed, start.policy, start.calendar, clock)
    asked, issued = partial(ask, office), partial(issue, office, by=start.by)
    return clock, await apply_plan(office.engine, office.records.ledger, year, start.by, told, asked, issued)


async def _settled_clock(office: Office, start: Start) -> VirtualClock:
    """The installation's one calendar: the one kept, or the one asked for."""
    asked = start.clock(office.engine_now())
    kept = await asyncio.to_thread(office.records.ledger.clock)
    if kept is None:
        return await office.records.ledger.settle_clock(asked)
    asked_at_all = start.as_of is not None or start.speed != 1
    must_agree(kept, asked, str(office.settings.data), asked_at_all=asked_at_all)
    return kept
