"""The register: brought to where the ledger is, read in pages, and made anew.

Whoever reads helps: what the one that follows the ledger has not done yet, the reader does itself, as far as its
patience goes. Two that do the same at once do no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from domain.errors import DubanError
from domain.ids import DepartmentId, ProjectId
from domain.ports.register import (
    AgendaPart,
    Choices,
    DepartmentCount,
    DeputyCount,
    DutyPage,
    DutyQuery,
    MatterPage,
    MatterQuery,
    MonthCount,
    ProjectPage,
    ProjectQuery,
    Register,
    Standing,
    YearEndCount,
)

if TYPE_CHECKING:
    from application.office.deriving import Deriving
    from domain.ports.ledger import Ledger
    from domain.ports.register_lines import DeputyRow, RegisteredProject

FOLLOWED_EVERY_SECONDS = 0.25
"""How long what was recorded waits at most for the one that follows the ledger."""
PATIENCE_SECONDS = 5.0
"""How long a reader brings the register up to date before it shows it as it is."""
OVER: Final = ("archived", "withdrawn")
"""The stages in which nothing more can happen to a project."""
_LOOKS = 3
"""How often it looks: while time goes fast, rows fall due during each look."""
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the register, the instant it is asked for, and how far the register has come."""

    as_of: datetime
    page: ProjectPage
    standing: Standing


class RegisterDesk:
    """The register of one installation; `now` is the present instant of its supervised year.

    With `rest`, it pauses that many times as long as it works, so that what is more urgent comes first.
    """

    def __init__(self, ledger: Ledger, register: Register, now: Callable[[], datetime], rest: float = 0.0) -> None:
        self._ledger = ledger
        self._register = register
        self._now = now
        self._rest = rest

    @cached_property
    def _deriving(self) -> Deriving:
        # Imported late: reading a register that is up to date does not need the core.
        from application.office.deriving import Deriving

        return Deriving(self._ledger)

    async def follow(self) -> None:
        """Bring the register to where the ledger is, and every row to the present instant.

        Raises:
            LedgerUnavailableError: the store does not answer.
            DubanError: a project cannot be read; all others are brought up to date.
        """
        before, until, streams = await asyncio.to_thread(self._register.changed)
        if until > before:
            await self._derive(self._deriving.projects(streams))
            await self._register.take(before, until)
        await self._derive(await asyncio.to_thread(lambda: self._register.due(self._now())))

    async def rebuild(self) -> int:
        """Drop every row and derive all anew; answer how many projects there are.

        Raises:
            LedgerUnavailableError: the store does not answer.
            DubanError: a project cannot be read.
        """
        await self._register.clear()
        before, until, streams = await asyncio.to_thread(self._register.changed)
        projects = self._deriving.projects(streams)
        await self._derive(projects)
        await self._register.take(before, until)
        return len(projects)

    async def current(self, patience: float = PATIENCE_SECONDS) -> Standing:
        """Bring the register up to date as far as the patience goes, and say how far it has come of what the ledger had
        when it was asked: what is recorded while it is read is nothing that it lacks.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """
        standing = asked = await self.standing()
        if not standing.complete:
            # What cannot be read stays behind, and the standing says so.
            with suppress(TimeoutError, DubanError):
                async with asyncio.timeout(patience):
                    for _ in range(_LOOKS):
                        await self.follow()
                        if (await self.standing()).of(asked.entries).complete:
                            break
            standing = (await self.standing()).of(asked.entries)
        return standing

    async def listed(self, query: ProjectQuery, patience: float = PATIENCE_SECONDS) -> Listed:
        """One page of the register as it stands now."""
        standing = await self.current(patience)
        return Listed(self._now(), await self.projects(query), standing)

    async def standing(self) -> Standing:
        """How far the register has come."""
        return await asyncio.to_thread(lambda: self._register.standing(self._now()))

    async def projects(self, query: ProjectQuery) -> ProjectPage:
        """The projects that a query asks for."""
        return await asyncio.to_thread(self._register.projects, query)

    async def duties(self, query: DutyQuery) -> DutyPage:
        """The duties that a query asks for."""
        return await asyncio.to_thread(self._register.duties, query)

    async def choices(self) -> Choices:
        """What there is to choose from where lists are filtered, with what was recorded just now."""
        await self.current()
        return await asyncio.to_thread(self._register.choices)

    async def departments(self) -> Sequence[DepartmentCount]:
        """The duties of all departments, counted by light, with what was recorded just now."""
        await self.current()
        return await asyncio.to_thread(self._register.departments)

    async def matters(self, query: MatterQuery) -> MatterPage:
        """The matters that a query asks for."""
        return await asyncio.to_thread(self._register.matters, query)

    async def agenda(self, department: DepartmentId, day: date, soon: date, most: int) -> Sequence[AgendaPart]:
        """What is open of a department on a day, by role and urgency, at most so many rows of each."""
        return await asyncio.to_thread(self._register.agenda, department, day, soon, most)

    async def deputies(self, principal: str) -> Sequence[DeputyCount]:
        """Who may act for somebody, now or later."""
        return await asyncio.to_thread(self._register.deputies, principal)

    async def deputies_on(self, day: date) -> Sequence[DeputyRow]:
        """Every deputy who may act on a day."""
        return await asyncio.to_thread(self._register.deputies_on, day)

    async def deputed(self, principal: str, deputy: str) -> Sequence[ProjectId]:
        """The projects in which somebody may act for somebody, now or later."""
        return await asyncio.to_thread(self._register.deputed, principal, deputy)

    async def year_end(self, year: int, most: int) -> YearEndCount:
        """What the end of a year finds."""
        return await asyncio.to_thread(self._register.year_end, year, most)

    async def months(self, year: int) -> Sequence[MonthCount]:
        """The duties of all departments in the projects of a year, by the month in which they are due."""
        return await asyncio.to_thread(self._register.months, year)

    async def views(self, project_ids: Sequence[ProjectId]) -> Mapping[ProjectId, str]:
        """The whole views of projects, as JSON."""
        return await asyncio.to_thread(self._register.views, project_ids)

    async def closed(self) -> Mapping[ProjectId, bool]:
        """Of every project, whether nothing more can happen to it."""
        stages = await asyncio.to_thread(self._register.stages)
        return {name: stage in OVER for name, stage in stages.items()}

    async def _derive(self, projects: Sequence[ProjectId]) -> None:
        if not projects:
            return
        from application.office.deriving import derived_in_parts

        def derive(part: Sequence[ProjectId]) -> tuple[list[RegisteredProject], DubanError | None]:
            return self._deriving.registered(part, self._now())

        # What it raises comes before the place is moved on: that may cover only entries whose rows were written.
        await derived_in_parts(projects, _AT_ONCE, derive, self._register.keep, self._rest)
