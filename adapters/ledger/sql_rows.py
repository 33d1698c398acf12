"""The rows of one open transaction of an SQL store: one text of each statement for both stores."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from adapters.ledger.leaf_bytes import appended_of, event_in
from adapters.ledger.packing import Pack, as_it_is, text_of, unpacked
from adapters.ledger.rows import EntryRow, ItemRow, KeptCheckpoint
from adapters.sql.statements import Statements
from domain.clock import VirtualClock
from domain.ids import DepartmentId, MilestoneId
from domain.papers.paper import NotSentReason, NumberedPaper, Paper, PaperKind
from domain.ports.ledger import Acceptance, LedgerEntry, Refusal
from domain.ports.outbox import OpenMail, OutboxItem
from domain.record.leaf import ISSUES_STREAM, instant_of, leaf_instant
from domain.record.ledger_errors import LedgerDamagedError

if TYPE_CHECKING:
    from adapters.ledger.register_writing import SqlRegisterRows

OPEN_MAIL = (
    "SELECT addressee, sum(CASE state WHEN 'waiting' THEN 1 ELSE 0 END),"
    " sum(CASE state WHEN 'claimed' THEN 1 ELSE 0 END), min(send_from)"
    " FROM outbox WHERE state IN ('waiting', 'claimed') GROUP BY addressee"
)
"""What each addressee has not got yet: both stores answer it from the index of what is open."""
_WITHHELD_KINDS = ("reminder", "urge")


class SqlRows:
    """Reads and adds rows on the writing connection, between its BEGIN and its COMMIT."""

    def __init__(self, connection: Statements, pack: Pack = as_it_is) -> None:
        self._connection = connection
        self._pack = pack

    @cached_property
    def register(self) -> SqlRegisterRows:
        """The register's rows of this transaction: an act by the shell writes none, and loads nothing for them."""
        from adapters.ledger.register_writing import SqlRegisterRows

        return SqlRegisterRows(self._connection, self._pack)

    def head(self) -> tuple[int, str]:
        """How many entries there are, and when the last one was appended."""
        row = self._connection.execute("SELECT seq, leaf FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        return (row[0] + 1, appended_of(unpacked(row[1]))) if row else (0, "")

    def hashes(self, stream: str, first: int, last: int) -> Sequence[tuple[int, bytes]]:
        """Sequence and event hash of the stream's entries from `first` to `last`, in order."""
        return self._connection.execute(
            "SELECT stream_seq, event_hash FROM entry WHERE stream=? AND stream_seq BETWEEN ? AND ?"
            " ORDER BY stream_seq",
            (stream, first, last),
        ).fetchall()

    def stream_length(self, stream: str) -> int:
        """How many entries a stream has."""
        row = self._connection.execute("SELECT max(stream_seq) FROM entry WHERE stream=?", (stream,)).fetchone()
        return 0 if row[0] is None else cast(int, row[0]) + 1

    def add_entries(self, entries: Sequence[EntryRow]) -> None:
        """Add entries at the end."""
        self._connection.executemany(
            "INSERT INTO entry(seq, event_id, stream, stream_seq, event_hash, leaf, leaf_hash) VALUES (?,?,?,?,?,?,?)",
            [
                (row.seq, row.event_id, row.stream, row.stream_seq, row.event_hash, self._pack(row.leaf), row.leaf_hash)
                for row in entries
            ],
        )

    def has_paper(self, paper_id: str) -> bool:
        """Whether a paper was recorded before."""
        row = self._connection.execute("SELECT 1 FROM paper WHERE paper_id=?", (paper_id,)).fetchone()
        return row is not None

    def last_sequence(self, kind: PaperKind, year: int) -> int:
        """The last number given to a kind of paper in a year."""
        row = self._connection.execute(
            "SELECT max(sequence) FROM paper WHERE kind=? AND year=?", (kind, year)
        ).fetchone()
        return cast(int, row[0] or 0)

    def directives(self, one_of: str, year: int) -> Sequence[tuple[int, Paper]]:
        """The papers of one directive so far, each with its number, the newest last."""
        rows = self._connection.execute(
            "SELECT sequence, document FROM paper WHERE kind='directive' AND year=? ORDER BY position", (year,)
        ).fetchall()
        papers = ((sequence, Paper.model_validate_json(text_of(document))) for sequence, document in rows)
        return [(sequence, paper) for sequence, paper in papers if paper.one_of == one_of]

    def add_paper(self, numbered: NumberedPaper, follows_seq: int) -> None:
        """Add a paper after the last one."""
        paper = numbered.paper
        self._connection.execute(
            "INSERT INTO paper(paper_id, kind, year, sequence, number, milestone_id, follows_seq, document)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (
                paper.paper_id,
                paper.kind,
                paper.year,
                numbered.sequence,
                numbered.number,
                paper.milestone_id,
                follows_seq,
                self._pack(paper.model_dump_json()),
            ),
        )

    def add_item(self, paper_id: str, addressee: DepartmentId, send_from: str) -> None:
        """Add a waiting item for one addressee."""
        self._connection.execute(
            "INSERT INTO outbox(paper_id, addressee, send_from, state) VALUES (?,?,?,'waiting')",
            (paper_id, addressee, send_from),
        )

    def waiting_items_about(self, milestone_id: MilestoneId, before_seq: int) -> Sequence[tuple[ItemRow, DepartmentId]]:
        """Waiting reminders and urges of a milestone that follow from an event before `before_seq`, in order."""
        rows = self._connection.execute(
            "SELECT o.item, o.paper_id, p.number, p.kind, o.state, o.addressee"
            " FROM paper p JOIN outbox o USING (paper_id)"
            " WHERE p.milestone_id=? AND p.follows_seq<? AND p.kind IN (?,?) AND o.state='waiting' ORDER BY o.item",
            (milestone_id, before_seq, *_WITHHELD_KINDS),
        ).fetchall()
        return [(ItemRow(*row[:5]), cast(str, row[5])) for row in rows]

    def withhold_item(self, item: int, reason: NotSentReason) -> None:
        """Mark a waiting item as withheld."""
        self._connection.execute("UPDATE outbox SET state='withheld', reason=? WHERE item=?", (reason, item))

    def items_in(self, addressee: DepartmentId, digest_id: str) -> Sequence[ItemRow]:
        """The items of a digest, in order."""
        rows = self._connection.execute(
            "SELECT o.item, o.paper_id, p.number, p.kind, o.state FROM outbox o JOIN paper p USING (paper_id)"
            " WHERE o.addressee=? AND o.digest_id=? ORDER BY o.item",
            (addressee, digest_id),
        ).fetchall()
        return [ItemRow(*row) for row in rows]

    def begun_digest(self, addressee: DepartmentId) -> str | None:
        """The digest that was begun for an addressee and is not finished."""
        row = self._connection.execute(
            "SELECT digest_id FROM outbox WHERE addressee=? AND state='claimed' ORDER BY item LIMIT 1", (addressee,)
        ).fetchone()
        return cast(str, row[0]) if row else None

    def due_items(self, addressee: DepartmentId, now: str) -> Sequence[tuple[ItemRow, Paper]]:
        """The addressee's waiting items that may go at `now`, each with its paper, in order."""
        rows = self._connection.execute(
            "SELECT o.item, o.paper_id, p.number, p.kind, o.state, p.document"
            " FROM outbox o JOIN paper p USING (paper_id)"
            " WHERE o.addressee=? AND o.state='waiting' AND o.send_from<=? ORDER BY o.item",
            (addressee, now),
        ).fetchall()
        return [(ItemRow(*row[:5]), Paper.model_validate_json(text_of(row[5]))) for row in rows]

    def sent_since(self, addressee: DepartmentId, since: str, besides: Collection[PaperKind]) -> int:
        """How many items went out to the addressee since an instant, besides those of some kinds."""
        kinds = ", ".join("?" * len(besides))
        (count,) = self._connection.execute(
            "SELECT count(*) FROM outbox o JOIN paper p USING (paper_id)"  # noqa: S608 - marks alone
            f" WHERE o.addressee=? AND o.state='sent' AND o.sent_at>=? AND p.kind NOT IN ({kinds})",
            (addressee, since, *besides),
        ).fetchone()
        return int(count)

    def claim_items(self, addressee: DepartmentId, digest_id: str, now: str) -> None:
        """Put the addressee's waiting items that may go at `now` into a digest."""
        self._connection.execute(
            "UPDATE outbox SET state='claimed', digest_id=? WHERE addressee=? AND state='waiting' AND send_from<=?",
            (digest_id, addressee, now),
        )

    def settle_items(self, items: Sequence[int], sent_at: str) -> None:
        """Mark claimed items as sent."""
        self._connection.executemany(
            "UPDATE outbox SET state='sent', sent_at=? WHERE item=?", [(sent_at, item) for item in items]
        )

    def add_refusal(self, refusal: Refusal) -> None:
        """Add a refused command, where it is not there yet: who heard it tries again until it is kept."""
        row = (
            leaf_instant(refusal.refused_at),
            refusal.stream,
            refusal.rule,
            refusal.text,
            json.dumps(refusal.command, ensure_ascii=False),
        )
        self._connection.execute(
            "INSERT INTO refusal(refused_at, stream, rule, text, command) SELECT ?,?,?,?,? WHERE NOT EXISTS"
            " (SELECT 1 FROM refusal WHERE refused_at=? AND stream=? AND rule=? AND text=? AND command=?)",
            row * 2,
        )

    def add_acceptance(self, acceptance: Acceptance) -> None:
        """Add an accepted command, where it is not there yet."""
        self._connection.execute(
            "INSERT INTO acceptance(accepted_at, stream, request_id, first, events, command) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT (stream, first) DO NOTHING",
            (
                leaf_instant(acceptance.accepted_at),
                acceptance.stream,
                acceptance.request_id,
                acceptance.first,
                acceptance.events,
                json.dumps(acceptance.command, ensure_ascii=False),
            ),
        )

    def lines(self, table: str, first: int, count: int) -> Sequence[str]:
        """So many rows of a table from the `first` one on (from 0), each as one line of canonical JSON."""
        rows = self._connection.execute(lines_query(table), (count, first)).fetchall()
        return [line_of(table, row) for row in rows]

    def leaves_of(self, stream: str) -> Sequence[bytes]:
        """The leaves of one of the ledger's own streams, in order."""
        rows = self._connection.execute("SELECT leaf FROM entry WHERE stream=? ORDER BY stream_seq", (stream,))
        return [unpacked(row[0]) for row in rows.fetchall()]

    def last_leaf_of(self, stream: str) -> bytes | None:
        """The last leaf of one of the ledger's own streams."""
        row = self._connection.execute(
            "SELECT leaf FROM entry WHERE stream=? ORDER BY stream_seq DESC LIMIT 1", (stream,)
        ).fetchone()
        return unpacked(row[0]) if row else None

    def add_tiles(self, tiles: Mapping[tuple[int, int], bytes]) -> None:
        """Add complete tiles (by level and index); one that is there stays."""
        self._connection.executemany(
            "INSERT INTO tile(level, idx, hashes) VALUES (?,?,?) ON CONFLICT DO NOTHING",
            [(level, index, hashes) for (level, index), hashes in tiles.items()],
        )

    def add_checkpoint(self, checkpoint: KeptCheckpoint) -> None:
        """Add a signed head; one of the same size stays."""
        self._connection.execute(
            "INSERT INTO checkpoint(size, root, note, made_at) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
            (checkpoint.size, checkpoint.root, checkpoint.note, checkpoint.made_at),
        )

    def add_cosignature(self, size: int, witness: str, line: str) -> None:
        """Add a witness's line; the first one of a witness for a head stays."""
        self._connection.execute(
            "INSERT INTO cosignature(size, witness, line) VALUES (?,?,?) ON CONFLICT DO NOTHING", (size, witness, line)
        )

    def kept_clock(self) -> VirtualClock | None:
        """The installation's clock."""
        return settled_clock(lambda query, values: self._connection.execute(query, values).fetchall())

    def keep_clock(self, clock: VirtualClock) -> None:
        """Keep the installation's clock, which has none yet."""
        self._connection.execute("INSERT INTO installation_clock(one, clock) VALUES (1, ?)", (clock.model_dump_json(),))


