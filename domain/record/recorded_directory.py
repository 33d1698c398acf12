"""What the ledger tells about persons and departments: the directory's events, and what they add up to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from domain.directory.directory import Directory
from domain.directory.events import DIRECTORY_EVENT, DIRECTORY_STREAM, DirectoryEvent
from domain.directory.evolution import evolve, fold, known_at
from domain.directory.person_name import ERASED_NAME, NAMES_BESIDE, Opener, PersonName, name_opened_by
from domain.directory.superiors import climbs, with_superior
from domain.evidence import EvidenceFile
from domain.papers.paper import Paper
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.erasures import ERASURES_STREAM, erasures
from domain.record.leaf import fields_of
from domain.record.ledger_errors import NotInLedgerError


def directory_events(ledger: Ledger, files: EvidenceStore) -> Iterator[DirectoryEvent]:
    """The directory's events, in order, their instants in office time; `files` has the names of persons."""
    opener = names_beside(ledger, files)
    return (_event_of(entry, opener) for entry in ledger.entries(DIRECTORY_STREAM))


def names_beside(ledger: Ledger, files: EvidenceStore | None) -> Opener:
    """What opens the names that entries commit to: none that was erased by order, whatever lies there still."""
    erased = frozenset(erasures(ledger))

    def opened(file: EvidenceFile) -> PersonName:
        if file.sha256 in erased:
            return PersonName(ERASED_NAME, file, opened=False)
        try:
            return name_opened_by(file, files.read(file.sha256) if files is not None else None)
        except NotInLedgerError:
            return name_opened_by(file, None)

    return opened


def _event_of(entry: LedgerEntry, opener: Opener) -> DirectoryEvent:
    return DIRECTORY_EVENT.read(fields_of(entry.event), {NAMES_BESIDE: opener})


def recorded_directory(ledger: Ledger, files: EvidenceStore) -> Directory:
    """The directory as the ledger has it now."""
    return fold(directory_events(ledger, files))


def directory_known_at(ledger: Ledger, files: EvidenceStore, instant: datetime) -> Directory:
    """The directory as the ledger had it at an instant, without the names that were erased since."""
    return known_at(directory_events(ledger, files), instant)


class DirectoryReader:
    """The directory for one who asks again and again: only what came since the last time is read, and everything anew
    once something was erased. Any thread may ask. Without `files` it knows persons by their numbers alone."""

    def __init__(self, ledger: Ledger, files: EvidenceStore | None) -> None:
        self._ledger = ledger
        self._files = files
        self._erasures_read = -1
        # Threads that read on at once would fold an event twice.
        self._alone = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._events: list[DirectoryEvent] = []
        self._read = -1
        self._now = Directory()
        self._opener = names_beside(self._ledger, self._files)

    def now(self) -> Directory:
        """The directory as the ledger has it now."""
        return self._read_on()[0]

    def known_at(self, instant: datetime) -> Directory:
        """The directory as the ledger had it at an instant."""
        now, events = self._read_on()
        if all(event.decided_at <= instant for event in events):
            return now
        return known_at(events, instant)

    def known_since(self, holds: Callable[[Directory], bool]) -> datetime | None:
        """Since when the ledger has had a directory of which something holds; none where it never had."""
        directory = Directory()
        for event in self._read_on()[1]:
            directory = evolve(directory, event)
            if holds(directory):
                return event.decided_at
        return None

    def _read_on(self) -> tuple[Directory, tuple[DirectoryEvent, ...]]:
        with self._alone:
            erased = [entry.position for entry in self._ledger.entries(ERASURES_STREAM, after=self._erasures_read)]
            if erased:
                self._begin()
                self._erasures_read = erased[-1]
            for entry in self._ledger.entries(DIRECTORY_STREAM, after=self._read):
                event = _event_of(entry, self._opener)
                self._events.append(event)
                self._now, self._read = evolve(self._now, event), entry.position
            return self._now, tuple(self._events)

    def with_superiors(self, papers: Sequence[Paper]) -> tuple[Paper, ...]:
        """Papers, those that climb addressed to the persons who had the posts when they were issued."""
        if not climbs(papers):
            return tuple(papers)
        return tuple(with_superior(self.known_at(paper.issued_at), paper) for paper in papers)
