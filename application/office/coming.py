"""What will go out: papers that wait in the outbox, and those that time brings if nobody does anything meanwhile."""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NoReturn

from application.office.office import Office
from application.office.outlook import OutlookDesk
from application.office.register import PATIENCE_SECONDS
from domain.characters import REFUSED
from domain.clock import office_day
from domain.directory.every_name import present_names
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.names import Addressee
from domain.paging import WHOLE, Part, Stretch, UnreadablePlaceError
from domain.papers.mail_cap import cap_for
from domain.papers.paper import PaperKind
from domain.ports.outbox import OpenLine, OutboxItem
from domain.ports.outlook import MOST_DAYS, Foreplace, ListedPaper, OutlookQuery
from domain.record.recorded_projects import recorded_rules
from domain.rules.life_cycle import LifeCycleRules

_Key = tuple[date, str, int, str, int]
"""Where a paper stands: its day, to whom it goes, whether it is only foretold, which paper it is, or of which project
and there in which place."""
_ISSUED, _FORETOLD = 0, 1
_END: Final[_Key] = (date.max, "", _ISSUED, "", 0)
_PLACE: Final = re.compile(r"([0-9-]{10}) (.*) ([01]) (\S*) ([0-9]{1,9})", re.DOTALL)


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
    copy_of: bool


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
    part: Part = WHOLE


@dataclass(frozen=True, slots=True)
class Coming:
    """What will go out until a day: the papers of a page, where it lies and how many there are on all; how many on each
    day, to each.

    `behind` is how many projects have not been looked at since something happened to them.
    """

    until: date
    papers: Sequence[ComingPaper]
    lies: Stretch
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
        self._rules: LifeCycleRules | None = None
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
        issued = [(max(office_day(line.send_from), today), line) for line in outbox.open_lines()]
        issued = [(on, line) for on, line in issued if on <= last]
        key = last, *stand
        if self._counts is None or self._counts[0] != key:
            self._counts = key, outlook.counts(last)
        foretold = self._counts[1]
        counts = Counter(foretold) + Counter((on, line.addressee) for on, line in issued)
        wanted = [(on, line) for on, line in issued if asked.to in (None, line.addressee) and asked.on in (None, on)]
        found, lies = self._page(asked, last, sorted(wanted, key=lambda each: _key_of(*each)), foretold)
        # Under all its names a department has one month, and one cap.
        names = present_names(self._office.records.persons.now(), today)
        by_day, this_month, had = Counter[date](), Counter[DepartmentId](), Counter[DepartmentId]()
        for (on, to), number in counts.items():
            by_day[on] += number
            this_month[names.get(to, to)] += number if (on.year, on.month) == (today.year, today.month) else 0
        for to, number in so_far.items():
            had[names.get(to, to)] += number
        return Coming(
            until=last,
            papers=found,
            lies=lies,
            count=sum(n for (on, to), n in counts.items() if asked.to in (None, to) and asked.on in (None, on)),
            days=[(day, by_day[day]) for day in (today + timedelta(days=n) for n in range((last - today).days + 1))],
            addressees=[
                AddresseesMonth(name, had[name], this_month[name], self._papers_per_month(name))
                for name in sorted(this_month)
            ],
            behind=stand[1],
        )

    def _page(
        self,
        asked: ComingQuery,
        last: date,
        issued: Sequence[tuple[date, OpenLine]],
        foretold: Mapping[tuple[date, Addressee], int],
    ) -> tuple[list[ComingPaper], Stretch]:
        """One page of two lists in one order, of which only the shorter one is at hand."""
        outlook, limit = self._office.records.register.outlook, asked.part.limit
        after, before = _read(asked.part.after), _END if asked.part.before == "" else _read(asked.part.before)
        query = OutlookQuery(until=last, to=asked.to, on=asked.on)
        bounds = {"after": _foreplace(after), "before": _foreplace(before)}
        ahead = outlook.papers(query.model_copy(update={"limit": limit, **bounds}))
        placed: list[tuple[_Key, ListedPaper | OpenLine]] = [(_key_of(each.on, each), each) for each in ahead]
        keys = [_key_of(*each) for each in issued]
        placed += [(key, line) for key, (_, line) in zip(keys, issued, strict=True) if _between(after, key, before)]
        placed.sort(key=lambda each: each[0])
        shown = placed[:limit] if before is None else placed[-(limit or 0) :]
        if not shown:
            return [], Stretch(0 if after is None else len(issued) + outlook.count(query))
        first, skipped = shown[0][0], 0
        if (after, before) != (None, None):
            # By day and addressee it is counted already; among those of the first row's day and addressee it is not.
            wanted = ((on, to) for on, to in foretold if asked.to in (None, to) and asked.on in (None, on))
            earlier = sum(foretold[each] for each in wanted if each < first[:2])
            beside = OutlookQuery(until=last, to=first[1], on=first[0], before=_foreplace(first))
            skipped = bisect_left(keys, first) + earlier + outlook.count(beside)
        papers = [each.paper_id for _, each in shown if isinstance(each, OpenLine)]
        items = {(i.numbered.paper.paper_id, i.addressee): i for i in self._items(papers)}
        found = [
            _foretold(line) if isinstance(line, ListedPaper) else _issued(items[line.paper_id, line.addressee], key[0])
            for key, line in shown
            if isinstance(line, ListedPaper) or (line.paper_id, line.addressee) in items
        ]
        return found, Stretch(skipped, _written(first), _written(shown[-1][0]))

    def _items(self, paper_ids: Sequence[str]) -> list[OutboxItem]:
        outbox = self._office.records.outbox
        parts = [paper_ids[at : at + 500] for at in range(0, len(paper_ids), 500)]
        return [item for part in parts for item in outbox.items_of(part)]

    def _papers_per_month(self, addressee: Addressee) -> int | None:
        """The cap of the list's rules, which nobody changes."""
        self._rules = self._rules or recorded_rules(self._office.records.ledger)
        return cap_for(addressee, self._rules) if self._rules is not None else None


