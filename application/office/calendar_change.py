"""Another working calendar for a year: every project is told, and every mailbox that sends for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from application.office.every_project import OverAYear, Preview, listed, request_id_of
from application.office.office import Office
from application.office.starting import addressees_for
from domain.acts.commands import AnyCommand, ChangeCalendar
from domain.directory.superiors import post_of
from domain.errors import DubanError
from domain.ids import DepartmentId, year_of
from domain.rules.calendar import WorkingCalendar
from domain.rungs.recalendaring import moved_dates
from domain.state import ProjectState

CalendarFor = Callable[[WorkingCalendar, int], WorkingCalendar]
"""The new calendar, made of the one that a project keeps and the year of its list."""


class CalendarPreview(Preview):
    """What another calendar would do: projects that get it, those that have it or are over, and the days that move."""

    others: int
    moved: int
    earlier: int


@dataclass(frozen=True, slots=True)
class CalendarChange(OverAYear[CalendarPreview]):
    """Another working calendar for every project of a year; raises also what `calendar_for` raises."""

    calendar_for: CalendarFor

    def of(self, state: ProjectState) -> AnyCommand:
        """The command that gives one project the calendar."""
        new = self._new(state)
        content = f"{new.model_dump_json()}{self.asking.reason}{self.despite_period or ''}"
        return ChangeCalendar(
            **self.asking.fields,
            request_id=request_id_of("calendar", state, content),
            calendar=new,
            despite_period=self.despite_period,
        )

    async def preview(self, office: Office) -> CalendarPreview:
        """What another calendar would do."""
        states, now = listed(await self.states(office)), office.now()
        changed = [(state, new) for state in states if not state.closed and (new := self._new(state)) != state.calendar]
        moved = [each for state, new in changed for each in moved_dates(state, new, now)]
        return CalendarPreview(
            projects=len(changed),
            others=len(states) - len(changed),
            moved=len(moved),
            earlier=sum(each.after < each.before for each in moved),
        )

    async def tell_mailboxes(self, office: Office) -> dict[DepartmentId, DubanError]:
        """Let the mailboxes of the year keep the working days of its calendar, on which the digests go out; those that
        could not be told, with the reason."""
        calendars = {
            name: self._new(state)
            for state in await self.states(office)
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

    def _new(self, state: ProjectState) -> WorkingCalendar:
        return self.calendar_for(state.calendar, year_of(state.project_id))
