"""A worker whose store is slow and sometimes away: `python -m bench.race_worker SEED`."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from application.settings import load_settings
from bench.working import work_until_told
from domain.ports.ledger import Decision, Recorded
from entrypoints.bootstrap import activities_of, open_office
from entrypoints.bootstrap.documents import documents_of
from workflows.activity_options import RECORD_DECISION

# Of a hundred answers: so many come at once, within a tenth of a second, within half a second; the rest outlast the
# task that waits for them (a second), so that the engine goes on with it at a later instant.
_AT_ONCE, _SOON, _LATER = 60, 25, 12
# The store is away for a decision: once, or for all short tries, so that the recording goes on as a regular activity.
_AWAY_ONCE, _AWAY_LONG = 0.05, 0.02
_SHORT_TRIES = 4


class SlowStore:
    """Stands before the ledger; what it does to a decision is drawn from a seed."""

    def __init__(self, record: Callable[[Decision], Awaitable[Recorded]], seed: str) -> None:
        self._record = record
        self._chance = random.Random(seed)
        self._away: Counter[str] = Counter()
        self._met: set[str] = set()

    def _meet(self, event_id: str) -> None:
        if event_id not in self._met:
            self._met.add(event_id)
            drawn = self._chance.random()
            self._away[event_id] = _SHORT_TRIES if drawn < _AWAY_LONG else int(drawn < _AWAY_LONG + _AWAY_ONCE)
        if self._away[event_id]:
            self._away[event_id] -= 1
            raise ApplicationError("the store does not answer", type="LedgerUnavailableError")

    def _pause(self) -> float:
        drawn = self._chance.uniform(0, 100)
        if drawn < _AT_ONCE:
            return 0.0
        if drawn < _AT_ONCE + _SOON:
            return self._chance.uniform(0, 0.1)
        return self._chance.uniform(0.1, 0.6) if drawn < _AT_ONCE + _SOON + _LATER else self._chance.uniform(1, 2.5)

    @activity.defn(name=RECORD_DECISION)
    async def record_decision(self, decision: Decision) -> Recorded:
        """Record a decision, with a pause before or after it that a kill may fall into."""
        pause, before = self._pause(), self._chance.random() < 0.5
        await asyncio.sleep(pause if before else 0)
        self._meet(f"{decision.stream}#{decision.first}")
        recorded = await self._record(decision)
        await asyncio.sleep(0 if before else pause)
        return recorded


def slowed(activities: Sequence[Callable[..., Any]], seed: str) -> list[Callable[..., Any]]:
    """The real activities, with a slow store before the one that records."""
    record, *others = activities
    return [SlowStore(record, seed).record_decision, *others]


async def work(seed: str) -> None:
    """Work until the process is told to stop."""
    settings = load_settings()
    async with open_office(settings) as office:
        await office.records.log.open()
        activities = activities_of(
            office.records, documents_of(settings, settings.papers_folder), settings.outbox_folder
        )
        given = slowed(activities, seed) if seed != "-" else activities
        await work_until_told(office.engine.client, settings, given)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