def _key_of(on: date, line: ListedPaper | OpenLine) -> _Key:
    if isinstance(line, OpenLine):  # in front of what is foretold for the same day and addressee
        return on, line.addressee, _ISSUED, line.paper_id, 0
    return on, line.to, _FORETOLD, line.project_id, line.place


def _between(after: _Key | None, key: _Key, before: _Key | None) -> bool:
    return (after is None or key > after) and (before is None or key < before)


def _foreplace(key: _Key | None) -> Foreplace | None:
    """The place among what is foretold that a place in both lists is; one that is issued is before all of its day."""
    if key is None:
        return None
    on, to, kind, name, place = key
    return (on, to, name, place) if kind == _FORETOLD else (on, to, "", -1)


def _written(key: _Key) -> str:
    return " ".join(map(str, key))


def _read(place: str | None) -> _Key | None:
    if place is None:
        return None
    found = None if REFUSED.search(place) else _PLACE.fullmatch(place)
    try:
        return (
            (date.fromisoformat(found[1]), found[2], int(found[3]), found[4], int(found[5])) if found else _none(place)
        )
    except ValueError:
        return _none(place)


def _none(place: str) -> NoReturn:
    raise UnreadablePlaceError(place=place)


def _foretold(line: ListedPaper) -> ComingPaper:
    about = line.project_id, line.milestone_id, line.project_title
    return ComingPaper(line.on, line.to, line.kind, *about, issued=False, copy_of=line.copy_of)


def _issued(item: OutboxItem, on: date) -> ComingPaper:
    paper = item.numbered.paper
    about = paper.project_id, paper.milestone_id, paper.project_title
    return ComingPaper(on, item.addressee, paper.kind, *about, issued=True, copy_of=item.addressee != paper.to)
