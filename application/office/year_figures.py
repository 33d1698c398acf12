"""A year in numbers, counted from the register and from what is counted by month."""

from __future__ import annotations

from application.office.office import Office
from application.office.outlook import OutlookDesk
from domain.seeing.year_figures import YearFigures, figures_of


class YearDesk:
    """The figures of an installation's years; those of now are kept until something is recorded."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._kept: dict[int, tuple[int, YearFigures]] = {}

    async def figures(self, year: int) -> YearFigures:
        """A year by department and by month.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """
        office = self._office
        entries = (await office.register.current()).entries
        known = self._kept.get(year)
        if known is not None and known[0] == entries:
            return known[1]
        tallies = await OutlookDesk(office.records.ledger, office.records.register, office.now).tallies()
        found = figures_of(year, await office.register.months(year), tallies)
        self._kept[year] = entries, found
        return found
