"""Files that were shown as evidence and erased by order: the record keeps their hashes, and by whose order."""

from __future__ import annotations

from typing import Final

from domain.directory.ids import PersonId
from domain.errors import UnusableInputError
from domain.frozen import Frozen
from domain.names import Name
from domain.ports.ledger import Ledger
from domain.record.own_entries import said_by
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


class ErasedFileError(UnusableInputError, rule="erased_evidence"):
    """A file was erased by order: nobody can have it any more."""

    says = "佐证“{name}”已依“{order}”删除，不能再看，无须再找：台账里留有它的摘要，当时的办理不变。"
    name: str
    order: str


class LostFileError(UnusableInputError, rule="kept_evidence"):
    """A file that the record names is not kept, and nobody erased it."""

    says = "佐证“{name}”的原件不在佐证库里，也没有依令删除的记录：请管理员从备份恢复。"
    name: str


def erasures(ledger: Ledger) -> dict[str, Erasure]:
    """What was erased, by the hash of each file."""
    entries = ledger.entries(ERASURES_STREAM)
    found = (said_by(entry, Erasure) for entry in entries if entry.type == EVIDENCE_ERASED)
    return {each.sha256: each for each in found}
