"""What time alone will bring of a project: the papers that come due by an instant if nobody does anything meanwhile."""

from __future__ import annotations

from datetime import datetime

from domain.evolution import fold
from domain.papers.drafting import papers_for
from domain.papers.paper import Paper
from domain.rungs.wakeups import next_wakeup, wake
from domain.state import ProjectState


def foretold_papers(state: ProjectState, now: datetime, until: datetime) -> tuple[Paper, ...]:
    """The papers that would be issued after `now` and not after `until`, in order."""
    found: list[Paper] = []
    since, at = now, next_wakeup(state, now)
    while at is not None and at <= until:
        at = max(at, since)
        made = wake(state, at)
        if made:
            after = fold(made, state)
            assert after is not None
            state = after
            found += papers_for(state, made)
        before, since, at = at, at, next_wakeup(state, at)
        if not made and (at is None or at <= before):
            break  # what is due and brings nothing would be due for ever
    return tuple(found)
