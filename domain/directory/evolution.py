"""The directory folded from its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import reduce

from domain.directory.directory import Directory
from domain.directory.events import DirectoryEvent


def evolve(directory: Directory, event: DirectoryEvent) -> Directory:
    """The directory after one event more."""
    return replace(event.changed(directory), next_seq=event.seq + 1)


def fold(events: Iterable[DirectoryEvent]) -> Directory:
    """The directory that events add up to."""
    return reduce(evolve, events, Directory())


def known_at(events: Iterable[DirectoryEvent], instant: datetime) -> Directory:
    """The directory as it was known at an instant: without what was decided later, whichever days that is about."""
    return fold(event for event in events if event.decided_at <= instant)
