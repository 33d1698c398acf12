"""What the ledger tells about persons and departments: the directory's events, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.directory.directory import Directory
from domain.directory.events import DIRECTORY_EVENT, DIRECTORY_STREAM, DirectoryEvent
from domain.directory.evolution import fold, known_at
from domain.ports.ledger import Ledger
from domain.record.leaf import fields_of


def directory_events(ledger: Ledger) -> Iterator[DirectoryEvent]:
    """The directory's events, in order, their instants in office time."""
    for entry in ledger.entries(DIRECTORY_STREAM):
        yield DIRECTORY_EVENT.validate_python(fields_of(entry.event), strict=False)


def recorded_directory(ledger: Ledger) -> Directory:
    """The directory as the ledger has it now."""
    return fold(directory_events(ledger))


def directory_known_at(ledger: Ledger, instant: datetime) -> Directory:
    """The directory as the ledger had it at an instant."""
    return known_at(directory_events(ledger), instant)
