"""What comes next in each milestone, worked out once and known until something happens to it.

A project is asked several times for what comes due, at every instant of its year, and most of its milestones lie ahead
the whole time. States never change, so what was worked out from the very same objects still holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from domain.rungs import due_dates, progress
from domain.rungs.timing import DueRung
from domain.state import MilestoneState, ProjectState
from domain.state.running import lead_clock_runs

_MOST_KNOWN: Final = 256
"""Milestones: those of the projects at hand. More would keep states in memory that nobody needs any more."""
_LONG_AGO: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Asked at this instant, no rung is late: each is meant for its own one."""
_WorkedOutFrom = tuple[object, ...]
_known: dict[tuple[int, ...], tuple[_WorkedOutFrom, tuple[DueRung, ...]]] = {}


def of_milestones(state: ProjectState, now: datetime, until: date | None = None) -> Iterator[DueRung]:
    """Every rung of a due date, a period or a pace that was not taken yet; beyond `until` the first of each ladder
    alone."""
    for milestone in state.milestones.values():
        if not lead_clock_runs(milestone):
            continue
        first = () if until is None else _first(state, milestone)
        # A ladder climbs: where its first rung is still to come, so are all others.
        if until is not None and all(due.nominal > now and due.problem is None for due in first):
            yield from first
        else:
            yield from _of_milestone(state, milestone, now, until)


def _of_milestone(
    state: ProjectState, milestone: MilestoneState, now: datetime, until: date | None
) -> Iterator[DueRung]:
    yield from due_dates.pending(state, milestone, now, until)
    yield from progress.pending(state, milestone, now, until)


def _first(state: ProjectState, milestone: MilestoneState) -> tuple[DueRung, ...]:
    """The first rung of each ladder, as it comes before its day."""
    made_of = milestone, state.project, state.policy, state.calendar, state.docketed_at
    key = tuple(map(id, made_of))
    known = _known.get(key)
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        # What it was worked out from is kept with it: as long as it is there, no other object has its identity.
        _known[key] = known = made_of, tuple(_of_milestone(state, milestone, _LONG_AGO, date.min))
    return known[1]
