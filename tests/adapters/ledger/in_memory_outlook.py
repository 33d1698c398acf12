"""The in-memory fake of the outlook: plain loops in the place of SQL, held to the same contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from adapters.ledger.outlook_rows import SqlOutlookRows
from domain.clock import CLOCKS_DIFFER_AT_MOST, office_day
from domain.ids import ProjectId
from domain.names import Addressee
from domain.ports.outlook import Foreplace, Foretold, ListedPaper, OutlookQuery, TallyKey


class MemoryOutlookRows(SqlOutlookRows):
    """The outlook's rows in dictionaries, kept by the same rules."""

    def __init__(self) -> None:
        self.found: dict[ProjectId, Foretold] = {}
        self.counted: Counter[TallyKey] = Counter()
        self.until = 0

    def foretold_at(self, project_id: ProjectId) -> tuple[int, date] | None:
        there = self.found.get(project_id)
        return (there.events, there.since) if there else None

    def put(self, found: Foretold) -> None:
        self.found[found.project_id] = found

    def put_off(self, waking: Sequence[tuple[ProjectId, int, datetime | None]]) -> None:
        for project_id, events, at in waking:
            there = self.found.get(project_id)
            if there is not None and there.events == events:
                self.found[project_id] = replace(there, wakes_at=at)

    def tallied(self) -> int:
        return self.until

    def add(self, until: int, counted: Mapping[TallyKey, int]) -> None:
        self.counted.update(counted)
        self.until = until

    def drop_all(self) -> None:
        self.found.clear()
        self.counted.clear()
        self.until = 0


class InMemoryOutlook:
    """The port `Outlook` without a disk."""

    def __init__(self, rows: Callable[[], Any], transact: Callable[[Callable[[Any, int], Any]], Any]) -> None:
        self._rows = rows
        self._transact = transact

    def due(self, now: datetime) -> Sequence[ProjectId]:
        there = self._rows().outlook.found
        return sorted(
            name
            for name, project in self._rows().projects.items()
            if name not in there
            or there[name].events < project.row.events
            or there[name].holds_until < office_day(now)
            or there[name].since > office_day(now + CLOCKS_DIFFER_AT_MOST)
        )

    def should_have_woken(self, before: datetime) -> Sequence[ProjectId]:
        projects = self._rows().projects
        found = [
            (each.wakes_at, name)
            for name, each in self._rows().outlook.found.items()
            if each.wakes_at is not None and each.wakes_at < before
            if name in projects and projects[name].row.events == each.events
        ]
        return [name for _, name in sorted(found)]

    def papers(self, query: OutlookQuery) -> Sequence[ListedPaper]:
        titles = {name: project.row.title for name, project in self._rows().projects.items()}
        listed = [
            (paper.on, paper.to.encode(), name, place, paper)
            for name, found in self._rows().outlook.found.items()
            if name in titles
            for place, paper in enumerate(found.papers)
            if paper.on <= query.until and query.to in (None, paper.to) and query.on in (None, paper.on)
        ]
        listed.sort(key=lambda each: each[:4])
        rows = [
            ListedPaper(**dict(each[4]), project_id=each[2], project_title=titles[each[2]], place=each[3])
            for each in listed
            if (query.after is None or each[:4] > _bytes(query.after))
            and (query.before is None or each[:4] < _bytes(query.before))
        ]
        if query.limit is None:
            return rows
        return rows[: query.limit] if query.before is None else rows[-query.limit :]

    def count(self, query: OutlookQuery) -> int:
        return len(self.papers(query.model_copy(update={"limit": None})))

    def counts(self, until: date) -> Mapping[tuple[date, Addressee], int]:
        papers = (paper for found in self._rows().outlook.found.values() for paper in found.papers)
        return Counter((paper.on, paper.to) for paper in papers if paper.on <= until)

    def kept(self) -> Sequence[Foretold]:
        return [found for _, found in sorted(self._rows().outlook.found.items())]

    def tallies(self) -> tuple[int, Mapping[TallyKey, int]]:
        return self._rows().outlook.until, dict(self._rows().outlook.counted)

    async def keep(self, found: Sequence[Foretold]) -> None:
        self._transact(lambda rows, _: rows.outlook.keep(found))

    async def put_off(self, waking: Sequence[tuple[ProjectId, int, datetime | None]]) -> None:
        self._transact(lambda rows, _: rows.outlook.put_off(waking))

    async def tally(self, before: int, until: int, counted: Mapping[TallyKey, int]) -> bool:
        added: bool = self._transact(lambda rows, size: rows.outlook.tally(size, before, until, counted))
        return added


def _bytes(place: Foreplace) -> tuple[date, bytes, str, int]:
    on, to, name, number = place
    return on, to.encode(), name, number
