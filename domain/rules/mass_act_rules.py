"""The rules of acts on all projects at once: when they are plausible, and what they need where they are not."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field

from domain.frozen import Frozen


class MassActRules(Frozen):
    """What keeps an act on a whole year from being an accident.

    A year is closed in its last days (`close_year_days_before_end`) or after its end; before, only with a reason, and
    with `two_persons` only where another person confirms. A list that is issued again and leaves out more than
    `withdrawn_at_most_percent` of what runs asks before it withdraws it. What was closed or withdrawn is reopened
    within `reopen_within_days`; later, only with a reason of its own. A reopening needs two persons where a closing
    before its time does.
    """

    close_year_days_before_end: int = Field(default=16, ge=0, le=365)
    two_persons: bool = True
    withdrawn_at_most_percent: int = Field(default=20, ge=0, le=100)
    reopen_within_days: int = Field(default=30, ge=0, le=365)

    def close_year_from(self, year: int) -> date:
        """The first day on which a year may be closed without a reason of its own."""
        return date(year, 12, 31) - timedelta(days=self.close_year_days_before_end)
