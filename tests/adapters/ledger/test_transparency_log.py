"""What the transparency log guarantees: what it signs extends what it signed, and it keeps its key to itself."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.ledger.packing import packed, unpacked
from adapters.ledger.signed_notes import read_key
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.ledger.transparency_log import TransparencyLog
from domain.errors import LedgerUnavailableError
from domain.ids import record_name
from domain.record.leaf import HEADS_STREAM, LOG_STREAM, READINGS_STREAM
from domain.record.ledger_errors import (
    CosignatureRefusedError,
    LedgerForkError,
    LedgerLostError,
    NotInLedgerError,
    UnsafeKeyError,
)
from domain.record.own_entries import OwnEntry
from tests.adapters.ledger.conftest import SteppedClock
from tests.adapters.ledger.samples import STREAM, decision, reminder
from verifier.notes import checkpoint_from, key_from, signed_by
from verifier.proofs import consistency_from, inclusion_from
from verifier.tree import extends, includes, leaf_hash
from verifier.witness import Witness

ORIGIN = "duban.example/ledger"


class Logged:
    """A ledger and its log in one folder."""

    def __init__(self, folder: Path, clock: SteppedClock) -> None:
        self.folder = folder
        self.ledger = SqliteLedger.open(folder / "ledger.sqlite", clock)
        self.log = TransparencyLog(self.ledger.log_store(), folder / "keys", ORIGIN, clock)

    async def grow(self, *seqs: int) -> None:
        """Record some events."""
        await self.ledger.record(decision(*(reminder(seq) for seq in seqs)))


@pytest.fixture
async def logged(tmp_path: Path, writer_clock: SteppedClock) -> AsyncIterator[Logged]:
    """A log that was opened."""
    made = Logged(tmp_path, writer_clock)
    await made.log.open()
    yield made
    made.ledger.close()


async def test_the_first_entry_says_which_key_opened_the_log(logged: Logged) -> None:
    """Opening again adds nothing."""
    await logged.log.open()

    opened = [entry.event for entry in logged.ledger.entries()]
    assert [(event["stream"], event["type"]) for event in opened] == [(LOG_STREAM, "log.opened")]
    assert opened[0]["data"]["vkey"] == logged.log.vkeys()[0]


async def test_a_head_is_signed_over_everything_and_only_when_something_came_in(logged: Logged) -> None:
    """Sealing twice without an entry between makes one head."""
    await logged.grow(0, 1, 2)
    head = await logged.log.seal()
    assert head is not None
    assert await logged.log.seal() == head

    read = checkpoint_from(logged.log.head().encode())
    assert (read.origin, read.size) == (ORIGIN, 4)
    assert signed_by(read.note, key_from(logged.log.vkeys()[0]))
    assert len(logged.log.heads()) == 1


async def test_every_head_extends_the_one_before(logged: Logged) -> None:
    """The proofs that the log gives out are those that a witness accepts."""
    for seq in range(6):
        await logged.grow(seq)
        await logged.log.seal()
    heads = [checkpoint_from(note.encode()) for note in logged.log.heads()]

    for older in heads:
        proof = consistency_from(logged.log.witness_request(older.size).encode())
        assert extends(old_size=older.size, old_root=older.root, size=7, root=proof.checkpoint.root, proof=proof.hashes)


async def test_a_receipt_shows_that_an_event_stands_in_the_ledger(logged: Logged) -> None:
    """The person concerned can check it without the office."""
    await logged.grow(0, 1, 2)
    await logged.log.seal()

    receipt = inclusion_from(logged.log.receipt(f"{STREAM}#1").encode())

    leaf = logged.ledger.log_store().leaves(receipt.index, receipt.index + 1)[0]
    assert includes(
        leaf=leaf_hash(leaf),
        index=receipt.index,
        size=receipt.checkpoint.size,
        proof=receipt.hashes,
        root=receipt.checkpoint.root,
    )


async def test_no_receipt_for_what_no_head_covers(logged: Logged) -> None:
    """An event that was not recorded, or not signed for yet, has no receipt."""
    await logged.log.seal()
    await logged.grow(0)

    for event_id in (f"{STREAM}#0", "key-project/2018/99#0"):
        with pytest.raises(NotInLedgerError, match=record_name(event_id)):
            logged.log.receipt(event_id)


async def test_an_entry_that_was_changed_before_it_was_signed_is_not_signed(logged: Logged) -> None:
    """What goes under a head for the first time is hashed from its bytes."""
    await logged.grow(0)
    _meddle(
        logged, "UPDATE entry SET leaf = packed(replace(CAST(unpacked(leaf) AS TEXT), 'engine', 'nobody')) WHERE seq=1"
    )

    with pytest.raises(LedgerForkError, match="字节与其摘要不符"):
        await logged.log.seal()


async def test_a_rewritten_ledger_is_not_signed_again(logged: Logged) -> None:
    """Someone who changes a signed entry and its hash gets no new head."""
    await logged.grow(0, 1)
    await logged.log.seal()
    _meddle(logged, "UPDATE entry SET leaf_hash = zeroblob(32) WHERE seq = 1")
    await logged.grow(2)

    with pytest.raises(LedgerForkError, match="条目算出的不同"):
        await logged.log.seal()


async def test_a_head_of_entries_that_are_not_there_is_told(logged: Logged) -> None:
    """A head in the store that covers more than the store has: nothing is signed beside it."""
    await logged.grow(0, 1)
    await logged.log.seal()
    with closing(sqlite3.connect(logged.folder / "ledger.sqlite")) as store:
        store.execute("DROP TRIGGER checkpoint_is_never_updated")
        store.execute("UPDATE checkpoint SET size=99 WHERE size=(SELECT max(size) FROM checkpoint)")
        store.commit()

    with pytest.raises(LedgerForkError, match="台账只剩 3 条"):
        await logged.log.seal()


async def test_a_ledger_put_back_in_time_is_not_signed(tmp_path: Path, writer_clock: SteppedClock) -> None:
    """A backup that lacks what was signed is noticed by the head in the second place."""
    first = Logged(tmp_path, writer_clock)
    await first.log.open()
    await first.log.seal()
    first.ledger.close()
    backup = (tmp_path / "ledger.sqlite").read_bytes()
    second = Logged(tmp_path, writer_clock)
    await second.grow(0, 1)
    await second.log.seal()
    assert second.log.fork() is None
    assert second.log.fork(near=True) is None
    second.ledger.close()
    (tmp_path / "ledger.sqlite").write_bytes(backup)

    restored = Logged(tmp_path, writer_clock)
    fork = restored.log.fork()
    assert fork is not None
    assert "台账只剩 1 条" in fork.text
    assert str(restored.log.fork(near=True)) == str(fork)
    with pytest.raises(LedgerForkError, match="台账只剩 1 条"):
        await restored.log.seal()
    restored.ledger.close()


async def test_a_folder_put_back_whole_is_told_by_the_head_on_another_disk(
    tmp_path: Path, writer_clock: SteppedClock
) -> None:
    """The head beside the key went back in time too: once the other one was asked, who waits for no disk hears it."""
    folder, apart = tmp_path / "data", tmp_path / "apart"
    apart.mkdir()

    def opened() -> tuple[SqliteLedger, TransparencyLog]:
        ledger = SqliteLedger.open(folder / "ledger.sqlite", writer_clock)
        return ledger, TransparencyLog(ledger.log_store(), folder / "keys", ORIGIN, writer_clock, (apart,))

    for seqs in ((0,), (1, 2)):
        ledger, log = opened()
        await log.open()
        await ledger.record(decision(*map(reminder, seqs)))
        await log.seal()
        assert log.fork() is log.fork(near=True) is None
        ledger.close()
        if seqs == (0,):
            shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)

    ledger, log = opened()
    assert log.fork(near=True) is None
    fork = log.fork()
    assert "台账只剩 2 条" in str(fork)
    assert log.fork(near=True) is fork
    shutil.rmtree(apart)
    assert log.fork() is log.fork(near=True) is None
    ledger.close()


async def test_a_ledger_that_was_lost_is_not_begun_anew(tmp_path: Path, writer_clock: SteppedClock) -> None:
    """An empty file in its place, or none: nothing is written, the sentence says what was there and what to do."""
    first = Logged(tmp_path, writer_clock)
    await first.log.open()
    await first.grow(0, 1, 2)
    await first.log.seal()
    first.ledger.close()
    ledger = tmp_path / "ledger.sqlite"
    whole = ledger.read_bytes()
    ledger.unlink()

    again = Logged(tmp_path, writer_clock)
    with pytest.raises(LedgerLostError, match=r"表明它应有 \d+ 条.*duban restore"):
        await again.log.open()
    assert list(again.ledger.entries()) == []
    again.ledger.close()

    ledger.write_bytes(whole)
    found = Logged(tmp_path, writer_clock)
    await found.log.open()
    found.ledger.close()


async def test_the_key_is_for_its_owner_only(logged: Logged) -> None:
    """The file has mode 0600; with any other the log does not sign."""
    key = logged.folder / "keys" / "ledger.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o640)
    await logged.grow(0)

    with pytest.raises(UnsafeKeyError, match="chmod 600"):
        await logged.log.seal()


async def test_the_key_does_not_show_in_any_text(logged: Logged) -> None:
    """Neither the key's text form nor an error about it has the secret in it."""
    path = logged.folder / "keys" / "ledger.key"
    secret = path.read_text(encoding="utf-8").strip().split("+", 4)[4]  # base64 has plus signs itself
    shown = repr(read_key(path))
    path.write_text(path.read_text(encoding="utf-8").replace("PRIVATE", "BROKEN"), encoding="utf-8")
    with pytest.raises(UnsafeKeyError) as refused:
        read_key(path)

    assert secret not in shown + str(refused.value) + repr(refused.value.ids)


