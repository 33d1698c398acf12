"""One rehearsal of the year for each behaviour, shared by every test that looks at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

import pytest
import pytest_asyncio

from activities.recording import RecordingActivities
from adapters.calendar.state_council import state_council_calendar
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.office.starting import Year
from application.rehearsing.behaviours import behaviour_of
from application.rehearsing.rehearsal import Rehearsed, rehearse, report
from domain.clock import VirtualClock
from domain.events import DomainEvent, Event
from domain.papers.paper import NumberedPaper
from domain.record.leaf import domain_event_of
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap.plan_files import load_plan
from tests.rehearsal.audited_year import AuditedYear, audited_year

AnEvent = TypeVar("AnEvent", bound=Event)


@dataclass(frozen=True, slots=True)
class RehearsedYear:
    """What a rehearsal left behind."""

    year: Year
    report: Rehearsed
    papers: tuple[NumberedPaper, ...]
    events: dict[str, list[DomainEvent]]
    ledger: Path

    def of(self, *types: type[AnEvent]) -> list[AnEvent]:
        """All events of some types."""
        return [event for stream in self.events.values() for event in stream if isinstance(event, types)]


EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "2018-key-projects.yaml"


class Rehearsing(Protocol):
    """Rehearses the year under a behaviour; once in a session for each behaviour and policy."""

    async def __call__(self, behaviour: str, policy: SupervisionPolicy | None = None) -> RehearsedYear:
        """The year under a behaviour, with the default policy or another one."""


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsing:
    """The year under a behaviour; rehearsed once in a session."""
    done: dict[tuple[str, str], RehearsedYear] = {}

    async def under(behaviour: str, policy: SupervisionPolicy | None = None) -> RehearsedYear:
        rules = policy or SupervisionPolicy()
        key = behaviour, rules.model_dump_json()
        if key not in done:
            done[key] = await _rehearse(behaviour, rules, tmp_path_factory.mktemp("year") / "ledger.db")
        return done[key]

    return under


@pytest_asyncio.fixture(scope="session")
async def audited(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AuditedYear]:
    """The year in which all report four days late, as an auditor finds it."""
    async with audited_year(tmp_path_factory.mktemp("audited"), "late:4") as year:
        yield year


async def _rehearse(behaviour: str, policy: SupervisionPolicy, file: Path) -> RehearsedYear:
    calendar = state_council_calendar(range(2017, 2021))
    year = Year(listed=load_plan(EXAMPLE), policy=policy, calendar=calendar, clock=VirtualClock())
    ledger = SqliteLedger.open(file, lambda: datetime.now(UTC))
    try:
        recording = RecordingActivities(ledger)
        took = await rehearse(year, behaviour_of(behaviour, year.listed), [recording.record_decision])
        streams = [stream for stream in ledger.streams() if stream.startswith("key-project/")]
        events = {stream: [domain_event_of(entry) for entry in ledger.entries(stream)] for stream in streams}
        papers = tuple(ledger.papers())
    finally:
        ledger.close()
    every = [event for stream in events.values() for event in stream]
    return RehearsedYear(year, report(papers, every, policy, took), papers, events, file)
