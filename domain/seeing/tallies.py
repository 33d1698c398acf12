"""What is counted by month: papers that went out to each addressee, completions sent back, inspections of each lead.

What time alone will bring of a project: the papers that come due by an instant if nobody does anything meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.clock import office_day
from domain.events import InspectionOpened, LeadReassigned, MilestoneReturnedForRework, ProjectDocketed
from domain.ids import DepartmentId, is_sub_duty, supervised_project_id
from domain.papers.drafting import papers_for
from domain.papers.mail import NoticeSent
from domain.papers.mail_cap import GRANTING
from domain.papers.paper import Paper
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outlook import MOST_DAYS, Foretold, ForetoldPaper, TallyKey, TallyKind
from domain.record.leaf import domain_event_of, fields_of, instant_of
from domain.rules.calendar import end_of, office_instant
from domain.rungs.wakeups import next_wakeup, woken
from domain.state import ProjectState

_OF_LEADS: Final[dict[str, TallyKind]] = {
    MilestoneReturnedForRework.__name__: "returns",
    InspectionOpened.__name__: "inspections",
}
"""The events that are counted of whoever led the project then."""
_OF_THE_LEAD: Final = frozenset({ProjectDocketed.__name__, LeadReassigned.__name__})
"""The events that say who leads."""


def counted_in(entries: Iterable[LedgerEntry], lead_then: Callable[[LedgerEntry], DepartmentId]) -> Counter[TallyKey]:
    """What some entries of the ledger say; `lead_then` tells who led a project when an entry of it was made.

    A paper counts for whoever it reaches; what happens to a sub-duty is not the office's to count.
    """
    counted: Counter[TallyKey] = Counter()
    for entry in entries:
        if entry.type == NoticeSent.__name__:
            if (said := fields_of(entry.event))["kind"] not in GRANTING:
                counted["papers", said["addressee"], _month(entry)] += 1
        elif entry.type in _OF_LEADS and not is_sub_duty(supervised_project_id(entry.stream)):
            counted[_OF_LEADS[entry.type], lead_then(entry), _month(entry)] += 1
    return counted


def lead_then(ledger: Ledger, entry: LedgerEntry) -> DepartmentId:
    """Who led a project when an entry of it was made."""
    lead: DepartmentId = ""
    for each in ledger.entries(entry.stream):
        if each.position > entry.position:
            break
        if each.type not in _OF_THE_LEAD:
            continue
        match domain_event_of(each):
            case ProjectDocketed(project=project):
                lead = project.lead_department
            case LeadReassigned(after=after):
                lead = after
    return lead


def _month(entry: LedgerEntry) -> str:
    return f"{office_day(instant_of(entry.event['decided'])):%Y-%m}"


_SPREAD_DAYS: Final = 15


def foretold_papers(state: ProjectState, now: datetime, until: datetime) -> tuple[Paper, ...]:
    """The papers that would be issued after `now` and not after `until`, in order."""
    found: list[Paper] = []
    since, at = now, next_wakeup(state, now)
    while at is not None and at <= until:
        at = max(at, since)
        made, state = woken(state, at)
        found += papers_for(state, made)
        before, since, at = at, at, next_wakeup(state, at)
        if not made and (at is None or at <= before):
            break  # what is due and brings nothing would be due for ever
    return tuple(found)


def foretold(state: ProjectState, since: date) -> Foretold:
    """What time alone will bring of a project, looked at from the beginning of a day, as it is kept for pages."""
    project_id, began = state.project_id, office_instant(since, time.min)
    # Not all of an installation's projects on one day again: each a little further than anybody looks.
    until = since + timedelta(days=MOST_DAYS + sum(project_id.encode()) % _SPREAD_DAYS)
    papers = () if state.closed else foretold_papers(state, began, end_of(until))
    lines = tuple(_lines(papers, since, until))
    return Foretold(project_id, state.next_seq, since, until, lines, next_wakeup(state, began))


def _lines(papers: Sequence[Paper], since: date, until: date) -> Iterator[ForetoldPaper]:
    for paper in papers:
        on = max(office_day(paper.send_from), since)
        for to in dict.fromkeys((paper.to, *paper.copies_to)) if on <= until else ():
            yield ForetoldPaper(on=on, to=to, kind=paper.kind, milestone_id=paper.milestone_id, copy_of=to != paper.to)
