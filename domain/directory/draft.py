"""Changes of the directory that are being made: each is asked for soundness, and the next one sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from domain.clock import office_day
from domain.directory.directory import Directory
from domain.directory.events import DirectoryEvent
from domain.directory.evolution import evolve
from domain.directory.soundness import problem_of
from domain.errors import RejectedError
from domain.events.event import Event, Facts, headed


class UnsoundChangeError(RejectedError, rule="sound_directory"):
    """A change of the directory that would contradict what stands there; nothing was changed."""


@dataclass(slots=True)
class Draft:
    """Events that go on where a directory stands; nothing is recorded yet. `actor` and `cause` are each event's."""

    directory: Directory
    at: datetime
    actor: str
    cause: str
    events: list[DirectoryEvent] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the office on which the changes are made."""
        return office_day(self.at)

    def add(self, kind: Callable[Facts, Event], *none: Facts.args, **facts: Facts.kwargs) -> None:
        """Add a change.

        Raises:
            UnsoundChangeError: it contradicts what stands there.
            ValueError: a fact is no such value (the model's own errors).
        """
        make = headed(
            kind,
            seq=self.directory.next_seq,
            occurred_at=self.at,
            decided_at=self.at,
            actor=self.actor,
            cause=self.cause,
        )
        event = cast(DirectoryEvent, make(*none, **facts))
        problem = problem_of(self.directory, event)
        if problem is not None:
            raise UnsoundChangeError(f"{problem}。")
        self.events.append(event)
        self.directory = evolve(self.directory, event)
