"""What the acts about the office itself weigh: each kind of them says as what its person's own key is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from domain.rules.own_key_rules import OwnKeyRules, Weight

Keys = Literal["keys"]
"""A change of keys: whoever has one on a device signs it, whatever any policy says, but for letting his own go."""
RULES: Final = OwnKeyRules()
"""They are of no project, whose policy could say otherwise: whoever has a key signs what weighs."""
OFFICE_WEIGHTS: Final[Mapping[str, Weight | Keys | None]] = {
    "ChangeDirectory": None,
    "ChangeDoorKey": None,  # the door itself answers for it
    "EnrolCertificate": None,  # by the owner of the installation
    "EnrolKey": "keys",
    "EraseEvidence": None,  # by the owner of the installation, on the word of two persons
    "ReportStolenKey": None,  # the key itself is let go before, and that is signed
    "RevokeKey": "keys",
    "score.appealed": None,
    "score.bulletin_published": None,  # the figures were published before, by an act that weighs
    "score.corrected": "ruling",
    "score.falsified": "ruling",
    "score.published": "mass_act",
    "score.ruled": "ruling",
}
"""Every kind of act about the office, by the type of its command: one that is not here is not attested."""
