"""A year in numbers, counted from the register and the record; what was counted once is not counted again."""

from __future__ import annotations

import asyncio
import threading

from application.office.burden import burden
from application.office.office import Office
from domain.ids import is_sub_duty, supervised_project_id
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project
from domain.seeing.year_figures import OF_RETURNS, ReturnsSoFar, YearFigures, figures_of

_KINDS = frozenset(kind.__name__ for kind in OF_RETURNS)


class YearDesk:
    """The figures of an installation's years; those of now are kept until something is recorded."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._returns = ReturnsSoFar()
        self._position = -1
        self._alone = threading.Lock()
        self._kept: dict[int, tuple[int, YearFigures]] = {}

    async def figures(self, year: int) -> YearFigures:
        """A year by department and by month.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """
        desk = self._office.register
        entries = (await desk.current()).entries
        known = self._kept.get(year)
        if known is not None and known[0] == entries:
            return known[1]
        months = await desk.months(year)
        await asyncio.to_thread(self._take)
        papers = (await burden(self._office.records, None)).rows
        found = figures_of(year, months, dict(self._returns.counted), papers)
        self._kept[year] = entries, found
        return found

    def _take(self) -> None:
        with self._alone:
            for entry in self._office.records.ledger.entries(after=self._position):
                if entry.type in _KINDS and is_project(entry.stream):
                    project_id = supervised_project_id(entry.stream)
                    if not is_sub_duty(project_id):
                        self._returns.take(project_id, domain_event_of(entry))
                self._position = entry.position
