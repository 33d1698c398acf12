"""What the PostgreSQL store guarantees beyond the contract: its roles, its guards, its failures, its neighbours."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.bundle_export import BundleExport, BundleExtras
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.record_state import faults
from adapters.ledger.transparency_log import TransparencyLog
from adapters.vault.folder_vault import FolderVault
from domain.errors import LedgerUnavailableError
from domain.record.ledger_errors import LedgerTooNewError
from tests.adapters.ledger.conftest import SteppedClock
from tests.adapters.ledger.samples import MORNING, STREAM, decision, paper, reminder
from verifier.bundle import bundle_at
from verifier.verify import verify

INSERT = (
    "INSERT INTO duban.entry(seq, event_id, stream, stream_seq, event_hash, leaf, leaf_hash)"
    " VALUES (%s, %s, %s, %s, decode(repeat('00', 32), 'hex'), '\\x01', sha256('\\x0001'))"
)


@pytest.fixture
def ledger(database: str, writer_clock: SteppedClock) -> Iterator[PostgresLedger]:
    """An empty ledger."""
    opened = PostgresLedger.open(database, writer_clock)
    yield opened
    opened.close()


@pytest.fixture
async def filled(ledger: PostgresLedger) -> PostgresLedger:
    """A ledger with three entries, a paper and its receipt."""
    await ledger.record(decision(reminder(0), reminder(1), papers=(paper(0),)))
    await ledger.settle(await ledger.claim("组织部", "d", MORNING), MORNING)
    return ledger


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("table", ["entry", "paper", "outbox", "refusal", "checkpoint"])
@pytest.mark.parametrize("statement", ["DELETE FROM duban.{}", "TRUNCATE duban.{} CASCADE"])
def test_not_even_the_owner_removes_by_mistake(database: str, table: str, statement: str) -> None:
    """The guards hold for the superuser too, also with replication's way around triggers."""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="ledger:"):
            owner.execute(statement.format(table).encode())


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE duban.entry SET stream = 'x'",
        "DELETE FROM duban.entry",
        "UPDATE duban.outbox SET addressee = 'x'",
        "DELETE FROM duban.outbox",
        "ALTER TABLE duban.entry DISABLE TRIGGER ALL",
        "DROP TABLE duban.entry",
    ],
)
def test_the_writer_role_may_only_add(database: str, statement: str) -> None:
    """Whoever writes has no right to change, remove, or take a guard away."""
    with psycopg.connect(database, autocommit=True) as writer:
        writer.execute("SET ROLE duban_writer")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            writer.execute(statement.encode())


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "entry",
    [(7, "new", "s", 0), (0, "new", "s", 0), (3, "new", STREAM, 4), (3, f"{STREAM}#1", "s", 0)],
    ids=["gap", "taken position", "gap in its stream", "known event"],
)
def test_an_entry_is_only_added_at_the_end_and_once(database: str, entry: tuple[int, str, str, int]) -> None:
    """Gaps and re-insertions are refused."""
    with psycopg.connect(database, autocommit=True) as owner, pytest.raises(psycopg.IntegrityError):
        owner.execute(INSERT, entry)


@pytest.mark.usefixtures("filled")
def test_a_leaf_hash_that_is_not_the_leafs_is_refused(database: str) -> None:
    """The database computes the hash itself."""
    with psycopg.connect(database, autocommit=True) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(INSERT.replace("'\\x01'", "'\\x02'"), (3, "new", "s", 0))


def test_an_entry_that_the_owner_hides_is_found(filled: PostgresLedger, database: str) -> None:
    """Who runs the database takes its guards away and lists an entry elsewhere; honest ones are as they say."""
    store = filled.log_store()
    assert (list(store.misplaced(0, store.size())), faults(store)) == ([], [])
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE duban.entry DISABLE TRIGGER ALL")
        owner.execute("UPDATE duban.entry SET stream = 'key-project/2018/77' WHERE seq = 1")

    assert list(store.misplaced(0, store.size())) == [1]
    assert faults(store) == ["第 1 条在库里所列的流程、序号或摘要与条目所写的不同"]


def test_the_roles_cannot_log_in(ledger: PostgresLedger, database: str) -> None:
    """Owner and writer are roles to be taken, not logins."""
    with psycopg.connect(database) as owner:
        rows = owner.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'duban%' AND rolcanlogin").fetchall()

    assert rows == []


