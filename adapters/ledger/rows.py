"""The rows of one open transaction of the ledger, as every store gives them: what `transaction.py` works on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.ledger.register_rows import RegisterRows
from domain.clock import VirtualClock
from domain.ids import DepartmentId, MilestoneId
from domain.papers.paper import NotSentReason, NumberedPaper, Paper, PaperKind
from domain.ports.ledger import Acceptance, Refusal
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
        ...

    def close(self) -> None:
        """Close the connections that nobody uses."""
        ...


class Rows(Protocol):
    """The rows of one open transaction. MUST show what the same transaction wrote."""

    @property
    def register(self) -> RegisterRows:
        """The register's rows."""
        ...

    def head(self) -> tuple[int, str]:
        """How many entries there are, and when the last one was appended (an empty text when there is none)."""
        ...

    def hashes(self, stream: str, first: int, last: int) -> Sequence[tuple[int, bytes]]:
        """Sequence and event hash of the stream's entries from `first` to `last`, in order."""
        ...

    def stream_length(self, stream: str) -> int:
        """How many entries a stream has."""
        ...

    def add_entries(self, entries: Sequence[EntryRow]) -> None:
        """Add entries at the end."""
        ...

    def has_paper(self, paper_id: str) -> bool:
        """Whether a paper was recorded before."""
        ...

    def last_sequence(self, kind: PaperKind, year: int) -> int:
        """The last number given to a kind of paper in a year; 0 when there is none."""
        ...

    def directives(self, one_of: str, year: int) -> Sequence[tuple[int, Paper]]:
        """The papers of one directive so far, each with its number, the newest last."""
        ...

    def add_paper(self, numbered: NumberedPaper, follows_seq: int) -> None:
        """Add a paper; `follows_seq` is the place in the project's stream of the event that it follows from."""
        ...

    def add_item(self, paper_id: str, addressee: DepartmentId, send_from: str) -> None:
        """Add a waiting item for one addressee."""
        ...

    def waiting_items_about(self, milestone_id: MilestoneId, before_seq: int) -> Sequence[tuple[ItemRow, DepartmentId]]:
        """Waiting reminders and urges of a milestone that follow from an event before `before_seq`, in order."""
        ...

    def withhold_item(self, item: int, reason: NotSentReason) -> None:
        """Mark a waiting item as withheld."""
        ...

    def items_in(self, addressee: DepartmentId, digest_id: str) -> Sequence[ItemRow]:
        """The items of a digest, in order."""
        ...

    def begun_digest(self, addressee: DepartmentId) -> str | None:
        """The digest that was begun for an addressee and is not finished."""
        ...

    def due_items(self, addressee: DepartmentId, now: str) -> Sequence[ItemRow]:
        """The addressee's waiting items that may go at `now`, in order."""
        ...

    def sent_since(self, addressee: DepartmentId, since: str, besides: Collection[PaperKind]) -> int:
        """How many items went out to the addressee since an instant, besides those of some kinds."""
        ...

    def claim_items(self, addressee: DepartmentId, digest_id: str, now: str) -> None:
        """Put the addressee's waiting items that may go at `now` into a digest."""
        ...

    def settle_items(self, items: Sequence[int], sent_at: str) -> None:
        """Mark claimed items as sent."""
        ...

    def add_refusal(self, refusal: Refusal) -> None:
        """Add a refused command."""
        ...

    def add_acceptance(self, acceptance: Acceptance) -> None:
        """Add an accepted command, where it is not there yet."""
        ...

    def lines(self, table: str, first: int, count: int) -> Sequence[str]:
        """So many rows of a table from the `first` one on (from 0), each as one line of canonical JSON."""
        ...

    def leaves_of(self, stream: str) -> Sequence[bytes]:
        """The leaves of one of the ledger's own streams, in order."""
        ...

    def last_leaf_of(self, stream: str) -> bytes | None:
        """The last leaf of one of the ledger's own streams."""
        ...

    def add_tiles(self, tiles: Mapping[tuple[int, int], bytes]) -> None:
        """Add complete tiles (by level and index); one that is there stays."""
        ...

    def add_checkpoint(self, checkpoint: KeptCheckpoint) -> None:
        """Add a signed head; one of the same size stays."""
        ...

    def add_cosignature(self, size: int, witness: str, line: str) -> None:
        """Add a witness's line; the first one of a witness for a head stays."""
        ...

    def kept_clock(self) -> VirtualClock | None:
        """The installation's clock."""
        ...

    def keep_clock(self, clock: VirtualClock) -> None:
        """Keep the installation's clock, which has none yet."""
        ...
