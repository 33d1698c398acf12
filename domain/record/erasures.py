"""Files that were shown as evidence and erased by order: the record keeps their hashes, and by whose order."""

from __future__ import annotations

from typing import Final

from domain.directory.ids import PersonId
from domain.frozen import Frozen
from domain.names import Name
from domain.ports.ledger import Ledger
from domain.texts import Line

ERASURES_STREAM: Final = "log/erasures"
"""The ledger's own stream of files that were erased."""
EVIDENCE_ERASED: Final = "evidence.erased"


class Erasure(Frozen):
    """A file that was erased: its hash, by which order, by whom, and who confirmed it; with their numbers, if known."""

    sha256: str
    order: Line
    by: Name
    confirmed_by: Name
    by_person: PersonId | None = None
    confirmed_person: PersonId | None = None


def erasures(ledger: Ledger) -> dict[str, Erasure]:
    """What was erased, by the hash of each file."""
    told = (entry.event["data"] for entry in ledger.entries(ERASURES_STREAM) if entry.type == EVIDENCE_ERASED)
    found = (Erasure.model_validate({name: data.get(name) for name in Erasure.model_fields}) for data in told)
    return {each.sha256: each for each in found}