async def test_a_changed_key_is_an_entry_and_both_keys_sign_the_head_that_has_it(logged: Logged) -> None:
    """The change can be followed: the old key vouches for the new one, later heads carry the new one alone."""
    old = key_from(logged.log.vkeys()[0])
    await logged.log.rotate_key("年度更换")
    new = key_from(logged.log.vkeys()[1])
    change = checkpoint_from(logged.log.head().encode())
    await logged.grow(0)
    await logged.log.seal()
    later = checkpoint_from(logged.log.head().encode())

    assert (signed_by(change.note, old), signed_by(change.note, new)) == (True, True)
    assert (signed_by(later.note, old), signed_by(later.note, new)) == (False, True)
    assert [entry.type for entry in logged.ledger.entries(LOG_STREAM)] == ["log.opened", "key.rotated"]


async def test_a_day_that_grew_ends_with_the_count_of_every_stream_that_grew(
    logged: Logged, writer_clock: SteppedClock
) -> None:
    """A day without entries says nothing; a later day names only what grew."""
    await logged.grow(0, 1)
    await logged.ledger.record(decision(reminder(0), stream="key-project/2018/07"))
    await logged.log.close_day()
    writer_clock.move(timedelta(days=1))
    await logged.log.close_day()
    await logged.grow(2)
    await logged.log.close_day()

    said = [entry.event["data"] for entry in logged.ledger.entries(HEADS_STREAM)]
    assert [sorted(data["streams"]) for data in said] == [
        ["key-project/2018/05a", "key-project/2018/07", LOG_STREAM],
        ["key-project/2018/05a"],
    ]
    assert said[1]["streams"][STREAM][0] == 3
    assert [data["day"] for data in said] == ["2018-05-09", "2018-05-10"]


