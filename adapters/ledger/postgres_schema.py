"""The ledger in PostgreSQL: its tables, its roles, its guards, its version.

The owner role cannot log in; whoever writes does so as `duban_writer`, which may add and settle but not change or
remove. As with every guard in a store, this stops mistakes and careless tools; the tree stops people.
"""

from __future__ import annotations

import psycopg

from adapters.ledger.ledger_tables import POSTGRES as TABLES
from adapters.ledger.postgres_mandates import TABLE as WRITER_TABLE
from adapters.ledger.register_schema import POSTGRES as READ_MODELS
from domain.record.ledger_errors import LedgerTooNewError

_ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'duban_owner') THEN CREATE ROLE duban_owner NOLOGIN; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'duban_writer') THEN CREATE ROLE duban_writer NOLOGIN; END IF;
END $$;
CREATE SCHEMA IF NOT EXISTS duban AUTHORIZATION duban_owner;
"""

_ENTRIES = """
CREATE TABLE head(one INT PRIMARY KEY CHECK (one = 1), size BIGINT NOT NULL);
INSERT INTO head VALUES (1, 0);
CREATE TABLE entry(
  seq BIGINT PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  stream TEXT NOT NULL,
  stream_seq BIGINT NOT NULL,
  event_hash BYTEA NOT NULL CHECK (length(event_hash) = 32),
  leaf BYTEA NOT NULL CHECK (length(leaf) <= 65535),
  leaf_hash BYTEA NOT NULL CHECK (leaf_hash = sha256('\\x00'::bytea || leaf)),
  UNIQUE (stream, stream_seq)
);
CREATE INDEX entry_first_of_stream ON entry(seq) WHERE stream_seq = 0;
CREATE INDEX entry_of_projects ON entry(seq) WHERE substr(stream, 1, 12)='key-project/';
"""

_RIGHTS = """
CREATE FUNCTION nothing_is_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'ledger: nothing is changed or removed' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION entry_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), -1) + 1 FROM duban.entry) THEN
    RAISE EXCEPTION 'ledger: entries are dense and only added at the end'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.stream_seq IS DISTINCT FROM
     (SELECT coalesce(max(stream_seq), -1) + 1 FROM duban.entry WHERE stream = NEW.stream) THEN
    RAISE EXCEPTION 'ledger: a stream is dense and only added to at its end'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION item_is_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('sent', 'withheld') THEN
    RAISE EXCEPTION 'ledger: an item is settled once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_is_next BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_is_next();
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_is_next;
CREATE TRIGGER item_is_settled_once BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION item_is_settled_once();
ALTER TABLE outbox ENABLE ALWAYS TRIGGER item_is_settled_once;
GRANT USAGE ON SCHEMA duban TO duban_writer;
GRANT SELECT, INSERT
  ON entry, paper, outbox, refusal, acceptance, installation_clock, tile, checkpoint, cosignature TO duban_writer;
GRANT SELECT, UPDATE (size) ON head TO duban_writer;
GRANT UPDATE (state, digest_id, sent_at, reason) ON outbox TO duban_writer;
GRANT SELECT ON version TO duban_writer;
"""

_APPEND_ONLY = ("entry", "paper", "refusal", "acceptance", "installation_clock", "tile", "checkpoint", "cosignature")
_GUARDS = "".join(
    f"CREATE TRIGGER nothing_is_changed BEFORE {events} ON {table}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION nothing_is_changed();"
    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER nothing_is_changed;"
    for tables, events in ((_APPEND_ONLY, "UPDATE OR DELETE OR TRUNCATE"), (("outbox",), "DELETE OR TRUNCATE"))
    for table in tables
)

VERSIONS: tuple[str, ...] = (
    _ENTRIES + TABLES + _RIGHTS + _GUARDS + WRITER_TABLE,
    READ_MODELS,
)
"""What each version of the schema adds to the one before."""


def prepare_schema(
    connection: psycopg.Connection[tuple[object, ...]], place: str, *, as_it_stands: bool = False
) -> None:
    """Make the ledger's schema if there is none, and bring an older one up to date unless it is read `as_it_stands`.

    Raises:
        LedgerTooNewError: a newer version made the schema.
        psycopg.Error: the schema is not there, and this login may not make it.
    """
    found = schema_version(connection)
    if found > len(VERSIONS):
        raise LedgerTooNewError(place=place, found=found, known=len(VERSIONS))
    if found == len(VERSIONS) or (as_it_stands and found):
        return
    with connection.transaction():
        # Two processes that start at once: the second waits here and finds the work done.
        connection.execute("SELECT pg_advisory_xact_lock(4475478932)")
        found = schema_version(connection)
        if found == 0:
            connection.execute(_ROLES.encode())
        if found < len(VERSIONS):
            connection.execute("SET LOCAL ROLE duban_owner")
            connection.execute("SET LOCAL search_path TO duban, pg_catalog")
            connection.execute("CREATE TABLE IF NOT EXISTS version(number INT PRIMARY KEY)")
        for number, script in enumerate(VERSIONS[found:], start=found + 1):
            connection.execute(script.encode())
            connection.execute("INSERT INTO version VALUES (%s)", (number,))


def schema_version(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """The version of the schema that is there; 0 when there is none."""
    there = connection.execute("SELECT to_regclass('duban.version') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return 0
    row = connection.execute("SELECT coalesce(max(number), 0) FROM duban.version").fetchone()
    return int(str(row[0])) if row else 0
