"""What the ledger says about itself and about the office: entries of its own streams, which belong to no project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.evidence import EvidenceFile
from domain.frozen import Frozen
from domain.ports.ledger import LedgerEntry

Said = TypeVar("Said", bound=Frozen)


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One of them. With `once`, a stream keeps the same data only one time; `first` is how long the stream was when
    this was decided on it, where that matters."""

    stream: str
    type: str
    data: Mapping[str, Any]
    blobs: tuple[Mapping[str, Any], ...] = ()
    once: bool = False
    first: int | None = None


def attested_entry(
    stream: str, type_: str, data: Mapping[str, Any], attested: EvidenceFile, first: int | None = None
) -> OwnEntry:
    """What somebody did about the office, with the file that attests who it was."""
    return OwnEntry(stream, type_, {**data, "attested": str(attested)}, (attested.model_dump(),), first=first)


def said_by(entry: LedgerEntry, kind: type[Said]) -> Said:
    """What such an entry says, as a value of a kind: of what it says besides, nothing."""
    data = entry.event["data"]
    return kind.model_validate({name: data[name] for name in kind.model_fields if name in data}, strict=False)
