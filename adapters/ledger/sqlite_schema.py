"""The ledger's file: its tables, its guards, its version.

The guards stop mistakes and careless tools; they stop nobody who owns the file. The tree does that.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from adapters.ledger.ledger_tables import SQLITE as TABLES
from adapters.ledger.register_schema import SQLITE as READ_MODELS
from adapters.sql.process_lock import ProcessLock
from adapters.sql.sqlite_failures import unavailable
from adapters.sql.sqlite_files import read_only_uri
from domain.record.ledger_errors import LedgerTooNewError, LedgerUnreadableError

APPLICATION_ID = 0x44554241
"""`DUBA`: says in the file's header whose file it is."""

BUSY_SECONDS = 10.0


_ENTRIES = """
CREATE TABLE entry(
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  stream TEXT NOT NULL,
  stream_seq INTEGER NOT NULL,
  event_hash BLOB NOT NULL CHECK (length(event_hash) = 32),
  leaf BLOB NOT NULL CHECK (length(leaf) <= 65535),
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
  UNIQUE (stream, stream_seq)
) STRICT;
CREATE INDEX entry_first_of_stream ON entry(seq) WHERE stream_seq = 0;
CREATE INDEX entry_of_projects ON entry(seq) WHERE substr(stream, 1, 12)='key-project/';
"""

_DENSE = """
CREATE TRIGGER entry_is_dense BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'ledger: entries are dense and only added at the end'); END;
CREATE TRIGGER entry_is_dense_in_its_stream BEFORE INSERT ON entry
WHEN NEW.stream_seq IS NOT (SELECT coalesce(max(stream_seq), -1) + 1 FROM entry WHERE stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'ledger: a stream is dense and only added to at its end'); END;
CREATE TRIGGER entry_is_new BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'ledger: an event is kept once'); END;
CREATE TRIGGER paper_is_new BEFORE INSERT ON paper
WHEN EXISTS (SELECT 1 FROM paper WHERE paper_id = NEW.paper_id)
BEGIN SELECT RAISE(ABORT, 'ledger: a paper is kept once'); END;
CREATE TRIGGER installation_clock_is_set_once BEFORE INSERT ON installation_clock
WHEN EXISTS (SELECT 1 FROM installation_clock)
BEGIN SELECT RAISE(ABORT, 'ledger: the clock is set once'); END;
CREATE TRIGGER outbox_is_kept BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'ledger: nothing is removed'); END;
CREATE TRIGGER outbox_is_settled_once BEFORE UPDATE ON outbox
WHEN OLD.state IN ('sent', 'withheld') OR NEW.paper_id IS NOT OLD.paper_id OR NEW.addressee IS NOT OLD.addressee
BEGIN SELECT RAISE(ABORT, 'ledger: an item is settled once'); END;
"""


def _guards(*tables: str) -> str:
    return "".join(
        f"CREATE TRIGGER {table}_is_never_{verb.lower()}d BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'ledger: nothing is changed or removed'); END;"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    )


VERSIONS: tuple[str, ...] = (
    _ENTRIES
    + TABLES
    + _DENSE
    + _guards("entry", "paper", "refusal", "acceptance", "installation_clock", "tile", "checkpoint", "cosignature"),
    READ_MODELS,
)
"""What each version of the file adds to the one before; the file's version is how many were applied."""


def prepare_file(path: Path, lock: ProcessLock, *, as_it_stands: bool = False) -> None:
    """Make the ledger's file if there is none, bring an older one up to date, and let one that came out of a backup
    keep a log beside it again, so that who reads and who writes do not wait for one another; one that is read
    `as_it_stands` is left alone.

    Raises:
        LedgerTooNewError: a newer version wrote the file.
        LedgerUnreadableError: the file is something else.
        LedgerUnavailableError: the file cannot be opened or written.
    """
    if path.exists() and path.stat().st_size > 0:
        version, keeps_log = _version(path)
        if as_it_stands and version:
            return
        if version == len(VERSIONS) and (
            keeps_log or not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK)
        ):
            return
    with lock.held():
        try:
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except sqlite3.Error as error:
            raise unavailable(path, error) from error
        try:
            _bring_up_to_date(connection)
        except sqlite3.Error as error:
            raise unavailable(path, error) from error
        finally:
            connection.close()


def _version(path: Path) -> tuple[int, bool]:
    """The version of an existing file, and whether it keeps a log beside it; read without touching it."""
    try:
        connection = sqlite3.connect(read_only_uri(path), uri=True, timeout=BUSY_SECONDS)
    except sqlite3.Error as error:
        raise unavailable(path, error) from error
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        keeps_log = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    except sqlite3.OperationalError as error:
        raise unavailable(path, error) from error
    except sqlite3.DatabaseError as error:
        raise LedgerUnreadableError(place=str(path), detail=str(error)) from error
    finally:
        connection.close()
    if tables and application != APPLICATION_ID:
        raise LedgerUnreadableError(place=str(path), detail="是别的程序的数据库")
    if version > len(VERSIONS):
        raise LedgerTooNewError(place=str(path), found=version, known=len(VERSIONS))
    return version, keeps_log


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number, script in enumerate(VERSIONS[version:], start=version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE;{script}PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={number};COMMIT;"
        )
