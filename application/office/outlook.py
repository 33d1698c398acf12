"""The outlook: brought to where the register and the ledger are, after them, and no page waits for all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from application.office.deriving import Deriving, derived_in_parts
from domain.clock import office_day
from domain.errors import DubanError
from domain.ids import ProjectId
from domain.ports.outlook import Foretold, TallyKey
from domain.seeing.tallies import counted_in, counted_of

if TYPE_CHECKING:
    from domain.ports.ledger import Ledger
    from domain.ports.register import Register

LOOKED_AHEAD_EVERY_SECONDS: Final = 1.0
"""How long a project that something happened to waits at most until it is looked at by whoever follows."""
_AT_ONCE, _COUNTED_AT_ONCE = 10, 2_000


class OutlookDesk:
    """What time will bring of each project, and what is counted by month; `now` is the supervised year's instant.

    With `rest`, it pauses that many times as long as it works, and it asks `may_go_on` before each few projects, so
    that what is more urgent comes first. Beside a register's desk it derives from the states that this one knows.
    """

    def __init__(
        self,
        ledger: Ledger,
        register: Register,
        now: Callable[[], datetime],
        rest: float = 0.0,
        may_go_on: Callable[[], Awaitable[object]] | None = None,
        deriving: Deriving | None = None,
    ) -> None:
        self._ledger = ledger
        self._deriving = deriving or Deriving(ledger)
        self._outlook = register.outlook
        self._now = now
        self._rest = rest
        self._may_go_on = may_go_on

    async def follow(self) -> None:
        """Count what was recorded, and look ahead in every project that something happened to.

        Raises:
            LedgerUnavailableError: the store does not answer.
            DubanError: a project cannot be read; all others are brought up to date.
        """
        await self.tallies()
        await self._look_ahead()

    async def current(self, patience: float) -> int:
        """Bring the outlook up to date as far as the patience goes; answer how many projects are not."""
        behind = len(await self._due())
        if behind:
            # What cannot be read stays behind, and the page says so.
            with suppress(TimeoutError, DubanError):
                async with asyncio.timeout(patience):
                    await self._look_ahead()
            behind = len(await self._due())
        return behind

    async def tallies(self) -> Mapping[TallyKey, int]:
        """What is counted by month, up to the last entry of the ledger.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """
        while True:
            tallied, found = await asyncio.to_thread(self._outlook.tallies)
            new, counted = await asyncio.to_thread(self._counted, tallied)
            if not new:
                return found
            # Where somebody else counted them meanwhile, it is looked at again.
            await self._outlook.tally(tallied, tallied + new, counted)

    def today(self) -> date:
        """The office's day."""
        return office_day(self._now())

    async def _due(self) -> Sequence[ProjectId]:
        return await asyncio.to_thread(lambda: self._outlook.due(self._now()))

    async def _look_ahead(self) -> None:
        def ahead(projects: Sequence[ProjectId]) -> tuple[list[Foretold], DubanError | None]:
            return self._deriving.foretold(projects, self.today())

        keep = self._outlook.keep
        await derived_in_parts(await self._due(), _AT_ONCE, ahead, keep, self._rest, self._may_go_on)

    def _counted(self, tallied: int) -> tuple[int, Mapping[TallyKey, int]]:
        entries = list(islice(self._ledger.entries(after=tallied - 1), _COUNTED_AT_ONCE))
        return len(entries), counted_in(entries, lambda entry: counted_of(self._ledger, entry))
