"""Keys that were stolen, or may be: since when what they signed is in doubt."""

from __future__ import annotations

from typing import Final

from pydantic import AwareDatetime

from domain.evidence import EvidenceFile
from domain.frozen import Frozen
from domain.record.leaf import leaf_instant
from domain.record.own_entries import OwnEntry, attested_entry

STOLEN_KEYS_STREAM: Final = "log/stolen-keys"
"""The ledger's own stream of keys that were reported stolen."""
KEY_STOLEN: Final = "key.stolen"


class StolenKey(Frozen):
    """A key that may be stolen: a door's, the ledger's or a person's, by its name, and the earliest instant."""

    whose: str
    key: str
    since: AwareDatetime
    reason: str

    def entry(self, attested: EvidenceFile) -> OwnEntry:
        """What says in the ledger since when it is in doubt."""
        said = {"whose": self.whose, "key": self.key, "since": leaf_instant(self.since), "reason": self.reason}
        return attested_entry(STOLEN_KEYS_STREAM, KEY_STOLEN, said, attested)
