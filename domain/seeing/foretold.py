"""What time alone will bring of a project: the papers that come due by an instant if nobody does anything meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.clock import office_day
from domain.papers.drafting import papers_for
from domain.papers.paper import Paper
from domain.ports.outlook import MOST_DAYS, Foretold, ForetoldPaper
from domain.rules.calendar import end_of, office_instant
from domain.rungs.wakeups import next_wakeup, woken
from domain.state import ProjectState

_SPREAD_DAYS: Final = 15


def foretold_papers(state: ProjectState, now: datetime, until: datetime) -> tuple[Paper, ...]:
    """The papers that would be issued after `now` and not after `until`, in order."""
    found: list[Paper] = []
    since, at = now, next_wakeup(state, now)
    while at is not None and at <= until:
        at = max(at, since)
        made, state, after = woken(state, at)
        found += papers_for(state, made)
        before, since, at = at, at, after
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
