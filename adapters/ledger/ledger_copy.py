"""A PostgreSQL ledger as a SQLite ledger file, and back: a backup has one form, whichever store it came from.

Out of PostgreSQL everything is read in one transaction that sees one moment; into an empty one everything is written in
one transaction, so that a restore that breaks off leaves it empty.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.packing import packed, text_of, unpacked
from adapters.ledger.postgres_connections import connected
from adapters.ledger.sqlite_schema import BUSY_SECONDS, prepare_file
from adapters.sql.postgres import place_of, unavailable
from adapters.sql.process_lock import ProcessLock
from adapters.sql.sqlite_failures import unavailable as file_unavailable
from domain.errors import UnusableInputError
from domain.record.leaf import DIGESTS_STREAM, LOG_STREAM

_ROWS_AT_ONCE = 1_000
_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "entry": (("seq", "event_id", "stream", "stream_seq", "event_hash", "leaf", "leaf_hash"), "seq"),
    "paper": (
        ("paper_id", "kind", "year", "sequence", "number", "milestone_id", "follows_seq", "document"),
        "position",
    ),
    "outbox": (("paper_id", "addressee", "send_from", "state", "digest_id", "sent_at", "reason"), "item"),
    "refusal": (("refused_at", "stream", "rule", "text", "command"), "position"),
    "acceptance": (("accepted_at", "stream", "request_id", "first", "events", "command"), "position"),
    "installation_clock": (("one", "clock"), "one"),
    "tile": (("level", "idx", "hashes"), "level, idx"),
    "checkpoint": (("size", "root", "note", "made_at"), "size"),
    "cosignature": (("size", "witness", "line"), "size, witness"),
}
"""What each table keeps, and in which order; a number that a store gives itself follows from the order."""
_LONG: dict[str, Callable[[Any], bytes | str]] = {"leaf": unpacked, "document": text_of}
"""The columns that a file keeps packed, and how they are read."""


class LedgerNotEmptyError(UnusableInputError, rule="restore_into_an_empty_ledger"):
    """A ledger is in the database already."""

    says = "数据库“{place}”里已有台账：未恢复，未作任何改动；请指向一个空的数据库。"
    place: str


def copy_out(dsn: str, file: Path) -> None:
    """Write everything that the database has at one moment into a new ledger file.

    Raises:
        LedgerUnavailableError: the database does not answer, or the file cannot be written.
    """
    lock = ProcessLock(file.with_name(f"{file.name}.lock"), BUSY_SECONDS)
    try:
        prepare_file(file, lock)
    finally:
        lock.close()
        file.with_name(f"{file.name}.lock").unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as target, connected(dsn) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            target.execute("BEGIN")
            with connection.transaction():
                for table, (columns, order) in _TABLES.items():
                    _out(connection, target, table, columns, order)
            target.execute("COMMIT")
            target.execute("PRAGMA journal_mode=DELETE")
    except psycopg.Error as error:
        raise unavailable(place_of(dsn), error) from error
    except sqlite3.Error as error:
        raise file_unavailable(file, error) from error


def _out(
    connection: psycopg.Connection[tuple[Any, ...]],
    target: sqlite3.Connection,
    table: str,
    columns: tuple[str, ...],
    order: str,
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        names, sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(name) for name in order.split(", "))
    )
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own
    with connection.cursor(name=f"out_{table}") as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            target.executemany(insert, [_as_kept(columns, row) for row in rows])


def _as_kept(columns: tuple[str, ...], row: tuple[Any, ...]) -> list[Any]:
    return [packed(value) if name in _LONG else value for name, value in zip(columns, row, strict=True)]


def copy_in(file: Path, dsn: str) -> None:
    """Write everything that a ledger file has into a database whose ledger is empty, all or nothing.

    Raises:
        LedgerNotEmptyError: it is not empty.
        LedgerUnavailableError: the database does not answer, or the file cannot be read.
    """
    try:
        with closing(_read_only(file)) as source, connected(dsn) as connection, connection.transaction():
            connection.execute("SELECT size FROM head WHERE one = 1 FOR UPDATE")
            must_be_empty(connection, dsn)
            for table, (columns, order) in _TABLES.items():
                _in(source, connection, table, columns, order)
            size = source.execute("SELECT count(*) FROM entry").fetchone()
            connection.execute("UPDATE head SET size=%s WHERE one = 1", size)
    except psycopg.Error as error:
        raise unavailable(place_of(dsn), error) from error
    except sqlite3.Error as error:
        raise file_unavailable(file, error) from error


def _in(
    source: sqlite3.Connection,
    connection: psycopg.Connection[tuple[Any, ...]],
    table: str,
    columns: tuple[str, ...],
    order: str,
) -> None:
    insert = sql.SQL("INSERT INTO {}({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(sql.Placeholder() * len(columns)),
    )
    rows = source.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}")  # noqa: S608 - as above
    with connection.cursor() as cursor:
        while page := rows.fetchmany(_ROWS_AT_ONCE):
            cursor.executemany(insert, [_as_written(columns, row) for row in page])


def _as_written(columns: tuple[str, ...], row: tuple[Any, ...]) -> list[Any]:
    """A row of a file with its long texts as the database has them, which checks their hashes."""
    return [_LONG[name](value) if name in _LONG else value for name, value in zip(columns, row, strict=True)]


def sent_files(file: Path) -> set[str]:
    """The files that the ledger in a file says went out, named from the data folder."""
    with closing(_read_only(file)) as source:
        leaves = source.execute("SELECT leaf FROM entry WHERE stream=?", (DIGESTS_STREAM,))
        return {str(sent[0]) for (leaf,) in leaves for sent in event_in(unpacked(leaf))["data"]["files"]}


def opened_as(file: Path) -> str | None:
    """The name under which the log in a ledger file was opened; none where it never was."""
    with closing(_read_only(file)) as source:
        leaves = source.execute("SELECT leaf FROM entry WHERE stream=? ORDER BY stream_seq", (LOG_STREAM,))
        events = (event_in(unpacked(leaf)) for (leaf,) in leaves)
        return next((str(event["data"]["origin"]) for event in events if event["type"] == "log.opened"), None)


def last_head(file: Path) -> dict[str, str | int] | None:
    """The last signed head in a ledger file: its log, its size, its root."""
    with closing(_read_only(file)) as source:
        row = source.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    if row is None:
        return None
    origin, size, root = str(row[0]).split("\n")[:3]
    return {"origin": origin, "size": int(size), "root": root}


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def must_be_empty(connection: psycopg.Connection[tuple[Any, ...]], dsn: str) -> None:
    """Refuse a database whose ledger has anything in it.

    Raises:
        LedgerNotEmptyError: it has.
    """
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM entry) OR EXISTS (SELECT 1 FROM paper) OR EXISTS (SELECT 1 FROM refusal)"
        " OR EXISTS (SELECT 1 FROM installation_clock)"
    ).fetchone()
    if row is not None and row[0]:
        raise LedgerNotEmptyError(place=place_of(dsn))
