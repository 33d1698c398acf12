"""What will go out: papers that wait in the outbox, and those that time brings if nobody does anything meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from application.office.burden import burden
from application.office.office import Office
from domain.clock import OFFICE_TIME
from domain.ids import DepartmentId, ProjectId
from domain.papers.paper import Paper
from domain.ports.register import ProjectQuery, ProjectRow
from domain.record.recorded_projects import recorded_state
from domain.rules.calendar import end_of
from domain.seeing.foretold import foretold_papers

MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class ComingPaper:
    """One paper to one addressee, the day on which it goes out, and whether it is issued already."""

    on: date
    to: DepartmentId
    paper: Paper
    issued: bool
    copy: bool


@dataclass(frozen=True, slots=True)
class AddresseesMonth:
    """What one addressee had this month and will have in what is left of the span; `cap` is the most a month."""

    addressee: DepartmentId
    sent: int
    coming: int
    cap: int | None

    @property
    def over(self) -> bool:
        """Whether reminders will be withheld if all of it comes in this month."""
        return self.cap is not None and self.sent + self.coming > self.cap


@dataclass(frozen=True, slots=True)
class Coming:
    """What will go out until a day: each paper, how many on each day, how many to each addressee."""

    until: date
    papers: Sequence[ComingPaper]
    days: Sequence[tuple[date, int]]
    addressees: Sequence[AddresseesMonth]

    @property
    def peaks(self) -> Sequence[tuple[date, int]]:
        """The three days on which most goes out."""
        return sorted((day for day in self.days if day[1]), key=lambda day: (-day[1], day[0]))[:3]


class ComingDesk:
    """Looks ahead in an installation's year; what was foretold of a project is kept until something happens to it."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._known: OrderedDict[ProjectId, tuple[tuple[int, datetime, datetime], tuple[Paper, ...]]] = OrderedDict()
        self._sent: tuple[tuple[int, str], dict[DepartmentId, int], int | None] | None = None

    async def coming(self, days: int) -> Coming:
        """What will go out today and in the days that follow.

        Raises:
            LedgerUnavailableError: the store does not answer.
            DubanError: a project cannot be read.
        """
        office, now = self._office, await asyncio.to_thread(self._office.now)
        entries = (await office.register.current()).entries
        rows = (await office.register.projects(ProjectQuery())).rows
        last = now.date() + timedelta(days=max(1, min(days, MOST_DAYS)) - 1)
        # By the day: within it, what time brings of a project that nobody touches is the same.
        since = datetime.combine(now.date(), time(), tzinfo=OFFICE_TIME)
        found = await asyncio.to_thread(self._found, rows, since, last, now)
        sent, cap = await self._sent_this_month(entries, f"{now.astimezone(OFFICE_TIME):%Y-%m}")
        return _counted(found, sent, cap, now.date(), last)

    def _found(self, rows: Sequence[ProjectRow], since: datetime, last: date, now: datetime) -> list[ComingPaper]:
        waiting = [(item.numbered.paper, item.addressee) for item in self._office.records.outbox.open_items()]
        found = [_coming(paper, to, now, issued=True) for paper, to in waiting]
        there = {row.project_id for row in rows}
        for gone in [each for each in self._known if each not in there]:
            del self._known[gone]
        for row in rows:
            for paper in self._foretold(row, since, end_of(last), now):
                found += [_coming(paper, to, now, issued=False) for to in dict.fromkeys((paper.to, *paper.copies_to))]
        return sorted(
            (each for each in found if each.on <= last), key=lambda each: (each.on, each.to, each.paper.paper_id)
        )

    def _foretold(self, row: ProjectRow, since: datetime, until: datetime, now: datetime) -> tuple[Paper, ...]:
        key = row.events, since, until
        known = self._known.get(row.project_id)
        if known is not None and known[0] == key:
            return known[1]
        state = (
            None
            if row.stage in ("archived", "withdrawn")
            else recorded_state(self._office.records.ledger, row.project_id)
        )
        papers = () if state is None else foretold_papers(state, now, until)
        self._known[row.project_id] = key, papers
        return papers

    async def _sent_this_month(self, entries: int, month: str) -> tuple[dict[DepartmentId, int], int | None]:
        if self._sent is None or self._sent[0] != (entries, month):
            view = await burden(self._office.records, month)
            counted = {row.addressee: row.papers for row in view.rows}
            self._sent = (entries, month), counted, view.papers_per_month
        return self._sent[1], self._sent[2]


def _coming(paper: Paper, to: DepartmentId, now: datetime, *, issued: bool) -> ComingPaper:
    on = max(paper.send_from.astimezone(OFFICE_TIME).date(), now.date())
    return ComingPaper(on, to, paper, issued, to != paper.to)


def _counted(
    papers: Sequence[ComingPaper], sent: dict[DepartmentId, int], cap: int | None, first: date, last: date
) -> Coming:
    by_day = Counter(each.on for each in papers)
    by_addressee = Counter(each.to for each in papers if (each.on.year, each.on.month) == (first.year, first.month))
    every: Iterable[DepartmentId] = sorted({each.to for each in papers})
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return Coming(
        until=last,
        papers=papers,
        days=[(day, by_day[day]) for day in days],
        addressees=[AddresseesMonth(name, sent.get(name, 0), by_addressee[name], cap) for name in every],
    )
