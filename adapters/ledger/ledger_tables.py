"""The tables of both kinds of ledger: papers, the outbox, what was taken and refused, tiles and heads of the log."""

from __future__ import annotations

_TABLES = """
CREATE TABLE paper(
  position {numbered},
  paper_id {ordered} NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  number TEXT NOT NULL,
  milestone_id TEXT,
  follows_seq {big} NOT NULL,
  document {long} NOT NULL
){strict};
CREATE TABLE outbox(
  item {numbered},
  paper_id {ordered} NOT NULL REFERENCES paper(paper_id),
  addressee TEXT NOT NULL,
  send_from {ordered} NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'sent', 'withheld')),
  digest_id TEXT,
  sent_at TEXT,
  reason TEXT,
  UNIQUE (paper_id, addressee)
){strict};
CREATE INDEX outbox_open ON outbox(addressee, state) WHERE state IN ('waiting', 'claimed');
CREATE INDEX outbox_sent ON outbox(addressee, item, paper_id) WHERE state='sent';
CREATE INDEX outbox_digest ON outbox(addressee, digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX paper_number ON paper(kind, year, sequence);
CREATE UNIQUE INDEX paper_own_number ON paper(kind, year, sequence) WHERE kind <> 'directive';
CREATE INDEX paper_milestone ON paper(milestone_id) WHERE milestone_id IS NOT NULL;
CREATE TABLE acceptance(
  position {numbered},
  accepted_at TEXT NOT NULL,
  stream TEXT NOT NULL,
  request_id TEXT NOT NULL,
  first INTEGER NOT NULL,
  events INTEGER NOT NULL,
  command TEXT NOT NULL,
  UNIQUE (stream, first)
){strict};
CREATE TABLE refusal(
  position {numbered},
  refused_at TEXT NOT NULL,
  stream TEXT NOT NULL,
  rule TEXT NOT NULL,
  text TEXT NOT NULL,
  command TEXT NOT NULL
){strict};
CREATE INDEX refusal_of_stream ON refusal(stream, refused_at);
CREATE TABLE installation_clock(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  clock TEXT NOT NULL
){strict};
CREATE TABLE tile(
  level INTEGER NOT NULL,
  idx {big} NOT NULL,
  hashes {blob} NOT NULL CHECK (length(hashes) = 8192),
  PRIMARY KEY (level, idx)
){strict};
CREATE TABLE checkpoint(
  size {big} PRIMARY KEY,
  root {blob} NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL,
  made_at TEXT NOT NULL
){strict};
CREATE TABLE cosignature(
  size {big} NOT NULL REFERENCES checkpoint(size),
  witness TEXT NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (size, witness)
){strict};
"""

# A long text is packed in a file (`packing.py`).
SQLITE = _TABLES.format(
    numbered="INTEGER PRIMARY KEY", ordered="TEXT", big="INTEGER", blob="BLOB", long="BLOB", strict=" STRICT"
)
POSTGRES = _TABLES.format(
    numbered="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    ordered='TEXT COLLATE "C"',  # in the order of its bytes, as the other store has it
    big="BIGINT",
    blob="BYTEA",
    long="TEXT",
    strict="",
)
