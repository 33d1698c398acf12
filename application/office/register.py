"""The register: brought to where the ledger is, read in pages, and made anew.

Whoever reads helps: what the one that follows the ledger has not done yet, the reader does itself, as far as its
patience goes. Two that do the same at once do no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from domain.errors import DubanError
from domain.ids import ProjectId
from domain.ports.register import Choices, DepartmentCount, ProjectPage, ProjectQuery, Register, Standing

if TYPE_CHECKING:
    from application.office.deriving import Deriving
    from domain.ports.ledger import Ledger
    from domain.ports.register_lines import RegisteredProject

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


Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def _asked(
    question: Callable[Concatenate[Register, Asked], Answer],
) -> Callable[Concatenate[RegisterDesk, Asked], Coroutine[Any, Any, Answer]]:
    """A question of the register as its desk asks it: of the rows as they stand, and in a thread of its own."""

    async def ask(desk: RegisterDesk, /, *asked: Asked.args, **named: Asked.kwargs) -> Answer:
        answering: Callable[Asked, Answer] = getattr(desk.register, question.__name__)
        return await asyncio.to_thread(answering, *asked, **named)

    return ask


class RegisterDesk:
    """The register of one installation; `now` is the present instant of its supervised year.

    With `rest`, it pauses that many times as long as it works, so that what is more urgent comes first.
    """

    def __init__(self, ledger: Ledger, register: Register, now: Callable[[], datetime], rest: float = 0.0) -> None:
        self._ledger = ledger
        self.register = register
        self._now = now
        self._rest = rest

    projects, duties, matters = _asked(Register.projects), _asked(Register.duties), _asked(Register.matters)
    deputies, deputies_on, deputed = _asked(Register.deputies), _asked(Register.deputies_on), _asked(Register.deputed)
    agenda, views = _asked(Register.agenda), _asked(Register.views)
    months, year_end = _asked(Register.months), _asked(Register.year_end)

    @cached_property
    def deriving(self) -> Deriving:
        """What derives its rows; the outlook beside it derives from the states that it knows."""
        # Imported late: reading a register that is up to date does not need the core.
        from application.office.deriving import Deriving

        return Deriving(self._ledger)

    async def follow(self) -> None:
        """Bring the register to where the ledger is, and every row to the present instant.

        Raises:
            LedgerUnavailableError: the store does not answer.
            DubanError: a project cannot be read; all others are brought up to date.
        """
        before, until, streams = await asyncio.to_thread(self.register.changed)
        if until > before:
            await self._derive(self.deriving.projects(streams))
            await self.register.take(before, until)
        await self._derive(await asyncio.to_thread(lambda: self.register.due(self._now())))

    async def rebuild(self) -> int:
        """Drop every row and derive all anew; answer how many projects there are.

        Raises:
            LedgerUnavailableError: the store does not answer.
            DubanError: a project cannot be read.
        """
        await self.register.clear()
        before, until, streams = await asyncio.to_thread(self.register.changed)
        projects = self.deriving.projects(streams)
        await self._derive(projects)
        await self.register.take(before, until)
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
        return await asyncio.to_thread(lambda: self.register.standing(self._now()))

    async def choices(self) -> Choices:
        """What there is to choose from where lists are filtered, with what was recorded just now."""
        await self.current()
        return await asyncio.to_thread(self.register.choices)

    async def departments(self) -> Sequence[DepartmentCount]:
        """The duties of all departments, counted by light, with what was recorded just now."""
        await self.current()
        return await asyncio.to_thread(self.register.departments)

    async def closed(self) -> Mapping[ProjectId, bool]:
        """Of every project, whether nothing more can happen to it."""
        stages = await asyncio.to_thread(self.register.stages)
        return {name: stage in OVER for name, stage in stages.items()}

    async def _derive(self, projects: Sequence[ProjectId]) -> None:
        if not projects:
            return
        from application.office.deriving import derived_in_parts

        def derive(part: Sequence[ProjectId]) -> tuple[list[RegisteredProject], DubanError | None]:
            return self.deriving.registered(part, self._now())

        # What it raises comes before the place is moved on: that may cover only entries whose rows were written.
        await derived_in_parts(projects, _AT_ONCE, derive, self.register.keep, self._rest)
