"""What the SQLite store guarantees beyond the contract: its file, its guards, its failures, its neighbours."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from adapters.backups.database_copy import copy_database
from adapters.ledger.leaf_bytes import leaf_hash
from adapters.ledger.packing import unpacked
from adapters.ledger.sqlite_ledger import SqliteLedger, SqliteReaders
from adapters.ledger.sqlite_schema import APPLICATION_ID, VERSIONS
from domain.errors import InputError, LedgerUnavailableError
from domain.record.ledger_errors import LedgerTooNewError, LedgerUnreadableError
from tests.adapters.ledger.conftest import SteppedClock
from tests.adapters.ledger.samples import MORNING, STREAM, decision, paper, reminder

ROOT = Path(__file__).parents[3]
INSERT = (
    "INTO entry(seq, event_id, stream, stream_seq, event_hash, leaf, leaf_hash)"
    " VALUES (:seq, :event_id, :stream, :stream_seq, zeroblob(32), x'00', zeroblob(32))"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger's file is."""
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path, writer_clock: SteppedClock) -> Iterator[SqliteLedger]:
    """An empty ledger."""
    opened = SqliteLedger.open(path, writer_clock)
    yield opened
    opened.close()


@pytest.fixture
async def tools(ledger: SqliteLedger, path: Path) -> AsyncIterator[sqlite3.Connection]:
    """A careless tool that has the file open for writing, with two entries and a paper in it."""
    await ledger.record(decision(reminder(0), reminder(1), papers=(paper(0),)))
    await ledger.settle(await ledger.claim("组织部", "d", MORNING), MORNING)
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


