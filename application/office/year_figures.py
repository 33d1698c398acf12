"""A year in numbers, counted from the register and from what is counted by month."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.office.office import Office
from application.office.outlook import OutlookDesk
from domain.directory.every_name import present_names
from domain.seeing.year_figures import YearFigures, figures_of

FRESH_SECONDS: Final = 60.0
"""So long figures are shown as they were counted, whatever is recorded meanwhile: they say as of when."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a year, and the instant of the supervised year at which they were counted."""

    as_of: datetime
    figures: YearFigures


class YearDesk:
    """The figures of an installation's years; those that were counted lately are kept."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._kept: dict[int, tuple[float, int, Counted]] = {}

    async def figures(self, year: int) -> Counted:
        """A year by department and by month.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """
        office = self._office
        entries = (await office.register.current()).entries
        at, position, counted = self._kept.get(year, (0.0, -1, None))
        if counted is not None and (position == entries or time.monotonic() - at < FRESH_SECONDS):
            return counted
        now = await asyncio.to_thread(office.now)
        tallies = await OutlookDesk(office.records.ledger, office.records.register, office.now).tallies()
        names = present_names(await asyncio.to_thread(office.records.persons.now), now.date())
        found = Counted(now, figures_of(year, await office.register.months(year), tallies, names))
        self._kept[year] = time.monotonic(), entries, found
        return found
