"""How long a duty was late: from its date to its answer, and on where the answer came undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from domain.events import DeadlineBreached
from domain.ids import DepartmentId

Undone = Literal["the end", "a request"]
"""What ends lateness and may come undone: the end of a project that is reopened, a request that is returned."""


@dataclass
class Lateness:
    """A breach with the day of its answer, where it has one, and what it was answered by that may come undone."""

    event: DeadlineBreached
    department: DepartmentId
    is_part: bool
    answered_on: date | None = None
    by: Undone | None = None
    waited: list[tuple[date, date]] = field(default_factory=list)
    """The days on which a request lay with the office that was returned in the end: first and last."""

    def answer(self, on: date, by: Undone | None = None) -> None:
        """End it, or leave to no return what a request answered before."""
        if self.answered_on is None:
            self.answered_on, self.by = on, by
        elif self.by == "a request" and by is None:
            self.by = None

    def is_answered_no_more(self, by: Undone, on: date) -> None:
        """Count on where this is what it was answered by."""
        if self.by == by and self.answered_on is not None:
            if by == "a request":
                self.waited.append((self.answered_on + timedelta(days=1), on))
            self.answered_on = self.by = None

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its days from one to another: those on which an answer lay with the office are nobody's."""
        day = max(self.event.due_on + timedelta(days=1), first)
        while day <= min(self.answered_on or date.max, last):
            if not any(since <= day <= until for since, until in self.waited):
                yield day
            day += timedelta(days=1)