@pytest.mark.usefixtures("ledger")
async def test_the_worker_needs_no_more_than_the_writer_role(database: str, writer_clock: SteppedClock) -> None:
    """A login that may only take the writer role opens the ledger that the administrator made, and records."""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("DO $$ BEGIN CREATE ROLE duban_worker LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        owner.execute("GRANT duban_writer TO duban_worker")

    worker = PostgresLedger.open(database.replace("//postgres:", "//duban_worker:"), writer_clock)
    await worker.record(decision(reminder(0), papers=(paper(0),)))

    assert [entry.stream_seq for entry in worker.entries()] == [0]
    worker.close()


async def test_two_writers_leave_one_dense_order(
    ledger: PostgresLedger, database: str, writer_clock: SteppedClock
) -> None:
    """Positions and numbers have no gap and no double, whoever writes."""
    other = PostgresLedger.open(database, writer_clock)
    await asyncio.gather(
        *(
            writer.record(
                decision(
                    reminder(0),
                    papers=(paper(0, milestone_id=f"2018-{number:02d}{letter}-01"),),
                    stream=f"key-project/2018/{number:02d}{letter}",
                )
            )
            for number in range(40)
            for letter, writer in (("a", ledger), ("b", other))
        )
    )

    assert [entry.position for entry in ledger.entries()] == list(range(80))
    assert [numbered.sequence for numbered in ledger.papers()] == list(range(1, 81))
    other.close()


def test_a_schema_of_a_newer_version_is_refused_and_left_alone(
    ledger: PostgresLedger, database: str, writer_clock: SteppedClock
) -> None:
    """An older program does not touch what it does not know."""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("INSERT INTO duban.version VALUES (99)")

    with pytest.raises(LedgerTooNewError, match="版本是99"):
        PostgresLedger.open(database, writer_clock)


@pytest.mark.usefixtures("filled")
def test_an_older_schema_is_read_as_it_stands_by_a_login_that_may_not_change_it(
    database: str, writer_clock: SteppedClock
) -> None:
    """The question before an upgrade is answered while the old program works, before an administrator sets it up."""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("DO $$ BEGIN CREATE ROLE duban_worker LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        owner.execute("GRANT duban_writer TO duban_worker")
        owner.execute("DROP TABLE duban.register_view; DELETE FROM duban.version WHERE number > 1")

    reader = PostgresLedger.open(database.replace("//postgres:", "//duban_worker:"), writer_clock, as_it_stands=True)

    assert [entry.stream_seq for entry in reader.entries(STREAM)] == [0, 1]
    assert reader.open_mail() == []
    reader.close()


async def test_a_server_that_cut_the_connection_is_a_clear_error_and_the_next_write_goes_on(
    filled: PostgresLedger, database: str
) -> None:
    """The caller may try again, nothing was written twice, and who reads is answered over a new connection."""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with pytest.raises(LedgerUnavailableError, match="台账数据库"):
        await filled.record(decision(reminder(2)))
    await filled.record(decision(reminder(2)))

    assert [entry.stream_seq for entry in filled.entries(STREAM)] == [0, 1, 2]


def test_an_absent_server_is_a_clear_error_without_a_password(writer_clock: SteppedClock) -> None:
    """The sentence says where it was looked for, and nothing secret."""
    with pytest.raises(LedgerUnavailableError, match=r"127\.0\.0\.1/ledger") as refused:
        PostgresLedger.open("postgresql://duban:hunter2@127.0.0.1:1/ledger?connect_timeout=2", writer_clock)

    assert "hunter2" not in str(refused.value)


async def test_a_log_on_postgres_gives_a_bundle_that_verifies(
    filled: PostgresLedger, tmp_path: Path, writer_clock: SteppedClock
) -> None:
    """Heads, proofs and bundles do not depend on the store."""
    store = filled.log_store()
    log = TransparencyLog(store, tmp_path / "keys", "duban.example/ledger", writer_clock)
    await log.open()
    await filled.record(decision(*(reminder(seq) for seq in range(2, 300))))
    await log.close_day()
    await filled.record(decision(reminder(300)))
    head = await log.seal()
    assert head is not None
    extras = BundleExtras("".join(f"log {key}\n" for key in log.vkeys()), {})

    place = BundleExport(log, store, FolderVault(tmp_path), FolderEvidence(tmp_path)).write(
        tmp_path / "bundle.tar", head, extras
    )

    with closing(bundle_at(place)) as bundle:
        report = verify(bundle)
    assert (report.codes(), report.size) == (set(), 305)


async def test_answers_come_while_another_thread_reads(filled: PostgresLedger) -> None:
    """Readers have connections of their own, from any thread."""
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(list(filled.entries())))) for _ in range(8)]
    for thread in threads:
        thread.start()
    await filled.record(decision(reminder(2)))
    for thread in threads:
        await asyncio.to_thread(thread.join)

    assert len(found) == 8
    assert set(found) <= {3, 4}
