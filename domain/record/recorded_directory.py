"""What the ledger tells about persons and departments: the directory's events, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.directory.directory import Directory
from domain.directory.events import DIRECTORY_EVENT, DIRECTORY_STREAM, DirectoryEvent
from domain.directory.evolution import evolve, fold, known_at
from domain.directory.superiors import climbs, with_superior
from domain.papers.paper import Paper
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.leaf import fields_of


def directory_events(ledger: Ledger) -> Iterator[DirectoryEvent]:
    """The directory's events, in order, their instants in office time."""
    return map(_event_of, ledger.entries(DIRECTORY_STREAM))


def _event_of(entry: LedgerEntry) -> DirectoryEvent:
    return DIRECTORY_EVENT.validate_python(fields_of(entry.event), strict=False)


def recorded_directory(ledger: Ledger) -> Directory:
    """The directory as the ledger has it now."""
    return fold(directory_events(ledger))


def directory_known_at(ledger: Ledger, instant: datetime) -> Directory:
    """The directory as the ledger had it at an instant."""
    return known_at(directory_events(ledger), instant)


class DirectoryReader:
    """The directory for one who asks again and again: only what came since the last time is read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._events: list[DirectoryEvent] = []
        self._read = -1
        self._now = Directory()

    def now(self) -> Directory:
        """The directory as the ledger has it now."""
        self._read_on()
        return self._now

    def known_at(self, instant: datetime) -> Directory:
        """The directory as the ledger had it at an instant."""
        self._read_on()
        if all(event.decided_at <= instant for event in self._events):
            return self._now
        return known_at(self._events, instant)

    def _read_on(self) -> None:
        for entry in self._ledger.entries(DIRECTORY_STREAM, after=self._read):
            event = _event_of(entry)
            self._events.append(event)
            self._now, self._read = evolve(self._now, event), entry.position

    def with_superiors(self, papers: Sequence[Paper]) -> tuple[Paper, ...]:
        """Papers, those that climb addressed to the persons who had the posts when they were issued."""
        if not climbs(papers):
            return tuple(papers)
        return tuple(with_superior(self.known_at(paper.issued_at), paper) for paper in papers)
