"""Changes of the directory that are being made: each is asked for soundness, and the next one sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.clock import OFFICE_TIME
from domain.directory.directory import Directory
from domain.directory.events import DirectoryEvent
from domain.directory.evolution import evolve
from domain.directory.soundness import problem_of
from domain.errors import RejectedError
from domain.events.event import Event


class UnsoundChangeError(RejectedError):
    """A change of the directory that would contradict what stands there; nothing was changed."""

    rule = "sound_directory"


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
        return self.at.astimezone(OFFICE_TIME).date()

    def add(self, kind: type[Event], **facts: Any) -> None:
        """Add a change.

        Raises:
            UnsoundChangeError: it contradicts what stands there.
            ValueError: a fact is no such value (the model's own errors).
        """
        event: Any = kind(
            seq=self.directory.next_seq,
            occurred_at=self.at,
            decided_at=self.at,
            actor=self.actor,
            cause=self.cause,
            **facts,
        )
        problem = problem_of(self.directory, event)
        if problem is not None:
            raise UnsoundChangeError(f"{problem}。")
        self.events.append(event)
        self.directory = evolve(self.directory, event)
