"""The rows of the ledger as they are kept, and the connections that read them, in both stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from domain.papers.paper import PaperKind
from domain.ports.outbox import ItemState


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it is kept; `seq` is its position in the whole ledger."""

    seq: int
    event_id: str
    stream: str
    stream_seq: int
    event_hash: bytes
    leaf: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A signed head as it is kept: `note` without cosignatures, `made_at` in the ledger's form of an instant."""

    size: int
    root: bytes
    note: str
    made_at: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One paper for one addressee; `item` is its number in the outbox, dense from 1."""

    item: int
    paper_id: str
    number: str
    kind: PaperKind
    state: ItemState


class Readers(Protocol):
    """Reading connections; any thread may ask."""

    def rows(self, query: str, values: Sequence[object] = (), /) -> list[Any]:
        """All rows of one query; values stand for `?`."""

    def close(self) -> None:
        """Close the connections that nobody uses."""