async def test_a_ledger_that_came_out_of_a_backup_keeps_a_log_again(
    ledger: SqliteLedger, path: Path, tmp_path: Path, writer_clock: SteppedClock
) -> None:
    """While somebody reads a restored file for long, what is decided is recorded, as before the backup."""
    await ledger.record(decision(reminder(0)))
    restored = tmp_path / "restored.sqlite"
    copy_database(path, restored)
    there = SqliteLedger.open(restored, writer_clock)
    reader = sqlite3.connect(restored, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    await asyncio.wait_for(there.record(decision(reminder(1))), 5)
    reader.close()
    there.close()


@pytest.mark.parametrize("table", ["entry", "paper", "outbox"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid"])
def test_nothing_that_was_kept_is_changed_or_removed(tools: sqlite3.Connection, table: str, statement: str) -> None:
    """The file refuses a tool that changes or removes an entry, a paper or a settled item."""
    with pytest.raises(sqlite3.IntegrityError, match="ledger:"):
        tools.execute(statement.format(table))


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize(
    "entry",
    [
        {"seq": 5, "event_id": "new", "stream": "s", "stream_seq": 0},
        {"seq": 0, "event_id": "new", "stream": "s", "stream_seq": 0},
        {"seq": 3, "event_id": "new", "stream": STREAM, "stream_seq": 4},
        {"seq": 3, "event_id": "new", "stream": STREAM, "stream_seq": 1},
        {"seq": 3, "event_id": f"{STREAM}#1", "stream": "s", "stream_seq": 0},
    ],
    ids=["gap", "taken position", "gap in its stream", "taken place in its stream", "known event"],
)
def test_an_entry_is_only_added_at_the_end_and_once(
    tools: sqlite3.Connection, verb: str, entry: dict[str, object]
) -> None:
    """Gaps and re-insertions are refused, and `OR REPLACE` is no way around."""
    with pytest.raises(sqlite3.IntegrityError, match="ledger:"):
        tools.execute(f"{verb} {INSERT}", entry)


async def test_the_kept_hash_is_the_leaf_hash_of_the_kept_bytes(tools: sqlite3.Connection) -> None:
    """Bytes and hash agree for every entry."""
    rows = tools.execute("SELECT leaf, leaf_hash FROM entry").fetchall()

    assert len(rows) == 3
    assert all(leaf_hash(unpacked(leaf)) == kept for leaf, kept in rows)


async def test_what_was_recorded_is_there_after_opening_again(
    path: Path, ledger: SqliteLedger, writer_clock: SteppedClock
) -> None:
    """Closing and opening changes nothing, and the stream goes on."""
    await ledger.record(decision(reminder(0)))
    ledger.close()

    again = SqliteLedger.open(path, writer_clock)
    await again.record(decision(reminder(0), reminder(1)))

    assert [entry.stream_seq for entry in again.entries()] == [0, 1]
    again.close()


async def test_a_closed_ledger_is_one_whole_file(path: Path, ledger: SqliteLedger) -> None:
    """A copy of the one file is a backup: no write-ahead log is left beside it."""
    await ledger.record(decision(reminder(0)))
    list(ledger.entries())

    ledger.close()

    assert not path.with_name(path.name + "-wal").exists()


async def test_a_closed_ledger_says_so(ledger: SqliteLedger) -> None:
    """Recording after the end is a clear error, not a wait for ever."""
    ledger.close()

    with pytest.raises(LedgerUnavailableError, match="已经关闭"):
        await ledger.record(decision(reminder(0)))


async def test_closing_answers_those_who_wait(ledger: SqliteLedger) -> None:
    """What was queued when the ledger was closed is kept and acknowledged."""
    waiting = [asyncio.ensure_future(ledger.record(decision(reminder(0), stream=f"s/{n}"))) for n in range(50)]
    await asyncio.sleep(0)

    ledger.close()
    await asyncio.gather(*waiting)

    assert len(ledger.streams()) == 50


def test_a_file_of_a_newer_version_is_refused_and_left_alone(path: Path, writer_clock: SteppedClock) -> None:
    """An older program does not touch what it does not know."""
    SqliteLedger.open(path, writer_clock).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(LedgerTooNewError, match="版本是99") as refused:
        SqliteLedger.open(path, writer_clock)

    assert isinstance(refused.value, InputError)
    assert path.read_bytes() == before


def test_a_file_that_is_no_ledger_is_refused_and_left_alone(path: Path, writer_clock: SteppedClock) -> None:
    """Neither a text nor another program's database becomes a ledger."""
    path.write_text("不是数据库" * 100, encoding="utf-8")
    with pytest.raises(LedgerUnreadableError):
        SqliteLedger.open(path, writer_clock)
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other(x)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(LedgerUnreadableError, match="别的程序"):
        SqliteLedger.open(path, writer_clock)

    assert path.read_bytes() == before


async def test_a_full_disk_is_a_clear_error_and_nothing_is_lost_when_room_returns(
    ledger: SqliteLedger,
) -> None:
    """The caller is told, the ledger stays as it was, and the same decision is kept when there is room."""
    await ledger.record(decision(reminder(0)))
    assert ledger._connection is not None
    await _on_the_writing_thread(ledger, "PRAGMA max_page_count=1")
    long = decision(*(reminder(seq, cause=token_hex(5_000)) for seq in range(1, 40)))

    with pytest.raises(LedgerUnavailableError, match="磁盘已满"):
        await ledger.record(long)
    assert len(list(ledger.entries())) == 1

    await ledger.record(long)
    assert len(list(ledger.entries())) == 40


async def test_a_file_that_could_only_be_read_is_opened_anew_by_everybody(ledger: SqliteLedger) -> None:
    """SQLite takes a file for read-only as long as one connection has it open that found it so: none is kept."""
    await ledger.record(decision(reminder(0)))
    assert len(list(ledger.entries())) == 1
    await _on_the_writing_thread(ledger, "PRAGMA query_only=1")
    with pytest.raises(LedgerUnavailableError, match="只读的"):
        await ledger.record(decision(reminder(1)))
    assert isinstance(ledger._readers, SqliteReaders)
    assert ledger._readers._idle.empty()
    await ledger.record(decision(reminder(1)))
    assert len(list(ledger.entries())) == 2


async def test_a_locked_file_is_a_clear_error(
    path: Path, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When another program holds the file for too long, the caller is told who must end."""
    await ledger.record(decision(reminder(0)))
    await _on_the_writing_thread(ledger, "PRAGMA busy_timeout=20")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(LedgerUnavailableError, match="被另一进程占用"):
        await ledger.record(decision(reminder(1)))

    other.close()
    await ledger.record(decision(reminder(1)))
    assert len(list(ledger.entries())) == 2


async def test_readers_see_what_another_process_wrote(
    path: Path, ledger: SqliteLedger, writer_clock: SteppedClock
) -> None:
    """A command reads while the worker writes; neither waits for the other."""
    reading = SqliteLedger.open(path, writer_clock)
    assert list(reading.entries()) == []

    await ledger.record(decision(reminder(0)))

    assert [entry.event_id for entry in reading.entries()] == [f"{STREAM}#0"]
    assert reading._connection is None
    reading.close()


def test_two_writing_processes_leave_one_dense_order(path: Path, writer_clock: SteppedClock) -> None:
    """Positions and numbers have no gap and no double, whoever writes."""
    SqliteLedger.open(path, writer_clock).close()
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from adapters.clock import system_clock\n"
        "from adapters.ledger.sqlite_ledger import SqliteLedger\n"
        "from tests.adapters.ledger.samples import decision, paper, reminder\n"
        "async def main(path, letter):\n"
        "    ledger = SqliteLedger.open(Path(path), system_clock.now)\n"
        "    for n in range(60):\n"
        "        made = paper(0, milestone_id=f'2018-{n:02d}{letter}-01')\n"
        "        stream = f'key-project/2018/{n:02d}{letter}'\n"
        "        await ledger.record(decision(reminder(0), papers=(made,), stream=stream))\n"
        "    ledger.close()\n"
        "asyncio.run(main(*sys.argv[1:]))\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(path), letter], cwd=ROOT) for letter in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]

    ledger = SqliteLedger.open(path, writer_clock)
    assert [entry.position for entry in ledger.entries()] == list(range(120))
    assert [numbered.sequence for numbered in ledger.papers()] == list(range(1, 121))
    ledger.close()


async def test_a_ledger_serves_several_event_loops(ledger: SqliteLedger) -> None:
    """Callers of other threads are answered on their own loop."""
    outcomes: list[None] = []

    def call() -> None:
        asyncio.run(ledger.record(decision(reminder(0), stream="key-project/2018/09")))
        outcomes.append(None)

    thread = threading.Thread(target=call)
    thread.start()
    await ledger.record(decision(reminder(0)))
    await asyncio.to_thread(thread.join)

    assert outcomes == [None]
    assert len(ledger.streams()) == 2


async def _on_the_writing_thread(ledger: SqliteLedger, statement: str) -> None:
    """Run a statement on the writing connection, on the thread that owns it, before its next transaction."""
    done = threading.Event()
    write = ledger._writer._write

    def write_after_statement(works: object) -> object:
        if not done.is_set():
            done.set()
            ledger._writing().execute(statement)
        return write(works)  # type: ignore[arg-type]

    ledger._writer._write = write_after_statement  # type: ignore[assignment]


async def test_an_older_file_is_brought_up_to_date_without_touching_a_leaf(
    path: Path, writer_clock: SteppedClock
) -> None:
    """A file of the first version gets what it lacks; its entries and hashes stay to the byte, and it goes on."""
    await _first_version_with_entries(path, writer_clock)
    before = _leaves(path)

    ledger = SqliteLedger.open(path, writer_clock)
    await ledger.record(decision(reminder(2)))

    assert _leaves(path)[:2] == before
    assert ledger.log_store().checkpoints() == []
    assert [entry.stream_seq for entry in ledger.entries()] == [0, 1, 2]
    ledger.close()


async def test_an_older_file_that_is_read_as_it_stands_stays_so(path: Path, writer_clock: SteppedClock) -> None:
    """The question before an upgrade is answered from it, and the program that works on it can start again."""
    await _first_version_with_entries(path, writer_clock)
    ledger = SqliteLedger.open(path, writer_clock, as_it_stands=True)
    assert [entry.stream_seq for entry in ledger.entries()] == [0, 1]
    assert (ledger.streams(), ledger.open_mail()) == ([STREAM], [])
    ledger.close()
    still = sqlite3.connect(path)
    assert still.execute("PRAGMA user_version").fetchone() == (1,)
    still.close()


def test_what_an_earlier_build_kept_stays_and_what_it_derived_is_derived_again(
    path: Path, writer_clock: SteppedClock
) -> None:
    """A paper in plain text is read, and guarded as before; nothing is left of the rows once this build opened it."""
    kept = paper(0, "urge")
    earlier = _file_of(path, len(VERSIONS) - 1)
    earlier.execute(
        "INSERT INTO paper(paper_id, kind, year, sequence, number, follows_seq, document)"
        " VALUES (?,'urge',2018,1,'a',0,?)",
        (kept.paper_id, kept.model_dump_json().encode()),
    )
    earlier.execute(
        "INSERT INTO outbox(paper_id, addressee, send_from, state) VALUES (?,'组织部','','waiting')", [kept.paper_id]
    )
    earlier.execute("CREATE TABLE register_view(project_id TEXT PRIMARY KEY, view TEXT)")
    earlier.execute("INSERT INTO register_view VALUES ('2018-05a', 'as an earlier build had it')")
    earlier.close()

    ledger = SqliteLedger.open(path, writer_clock)
    assert [each.paper for each in ledger.papers()] == [kept]
    assert ledger.register().views(["2018-05a"]) == {}
    ledger.close()

    now = sqlite3.connect(path)
    assert now.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(sqlite3.IntegrityError, match="ledger:"):
        now.execute("UPDATE paper SET number='b'")
    now.close()


async def _first_version_with_entries(path: Path, writer_clock: SteppedClock) -> None:
    ledger = SqliteLedger.open(path.with_name("newest.sqlite"), writer_clock)
    await ledger.record(decision(reminder(0), reminder(1)))
    ledger.close()
    old = _file_of(path, 1)
    old.execute("ATTACH ? AS newest", (str(path.with_name("newest.sqlite")),))
    old.execute("INSERT INTO entry SELECT * FROM newest.entry ORDER BY seq")
    old.close()


def _file_of(path: Path, version: int) -> sqlite3.Connection:
    """A file as a build of some version made it."""
    file = sqlite3.connect(path, isolation_level=None)
    file.executescript(
        f"{''.join(VERSIONS[:version])}PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={version};"
    )
    return file


def _leaves(path: Path) -> list[tuple[bytes, bytes]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT leaf, leaf_hash FROM entry ORDER BY seq").fetchall()
    connection.close()
    return rows
