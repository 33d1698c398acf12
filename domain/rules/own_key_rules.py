"""Which acts need the person's own key, and of whom it is asked."""

from __future__ import annotations

from typing import Final, Literal, get_args

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
