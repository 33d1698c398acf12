"""The period that a score is about."""

from __future__ import annotations

from datetime import date

from domain.bounds import Day
from domain.frozen import Frozen
from domain.texts import Line


class Period(Frozen):
    """A period that is scored: its name, its first and its last day."""

    name: Line
    from_on: Day
    to_on: Day

    def has(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.from_on <= day <= self.to_on
