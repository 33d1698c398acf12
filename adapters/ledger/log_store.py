"""What the transparency log needs of a store, and the same on either SQL store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from adapters.ledger.group_commit import GroupCommit
from adapters.ledger.leaf_bytes import canonical_event, place_in
from adapters.ledger.packing import unpacked
from adapters.ledger.rows import KeptCheckpoint, Readers
from adapters.ledger.sql_rows import line_of, lines_query
from adapters.ledger.transaction import Transaction, rows_told
from domain.errors import DubanError
from domain.events.event import Event
from domain.markings import TYPED, must_bear_no_mark, texts_in
from domain.record.leaf import ROW_STREAMS
from domain.record.own_entries import OwnEntry

_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class StreamHead:
    """How far a stream has come: how many entries, the last one's position in the ledger and its leaf hash."""

    stream: str
    count: int
    position: int
    leaf_hash: bytes


class LogStore:
    """The log's side of the ledger's store: entries, tiles, heads and cosignatures. Reads block; writes answer after
    the commit."""

    def __init__(
        self,
        readers: Readers,
        writer: GroupCommit,
        check: str | None = None,
        *,
        is_still: bool = False,
        refused: DubanError | None = None,
    ) -> None:
        self._readers = readers
        self._writer = writer
        self._check = check
        self._refused = refused
        self.is_still = is_still
        """Whether nothing can be written from here: it lies on a read-only medium, or in a copied folder."""

    def must_take_more(self) -> None:
        """Refuse what would be prepared beside the store and could not be said in it."""
        if self._refused is not None:
            raise self._refused

    def faults(self) -> Sequence[str]:
        """What the store itself finds wrong with its file; empty where it finds nothing."""
        rows = self._readers.rows(self._check) if self._check else []
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def size(self) -> int:
        """How many entries there are."""
        return cast(int, self._readers.rows("SELECT coalesce(max(seq), -1) + 1 FROM entry")[0][0])

    def leaves(self, first: int, end: int) -> Sequence[bytes]:
        """The leaves of the entries from `first` up to, not with, `end`."""
        rows = self._readers.rows("SELECT leaf FROM entry WHERE seq>=? AND seq<? ORDER BY seq", (first, end))
        return [unpacked(row[0]) for row in rows]

    def leaf_hashes(self, first: int, end: int) -> Sequence[bytes]:
        rows = self._readers.rows("SELECT leaf_hash FROM entry WHERE seq>=? AND seq<? ORDER BY seq", (first, end))
        return [row[0] for row in rows]

    def misplaced(self, first: int, end: int) -> Sequence[int]:
        """Which of the entries are found by something else than they say of themselves: they would be missed where they
        belong, whatever the tree over them proves."""
        rows = self._readers.rows(
            "SELECT seq, leaf, event_id, stream, stream_seq, event_hash FROM entry WHERE seq>=? AND seq<? ORDER BY seq",
            (first, end),
        )
        return [seq for seq, leaf, *beside in rows if place_in(unpacked(leaf)) not in (None, tuple(beside))]

    def tile(self, level: int, index: int) -> bytes | None:
        rows = self._readers.rows("SELECT hashes FROM tile WHERE level=? AND idx=?", (level, index))
        return cast(bytes, rows[0][0]) if rows else None

    def checkpoints(self) -> Sequence[KeptCheckpoint]:
        """Every signed head, by size."""
        rows = self._readers.rows("SELECT size, root, note, made_at FROM checkpoint ORDER BY size")
        return [KeptCheckpoint(*row) for row in rows]

    def last_checkpoint(self) -> KeptCheckpoint | None:
        """The largest signed head."""
        rows = self._readers.rows("SELECT size, root, note, made_at FROM checkpoint ORDER BY size DESC LIMIT 1")
        return KeptCheckpoint(*rows[0]) if rows else None

    def cosignatures(self, size: int) -> Sequence[str]:
        """The witnesses' lines for the head of a size, in order of the witnesses' names."""
        rows = self._readers.rows("SELECT line FROM cosignature WHERE size=? ORDER BY witness", (size,))
        return [row[0] for row in rows]

    def stream_heads(self, after: int, until: int) -> Iterator[StreamHead]:
        """How far the streams that grew beyond the position `after` had come at the position `until`."""
        rows = self._readers.rows(
            "SELECT e.stream, e.stream_seq + 1, e.seq, e.leaf_hash FROM entry e JOIN"
            " (SELECT max(seq) AS last FROM entry WHERE seq>? AND seq<=? GROUP BY stream) grown ON e.seq = grown.last"
            " ORDER BY e.stream",
            (after, until),
        )
        return (StreamHead(*row) for row in rows)

    def position_of(self, event_id: str) -> int | None:
        """Where an event stands in the ledger."""
        rows = self._readers.rows("SELECT seq FROM entry WHERE event_id=?", (event_id,))
        return cast(int, rows[0][0]) if rows else None

    def leaves_of(self, stream: str, last: int | None = None) -> Sequence[bytes]:
        """The leaves of one of the ledger's own streams (only the `last` ones of them), in order."""
        rows = self._readers.rows(
            "SELECT leaf FROM entry WHERE stream=? ORDER BY stream_seq DESC LIMIT ?",
            (stream, _ALL if last is None else last),
        )
        return [unpacked(row[0]) for row in reversed(rows)]

    def lines(self, table: str, first: int, count: int) -> Sequence[str]:
        """So many rows of a table from the `first` one on (from 0), each as the line whose hash the ledger keeps."""
        return [line_of(table, row) for row in self._readers.rows(lines_query(table), (count, first))]

    async def keep_rows(self) -> None:
        """Say in the ledger, by their hashes, which papers and refusals came since the last time."""
        # Asked without a transaction first: most of the time nothing came.
        for table in ROW_STREAMS:
            while self.lines(table, rows_told(next(iter(self.leaves_of(ROW_STREAMS[table], last=1)), None)), 1):
                await self._writer.run(partial(Transaction.keep_rows, table=table))

    async def append_own(self, entry: OwnEntry) -> None:
        for text in texts_in(entry.data):
            must_bear_no_mark(text, TYPED)
        await self._writer.run(lambda transaction: transaction.append_own(entry))

    async def append_next(self, stream: str, events: Sequence[Event]) -> None:
        if events:
            prepared = [canonical_event(stream, event) for event in events]
            await self._writer.run(lambda transaction: transaction.append_next(stream, events[0].seq, prepared))

    async def seal(self, tiles: Mapping[tuple[int, int], bytes], checkpoint: KeptCheckpoint) -> None:
        """Keep complete tiles and a signed head."""
        await self._writer.run(lambda transaction: transaction.seal(tiles, checkpoint))

    async def cosign(self, size: int, witness: str, line: str) -> None:
        """Keep a witness's line."""
        await self._writer.run(lambda transaction: transaction.cosign(size, witness, line))
