"""A year of so many projects for the desk to be measured beside: a few hundred live it, the others live as one of them.

The core takes 16 ms for the weeks of a project and as long again to look ahead; ten thousand of them are like one
another, so what is recorded of one is recorded of its likes under their own names.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from bench import register_year
from domain.clock import OFFICE_TIME
from domain.events import DOMAIN_EVENT, DomainEvent
from domain.evolution import fold
from domain.ids import ProjectId, project_id_for, supervision_workflow_id
from domain.papers.drafting import papers_for
from domain.papers.paper import Paper
from domain.ports.ledger import Decision, Ledger
from domain.ports.outlook import Foretold, Outlook
from domain.rules.calendar import office_instant
from domain.rungs.wakeups import next_wakeup, wake
from domain.seeing.foretold import foretold

_FIRST, _LIVED, _AT_ONCE = 21, 200, 100


@dataclass(frozen=True, slots=True)
class Lived:
    """What one project was recorded with until an instant, as JSON, and what time will bring of it."""

    project_id: ProjectId
    events: tuple[str, ...]
    papers: tuple[str, ...]
    ahead: Foretold


async def fill(ledger: Ledger, projects: int, until: datetime) -> None:
    """Record so many projects with what time brought them until an instant, and their papers; each in one go."""
    for first in range(1, projects + 1, _AT_ONCE):
        part = range(first, min(first + _AT_ONCE, projects + 1))
        await asyncio.gather(*(ledger.record(_decision(serial, until)) for serial in part))


async def look_ahead(outlook: Outlook, projects: int, until: datetime) -> None:
    """Keep what time will bring of each."""
    for first in range(1, projects + 1, _AT_ONCE):
        part = range(first, min(first + _AT_ONCE, projects + 1))
        await outlook.keep([_ahead(serial, until) for serial in part])


def _decision(serial: int, until: datetime) -> Decision:
    lived, name = _like(serial, until), project_id_for(register_year.FIRST_DAY.year, str(serial))
    return Decision(
        stream=supervision_workflow_id(name),
        events=tuple(DOMAIN_EVENT.read(json.loads(_renamed(text, lived.project_id, name))) for text in lived.events),
        papers=tuple(Paper.model_validate_json(_renamed(text, lived.project_id, name)) for text in lived.papers),
    )


def _ahead(serial: int, until: datetime) -> Foretold:
    lived, name = _like(serial, until).ahead, project_id_for(register_year.FIRST_DAY.year, str(serial))
    papers = tuple(
        paper.model_copy(update={"milestone_id": name + paper.milestone_id.removeprefix(lived.project_id)})
        if paper.milestone_id
        else paper
        for paper in lived.papers
    )
    return Foretold(name, lived.events, lived.since, lived.until, papers)


def _like(serial: int, until: datetime) -> Lived:
    # Not the first twelve: their names read like the months of a date.
    return _lived((serial - 1) % _LIVED + _FIRST, until)


def _renamed(text: str, before: ProjectId, after: ProjectId) -> str:
    """A recorded text under another project's name: its identity, those of its milestones, its stream."""
    texts = ((before, after), (supervision_workflow_id(before), supervision_workflow_id(after)))
    for old, new in texts:
        text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(old)}(?![0-9A-Za-z])", new, text)
    serial, own = before.partition("-")[2], after.partition("-")[2]
    return text.replace(f'"serial":"{serial}"', f'"serial":"{own}"').replace(f"（第{serial}项）", f"（第{own}项）")


@cache
def _lived(serial: int, until: datetime) -> Lived:
    events: list[DomainEvent] = []
    papers: list[Paper] = []
    for made, drafted in _weeks(serial, until):
        events += made
        papers += drafted
    state = fold(events)
    assert state is not None
    ahead = foretold(state, until.astimezone(OFFICE_TIME).date())
    told = tuple(each.model_dump_json() for each in events), tuple(each.model_dump_json() for each in papers)
    return Lived(state.project_id, *told, ahead)


def _weeks(serial: int, until: datetime) -> Iterator[tuple[tuple[DomainEvent, ...], tuple[Paper, ...]]]:
    events: tuple[DomainEvent, ...] = register_year.opening(serial)
    state, at = fold(events), office_instant(register_year.FIRST_DAY, datetime.min.time())
    assert state is not None
    while events:
        yield events, tuple(papers_for(state, events))
        wakes = next_wakeup(state, at)
        if wakes is None or wakes > until:
            return
        at = max(wakes, at)
        events = wake(state, at)
        after = fold(events, state)
        assert after is not None
        state = after