async def test_what_comes_while_a_day_is_closed_belongs_to_the_next(
    logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No count of a day goes beyond the position up to which the day is said: an auditor would call it a forgery."""
    await logged.grow(0)
    store = logged.log._store
    size = store.size()
    await logged.grow(1)
    with monkeypatch.context() as patch:
        patch.setattr(store, "size", lambda: size)
        await logged.log.close_day()
    await logged.log.close_day()

    said = [entry.event["data"]["streams"][STREAM][0] for entry in logged.ledger.entries(HEADS_STREAM)]
    assert said == [1, 2]


async def test_a_day_that_was_cut_before_its_last_entry_is_said_again(
    logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streams of the part that was not written are not left out for good."""
    monkeypatch.setattr("adapters.ledger.transparency_log._STREAMS_A_LEAF", 1)
    await logged.grow(0)
    store, parts = logged.log._store, 0
    append = store.append_own

    async def cut(entry: OwnEntry) -> None:
        nonlocal parts
        parts += 1
        if parts == 2:
            raise LedgerUnavailableError("away")
        await append(entry)

    monkeypatch.setattr(store, "append_own", cut)
    with pytest.raises(LedgerUnavailableError):
        await logged.log.close_day()
    await logged.log.close_day()

    said = [entry.event["data"] for entry in logged.ledger.entries(HEADS_STREAM)]
    assert [(each["part"], each["parts"]) for each in said] == [(1, 2), (1, 2), (2, 2)]
    assert {stream for each in said[1:] for stream in each["streams"]} == {STREAM, LOG_STREAM}


async def test_a_witnesss_line_is_kept_with_its_head(logged: Logged) -> None:
    """A line that is not the witness's is refused; the right one stands under the head from then on."""
    await logged.log.seal()
    witness = Witness(logged.folder / "witness")
    key = witness.create("audit.example", logged.log.vkeys())
    line = witness.cosign(logged.log.witness_request(0).encode(), 1_800_000_000)
    with pytest.raises(CosignatureRefusedError):
        await logged.log.add_cosignature(line.replace("audit", "other"), str(key))

    assert await logged.log.add_cosignature(line, str(key)) == 1
    assert logged.log.head().endswith(line)


async def test_a_kept_history_is_said_once(logged: Logged) -> None:
    """Keeping the same run again adds nothing; another run is another entry."""
    blob = {"sha256": "0" * 64, "size": 7, "name": "histories/key-project/2018/05a/r1.pb"}
    for run in ("r1", "r1", "r2"):
        await logged.log.keep_history(STREAM, run, {"events": 9, "build": "b"}, [blob])

    kept = [entry.event["data"]["run_id"] for entry in logged.ledger.entries(f"history/{STREAM}")]
    assert kept == ["r1", "r2"]


async def test_an_auditors_reading_is_an_entry(logged: Logged) -> None:
    """Each reading, also the same twice."""
    for _ in range(2):
        await logged.log.record_reading("auditor:王审计", "export")

    assert [entry.event["data"]["reader"] for entry in logged.ledger.entries(READINGS_STREAM)] == ["auditor:王审计"] * 2


def _meddle(logged: Logged, statement: str) -> None:
    """What someone with the file in hand does: take the guard away, change, put it back."""
    connection = sqlite3.connect(logged.folder / "ledger.sqlite")
    guard = connection.execute("SELECT sql FROM sqlite_schema WHERE name='entry_is_never_updated'").fetchone()[0]
    connection.execute("DROP TRIGGER entry_is_never_updated")
    connection.create_function("packed", 1, packed)
    connection.create_function("unpacked", 1, unpacked)
    connection.execute(statement)
    connection.execute(guard)
    connection.commit()
    connection.close()