def settled_clock(rows: Callable[[str, tuple[Any, ...]], Sequence[Any]]) -> VirtualClock | None:
    """The installation's clock: that of the first start that was issued, which the tree over the entries covers; who
    runs the database and edits the row moves no day, on which roles and limits hang. Before any start, the row's."""
    query = "SELECT leaf FROM entry WHERE stream=? ORDER BY stream_seq LIMIT 1"
    for (leaf,) in rows(query, (ISSUES_STREAM,)):
        return VirtualClock.model_validate(event_in(unpacked(leaf))["data"]["clock"], strict=False)
    kept = rows("SELECT clock FROM installation_clock", ())
    return VirtualClock.model_validate_json(kept[0][0]) if kept else None


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """Let bytes that are not what was put in be told as damage, not as somebody's wrong file."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerDamagedError(what=what, detail=type(error).__name__) from error


_COLUMNS = {
    "paper": ("paper_id", "kind", "year", "sequence", "number", "milestone_id", "follows_seq", "document"),
    "refusal": ("refused_at", "stream", "rule", "text", "command"),
    "acceptance": ("accepted_at", "stream", "request_id", "first", "events", "command"),
}


def lines_query(table: str) -> str:
    """The query for rows of a table, in order of their recording; its values are how many, and after how many."""
    columns = ", ".join(_COLUMNS[table])
    return f"SELECT {columns} FROM {table} ORDER BY position LIMIT ? OFFSET ?"  # noqa: S608 - names of our own


def line_of(table: str, row: Sequence[Any]) -> str:
    """A row as the one line whose SHA-256 stands in the ledger."""
    named = dict(zip(_COLUMNS[table], row, strict=True))
    if "document" in named:
        named["document"] = text_of(named["document"])
    return json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def numbered_paper(number: str, sequence: int, document: bytes | str) -> NumberedPaper:
    """A recorded paper, from its row."""
    with _readable("文书"):
        return NumberedPaper(number=number, sequence=sequence, paper=Paper.model_validate_json(text_of(document)))


def entry_of(seq: int, leaf: bytes) -> LedgerEntry:
    """A kept entry, from its row."""
    leaf = unpacked(leaf)
    event = event_in(leaf)
    with _readable(f"第 {seq} 条记录"):
        return LedgerEntry(
            position=seq,
            event_id=event["id"],
            stream=event["stream"],
            stream_seq=event["seq"],
            type=event["type"],
            appended_at=instant_of(appended_of(leaf)),
            event=event,
        )


def refusal_of(refused_at: str, stream: str, rule: str, text: str, command: str) -> Refusal:
    """A refused command, from its row."""
    with _readable("不予办理"):
        told = json.loads(command)
        return Refusal(refused_at=instant_of(refused_at), stream=stream, rule=rule, text=text, command=told)


ACCEPTANCES = "SELECT accepted_at, stream, request_id, first, events, command FROM acceptance"
"""The query for accepted commands."""


def acceptance_of(accepted_at: str, stream: str, request_id: str, first: int, events: int, command: str) -> Acceptance:
    """An accepted command, from its row."""
    with _readable("办理"):
        return Acceptance(
            accepted_at=instant_of(accepted_at),
            stream=stream,
            request_id=request_id,
            first=first,
            events=events,
            command=json.loads(command),
        )


def open_mail_of(rows: Sequence[Sequence[Any]]) -> list[OpenMail]:
    """What each addressee has not got yet, from the rows of `OPEN_MAIL`."""
    found = [
        OpenMail(addressee=addressee, waiting=waiting, claimed=claimed, oldest_at=instant_of(oldest_at))
        for addressee, waiting, claimed, oldest_at in rows
    ]
    return sorted(found, key=lambda mail: mail.addressee)


def item_of(row: Sequence[Any]) -> OutboxItem:
    """An item of the outbox, from its row."""
    number, sequence, document, addressee, state, digest_id, sent_at, reason = row
    return OutboxItem(
        numbered=numbered_paper(number, sequence, document),
        addressee=addressee,
        state=state,
        digest_id=digest_id,
        sent_at=instant_of(sent_at) if sent_at else None,
        reason=reason,
    )
