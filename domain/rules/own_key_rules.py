"""Which acts need the person's own key, and of whom it is asked.

The rules of acts on all projects at once: when they are plausible, and what they need where they are not.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal, get_args

from pydantic import Field

from domain.frozen import Frozen

Weight = Literal[
    "strike_off",
    "ruling",
    "withdrawal",
    "year_end",
    "mass_act",
]
"""The kinds of acts that a policy may ask an own key for; a command says which of them it is."""
OwnKey = Literal["signed", "unsigned"]
"""Whether an act bears a signature of its person's own key; nothing is said of one who has no key."""
WEIGHTS: Final[tuple[Weight, ...]] = get_args(Weight)


class OwnKeyRules(Frozen):
    """By default an act of weight is asked of those who have a key, so that whoever enrols one cannot be acted for, and
    an office without keys works without ceremony. `everybody` refuses such acts of whoever has none."""

    asked_of: Literal["nobody", "holders", "everybody"] = "holders"
    acts: tuple[Weight, ...] = WEIGHTS

    def asks(self, weight: Weight | None, own_key: OwnKey | None) -> bool:
        """Whether an act lacks the signature that is asked for."""
        if weight is None or weight not in self.acts or own_key == "signed":
            return False
        return self.asked_of == "everybody" or (self.asked_of == "holders" and own_key == "unsigned")


def is_default(rules: OwnKeyRules) -> bool:
    """Whether the rules say nothing of their own: what was docketed before there were any keeps its bytes."""
    return rules == OwnKeyRules()


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
