"""Another working calendar for a year: every project is told, and every mailbox that sends for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from application.office.every_project import AskedBy, Result, Told, each_project, listed, request_id_of, states_of_year
from application.office.office import Office
from application.office.starting import addressees_for
from domain.acts.commands import AnyCommand, ChangeCalendar
from domain.directory.superiors import post_of
from domain.errors import DubanError
from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.rules.calendar import WorkingCalendar
from domain.rungs.recalendaring import moved_dates
from domain.state import ProjectState

CalendarFor = Callable[[WorkingCalendar, int], WorkingCalendar]
"""The new calendar, made of the one that a project keeps and the year of its list."""


class CalendarPreview(Frozen):
    """What another calendar would do: projects that get it, those that have it or are over, and the days that move."""

    projects: int
    others: int
    moved: int
    earlier: int


async def preview(office: Office, year: int | None, calendar_for: CalendarFor, asking: AskedBy) -> CalendarPreview:
    """What another calendar would do, counted from the record; nothing is asked of the engine.

    Raises:
        InputError: there is no such year, or the calendar cannot be read.
    """
    of_year, states = await states_of_year(office, year, asking)
    now = office.now()
    changed = [
        (state, new)
        for state in listed(states)
        if not state.closed and (new := calendar_for(state.calendar, of_year)) != state.calendar
    ]
    moved = [each for state, new in changed for each in moved_dates(state, new, now)]
    return CalendarPreview(
        projects=len(changed),
        others=len(listed(states)) - len(changed),
        moved=len(moved),
        earlier=sum(each.after < each.before for each in moved),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of each project, and of the mailboxes that could not be told, with the reason."""

    results: list[Result]
    problems: dict[DepartmentId, DubanError]


async def change_calendar(
    office: Office,
    year: int | None,
    calendar_for: CalendarFor,
    asking: AskedBy,
    told: Told,
    despite_period: str | None = None,
) -> Changed:
    """Give every project of a year another working calendar; repeatable.

    Raises:
        InputError: there is no such year, or the calendar cannot be read.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    of_year, states = await states_of_year(office, year, asking)

    def make(state: ProjectState) -> AnyCommand:
        new = calendar_for(state.calendar, of_year)
        return ChangeCalendar(
            request_id=request_id_of(
                "calendar", state, f"{new.model_dump_json()}{asking.reason}{despite_period or ''}"
            ),
            by=asking.by,
            on_behalf_of=asking.on_behalf_of,
            reason=asking.reason,
            calendar=new,
            despite_period=despite_period,
        )

    results = await each_project(office, states, make, told)
    return Changed(results, await _tell_mailboxes(office, states, lambda own: calendar_for(own, of_year)))


async def _tell_mailboxes(
    office: Office, states: Sequence[ProjectState], new: Callable[[WorkingCalendar], WorkingCalendar]
) -> dict[DepartmentId, DubanError]:
    """Let the mailboxes of a year keep the working days of its calendar, on which the digests go out."""
    calendars = {
        name: new(state.calendar)
        for state in states
        if not state.closed
        for name in addressees_for(state.project, state.policy)
    }
    # A superior whom the directory names has a mailbox of his own.
    named = {item.addressee for item in await asyncio.to_thread(office.records.outbox.items)}
    calendars |= {name: calendars[post_of(name)] for name in sorted(named) if post_of(name) in calendars}
    problems: dict[DepartmentId, DubanError] = {}
    for name, calendar in calendars.items():
        try:
            await office.engine.use_calendar(name, calendar)
        except DubanError as error:
            problems[name] = error
    return problems
