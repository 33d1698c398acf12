"""What will go out: papers that wait in the outbox, and those that time brings if nobody does anything meanwhile."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from application.office.office import Office
from application.office.outlook import OutlookDesk
from application.office.register import PATIENCE_SECONDS
from domain.clock import office_day
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.names import Addressee
from domain.papers.paper import PaperKind
from domain.ports.outbox import OpenLine, OutboxItem
from domain.ports.outlook import MOST_DAYS, ListedPaper, OutlookQuery
from domain.record.recorded_projects import recorded_rules

_Key = tuple[date, bytes, str]


@dataclass(frozen=True, slots=True)
class ComingPaper:
    """One paper to one addressee, the day on which it goes out, and whether it is issued already."""

    on: date
    to: Addressee
    kind: PaperKind
    project_id: ProjectId
    milestone_id: MilestoneId | None
    project_title: str
    issued: bool
    copy: bool


@dataclass(frozen=True, slots=True)
class AddresseesMonth:
    """What one addressee had this month and will have in what is left of the span; `cap` is the most a month."""

    addressee: Addressee
    sent: int
    coming: int
    cap: int | None

    @property
    def over(self) -> bool:
        """Whether reminders will be withheld if all of it comes in this month."""
        return self.cap is not None and self.sent + self.coming > self.cap


@dataclass(frozen=True, slots=True)
class ComingQuery:
    """What is asked of what will go out: until how many days on, to whom, on which day; one page of it, or all."""

    days: int
    to: Addressee | None = None
    on: date | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Coming:
    """What will go out until a day: the papers of a page and how many there are on all; how many on each day, to each.

    `behind` is how many projects have not been looked at since something happened to them.
    """

    until: date
    papers: Sequence[ComingPaper]
    count: int
    days: Sequence[tuple[date, int]]
    addressees: Sequence[AddresseesMonth]
    behind: int

    @property
    def peaks(self) -> Sequence[tuple[date, int]]:
        """The three days on which most goes out."""
        return sorted((day for day in self.days if day[1]), key=lambda day: (-day[1], day[0]))[:3]


class ComingDesk:
    """Looks ahead in an installation's year."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._cap: tuple[int | None] | None = None
        self._counts: tuple[tuple[object, ...], Mapping[tuple[date, Addressee], int]] | None = None

    async def coming(self, asked: ComingQuery) -> Coming:
        """What will go out today and in the days that follow.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """
        office = self._office
        entries = (await office.register.current()).entries
        desk = OutlookDesk(office.records.ledger, office.records.register, office.now)
        behind, sent = await desk.current(PATIENCE_SECONDS), await desk.tallies()
        today = await asyncio.to_thread(desk.today)
        month = f"{today:%Y-%m}"
        so_far = {to: counted for (kind, to, of), counted in sent.items() if (kind, of) == ("papers", month)}
        return await asyncio.to_thread(self._coming, asked, today, (entries, behind), so_far)

    def _coming(
        self, asked: ComingQuery, today: date, stand: tuple[int, int], so_far: Mapping[Addressee, int]
    ) -> Coming:
        outlook, outbox = self._office.records.register.outlook, self._office.records.outbox
        last = today + timedelta(days=max(1, min(asked.days, MOST_DAYS)) - 1)
        issued = [(_goes_on(line, today), line) for line in outbox.open_lines()]
        issued = [(on, line) for on, line in issued if on <= last]
        key = last, *stand
        if self._counts is None or self._counts[0] != key:
            self._counts = key, outlook.counts(last)
        counts = Counter(self._counts[1]) + Counter((on, line.addressee) for on, line in issued)
        wanted = [(on, line) for on, line in issued if asked.to in (None, line.addressee) and asked.on in (None, on)]
        found = self._page(asked, last, sorted(wanted, key=lambda each: _key_of(*each)))
        by_day, this_month = Counter[date](), Counter[DepartmentId]()
        for (on, to), number in counts.items():
            by_day[on] += number
            this_month[to] += number if (on.year, on.month) == (today.year, today.month) else 0
        return Coming(
            until=last,
            papers=found,
            count=sum(n for (on, to), n in counts.items() if asked.to in (None, to) and asked.on in (None, on)),
            days=[(day, by_day[day]) for day in (today + timedelta(days=n) for n in range((last - today).days + 1))],
            addressees=[
                AddresseesMonth(name, so_far.get(name, 0), this_month[name], self._papers_per_month())
                for name in sorted(this_month)
            ],
            behind=stand[1],
        )

    def _page(self, asked: ComingQuery, last: date, issued: Sequence[tuple[date, OpenLine]]) -> list[ComingPaper]:
        """One page of two lists in one order, of which only the shorter one is at hand."""
        first, limit = asked.offset, asked.limit
        # Of the papers of a page no one has more others before it than the page's end, and none fewer than this.
        least = max(0, first - len(issued))
        part = None if limit is None else first + limit - least
        query = OutlookQuery(until=last, to=asked.to, on=asked.on, limit=part, offset=least if part else 0)
        ahead = self._office.records.register.outlook.papers(query)
        aheads, keys = [_key_of(each.on, each) for each in ahead], [_key_of(*each) for each in issued]
        end = len(issued) + least + len(ahead) if limit is None else first + limit
        placed: list[tuple[int, ListedPaper | OpenLine, date]] = []
        placed += [(least + n + bisect_left(keys, aheads[n]), each, each.on) for n, each in enumerate(ahead)]
        placed += [(n + least + bisect_left(aheads, keys[n]), line, on) for n, (on, line) in enumerate(issued)]
        shown = sorted((each for each in placed if first <= each[0] < end), key=lambda each: each[0])
        papers = [each[1].paper_id for each in shown if isinstance(each[1], OpenLine)]
        items = {(i.numbered.paper.paper_id, i.addressee): i for i in self._items(papers)}
        return [
            _foretold(line) if isinstance(line, ListedPaper) else _issued(items[line.paper_id, line.addressee], on)
            for _, line, on in shown
            if isinstance(line, ListedPaper) or (line.paper_id, line.addressee) in items
        ]

    def _items(self, paper_ids: Sequence[str]) -> list[OutboxItem]:
        outbox = self._office.records.outbox
        parts = [paper_ids[at : at + 500] for at in range(0, len(paper_ids), 500)]
        return [item for part in parts for item in outbox.items_of(part)]

    def _papers_per_month(self) -> int | None:
        """The cap of the list's rules, which nobody changes."""
        if self._cap is None:
            rules = recorded_rules(self._office.records.ledger)
            if rules is None:
                return None
            self._cap = (rules.papers_per_month,)
        return self._cap[0]


def _goes_on(line: OpenLine, today: date) -> date:
    return max(office_day(line.send_from), today)


def _key_of(on: date, line: ListedPaper | OpenLine) -> _Key:
    if isinstance(line, OpenLine):  # in front of what is foretold for the same day and addressee
        return on, line.addressee.encode(), ""
    return on, line.to.encode(), "foretold"


def _foretold(line: ListedPaper) -> ComingPaper:
    about = line.project_id, line.milestone_id, line.project_title
    return ComingPaper(line.on, line.to, line.kind, *about, issued=False, copy=line.copy_of)


def _issued(item: OutboxItem, on: date) -> ComingPaper:
    paper = item.numbered.paper
    about = paper.project_id, paper.milestone_id, paper.project_title
    return ComingPaper(on, item.addressee, paper.kind, *about, issued=True, copy=item.addressee != paper.to)
