"""A full disk at each place in turn: what stops, what says so, and that it goes on by itself when there is room."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from activities.failures import told_to_the_engine
from adapters.accounts.sqlite_accounts import SqliteAccounts
from adapters.backups.database_copy import DatabaseNotCopiedError
from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.last_head import LastHead
from adapters.ledger.signed_notes import new_key, read_key, write_key
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.notifications.file_notifier import FileNotifier
from adapters.vault.folder_vault import FolderVault
from application.engine_room import loops
from application.engine_room.build import build_id, worked_last, works_now
from application.engine_room.data_folder import prepare_data_folder
from application.engine_room.loops import Beside, kept_going
from application.office.backing_up import NotBackedUpError, NotEmptyError, back_up, restore
from application.office.register import RegisterDesk
from application.settings import Settings
from domain.accounts.lock_outs import HourlySum
from domain.errors import InputError, LedgerUnavailableError
from domain.ids import event_id_for, supervision_workflow_id
from domain.papers.delivery import MessageHandedOver, delivery_stream
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper
from domain.ports.accounts import AccountRows
from domain.ports.ledger import Decision
from domain.ports.register import ProjectQuery
from domain.record.ledger_errors import UnsafeKeyError
from entrypoints.bootstrap.backing_up import backup_tools
from entrypoints.cli.main import called
from tests.adapters.ledger.samples import MORNING, STREAM, decision, paper, reminder
from tests.architecture.tree import ROOT
from tests.domain.samples import PROJECT, Desk
from tests.small_disk import SmallDisk, small_disk
from tests.told import Told

ORIGIN = "duban.local/ledger"
STREAM_OF_THE_DESK = supervision_workflow_id(PROJECT)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of a megabyte and a half."""
    with small_disk(tmp_path / "disk", 1_536) as made:
        yield made


def now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def numbered(number: int) -> NumberedPaper:
    """A paper with its number."""
    return NumberedPaper(number=f"催办〔2018〕{number}号", sequence=number, paper=paper(number, "urge"))


def files_in(folder: Path) -> set[str]:
    """Everything below a folder, halves of files with it."""
    return {path.name for path in folder.rglob("*") if path.is_file() and path.name != "filler"}


async def test_the_ledger_takes_the_same_decision_when_there_is_room(disk: SmallDisk) -> None:
    """While the disk is full each append is refused with a sentence; the same one is kept afterwards, once."""
    ledger = SqliteLedger.open(disk.folder / "ledger.db", now)
    await ledger.record(decision(reminder(0)))
    with disk.full():
        for _ in range(2):
            with pytest.raises(LedgerUnavailableError, match=r"磁盘|不能写入"):
                await ledger.record(decision(*(reminder(number) for number in range(1, 300))))

    await ledger.record(decision(*(reminder(number) for number in range(1, 300))))

    assert [entry.stream_seq for entry in ledger.entries(STREAM)] == list(range(300))
    ledger.close()


async def test_sealing_goes_on_when_there_is_room_for_the_head(
    disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each failed pass is a line of the log, how much is unsigned can be asked for, and heads follow by themselves."""
    keys, told = disk.folder / "keys", Told()
    monkeypatch.setattr(loops, "_log", told)
    ledger = SqliteLedger.open(tmp_path / "ledger.db", now)
    log = LedgerAuditLog(
        ledger.log_store(), FolderVault(tmp_path), FolderEvidence(tmp_path / "evidence"), keys, ORIGIN, now
    )
    await log.open()
    await log.seal()
    first = log.heads()
    sealing = asyncio.create_task(
        kept_going(Beside("sealing", 0.01, log.seal_what_came, after_failure=0.01)), name="sealing"
    )
    with disk.full():
        await ledger.record(decision(reminder(0)))
        await asyncio.sleep(0.5)
        waiting, during = log.unsigned(), log.heads()
    async with asyncio.timeout(20):
        while log.unsigned().entries:  # noqa: ASYNC110 - the sealing has nobody to tell
            await asyncio.sleep(0.01)
    sealing.cancel()
    await asyncio.gather(sealing, return_exceptions=True)
    ledger.close()

    assert during == first
    assert (waiting.entries, waiting.oldest_at is not None, waiting.signed_at is not None) == (1, True, True)
    assert len(told.lines) >= 2
    assert set(told.events()) == {"beside_failed"}


async def test_a_document_is_produced_when_there_is_room(disk: SmallDisk) -> None:
    """The engine hears a sentence and tries again; no half of a document is left, and the whole one comes."""
    store = DocxDocumentStore(disk.folder / "papers")
    await store.produce(numbered(1))
    before = files_in(disk.folder)
    with disk.full(), pytest.raises(ApplicationError, match="不能读写") as refused, told_to_the_engine():
        await store.produce(numbered(2))

    assert not refused.value.non_retryable
    assert files_in(disk.folder) == before
    place = await store.produce(numbered(2))
    assert {Path(file.name).name for file in await store.kept(place)} == files_in(disk.folder) - before


async def test_a_digest_is_delivered_once_when_there_is_room(disk: SmallDisk) -> None:
    """The same for the letters: refused whole, then delivered whole."""
    notifier = FileNotifier(disk.folder / "outbox")
    digest = Digest(digest_id="组织部/2018-05-09T090000", addressee="组织部", items=(numbered(1),))
    with disk.full(), pytest.raises(ApplicationError, match="不能读写"), told_to_the_engine():
        await notifier.deliver(digest, {}, MORNING)
    assert files_in(disk.folder) == set()

    files = [await notifier.deliver(digest, {}, MORNING) for _ in range(2)]

    assert files[0] == files[1]
    assert files_in(disk.folder) == {"2018-05-09T090000.txt", "2018-05-09T090000.json"}


async def test_evidence_and_histories_are_kept_when_there_is_room(disk: SmallDisk) -> None:
    """A file that does not fit is refused with a sentence and leaves nothing; afterwards it is kept."""
    evidence, vault = FolderEvidence(disk.folder / "evidence"), FolderVault(disk.folder / "vault")
    content = b"x" * 200_000
    with disk.full():
        with pytest.raises(LedgerUnavailableError, match="佐证库"):
            await evidence.keep("纪要.pdf", content)
        with pytest.raises(LedgerUnavailableError, match="历史库"):
            await vault.keep(STREAM, "run", content, b"{}")
    assert files_in(disk.folder) == set()

    kept = await evidence.keep("纪要.pdf", content)
    await vault.keep(STREAM, "run", content, b"{}")

    assert evidence.read(kept.sha256) == content
    assert vault.has(STREAM, "run")


def test_a_verification_says_that_the_temporary_folder_is_full(
    disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, no traceback; the same command works when there is room."""
    data = tmp_path / "data"
    data.mkdir()

    async def fill() -> None:
        ledger = SqliteLedger.open(data / "ledger.db", now)
        await ledger.record(decision(reminder(0)))
        ledger.close()

    asyncio.run(fill())
    monkeypatch.setattr("tempfile.tempdir", str(disk.folder))
    monkeypatch.setenv("DUBAN_LOG_LEVEL", "error")
    with disk.full():
        status = called(["audit", "verify", "--data", str(data)])
    told = capsys.readouterr()

    assert status != 0
    assert "写不进去" in told.err
    assert "Traceback" not in told.err
    assert called(["audit", "verify", "--data", str(data)]) == 0


def test_a_backup_onto_a_full_disk_leaves_nothing_and_a_restore_neither(disk: SmallDisk, tmp_path: Path) -> None:
    """Both say so in a sentence, both succeed when there is room."""
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()

    async def fill() -> None:
        ledger = SqliteLedger.open(settings.ledger_file, now)
        stores = (FolderVault(tmp_path), FolderEvidence(tmp_path / "evidence"))
        log = LedgerAuditLog(ledger.log_store(), *stores, settings.keys_folder, ORIGIN, now)
        await log.open()
        await ledger.record(decision(reminder(0), papers=(paper(0, "urge"),)))
        await log.seal()
        ledger.close()

    asyncio.run(fill())
    place, elsewhere = disk.folder / "backup", Settings(data=disk.folder / "restored")
    tools = backup_tools(settings)
    with disk.full(), pytest.raises((NotBackedUpError, DatabaseNotCopiedError), match=r"磁盘(已满|读写出错)|文件太大"):
        back_up(settings, tools, place, None, (), now())
    assert files_in(disk.folder) == set()
    back_up(settings, tools, place, None, (), now())
    with disk.full(), pytest.raises((NotBackedUpError, LedgerUnavailableError)):
        restore(elsewhere, backup_tools(elsewhere), place, None, ())
    assert files_in(disk.folder) == {"backup"}

    done = restore(elsewhere, backup_tools(elsewhere), place, None, ())

    assert done.generation is not None
    assert event_id_for(STREAM, 0) in {
        entry.event_id for entry in SqliteLedger.open(elsewhere.ledger_file, now).entries()
    }


def test_a_key_that_does_not_fit_leaves_no_half_of_one(disk: SmallDisk) -> None:
    """The log's key, its next one and the doors': nothing is there, and the same is made whole when there is room."""
    keys = disk.folder / "keys"
    keys.mkdir()
    for name in ("ledger.key", "ledger.key.next", "door-shell.key"):
        with disk.full(), pytest.raises(OSError, match=r"No space|too large") as refused:
            write_key(keys / name, new_key(ORIGIN))
        assert str(refused.value.filename) == str(keys / name)
    assert files_in(keys) == set()

    made = [new_key(ORIGIN), new_key("door-shell")]
    write_key(keys / "ledger.key", made[0])
    write_key(keys / "door-shell.key", made[1])

    assert [read_key(keys / name).vkey for name in ("ledger.key", "door-shell.key")] == [each.vkey for each in made]
    with pytest.raises(UnsafeKeyError, match="不能覆盖"):
        write_key(keys / "ledger.key", made[1])
    assert files_in(keys) == {"ledger.key", "door-shell.key"}


def test_a_data_folder_that_could_not_be_marked_is_marked_when_there_is_room(disk: SmallDisk) -> None:
    """An empty mark would be the mark of no format, and the folder would never open again."""
    settings = Settings(data=disk.folder / "data")
    settings.data.mkdir()
    with disk.full(), pytest.raises(InputError, match="不能使用"):
        prepare_data_folder(settings)
    assert files_in(settings.data) == set()
    with disk.full(), pytest.raises(OSError, match=r"No space|too large") as refused:
        works_now(settings.data)
    assert str(refused.value.filename).startswith(str(settings.data))  # or the sentence names no place
    assert worked_last(settings.data) is None

    prepare_data_folder(settings)
    prepare_data_folder(settings)
    works_now(settings.data)

    assert files_in(settings.data) == {"format.json", "build"}
    assert worked_last(settings.data) == build_id()


async def test_accounts_take_the_same_change_when_there_is_room(disk: SmallDisk) -> None:
    """Refused with a sentence, kept once afterwards; what was there before is there."""
    store = SqliteAccounts(disk.folder / "accounts.db")
    await store.change(lambda rows: rows.put(HourlySum(key="before", failed=1)))
    large = [HourlySum(key=f"{number:03d}" * 100, failed=number) for number in range(1_000)]

    def put_all(rows: AccountRows) -> None:
        for each in large:
            rows.put(each)

    with disk.full():
        for _ in range(2):
            with pytest.raises(LedgerUnavailableError, match="账号库"):
                await store.change(put_all)

    await store.change(put_all)

    assert await store.read(lambda rows: rows.count(HourlySum)) == len(large) + 1
    store.close()


async def test_the_register_is_behind_on_a_full_disk_and_catches_up(disk: SmallDisk) -> None:
    """Rows that do not fit are none, it says that it is behind, and the same look brings them when there is room."""
    ledger = SqliteLedger.open(disk.folder / "ledger.db", now)
    register, life = ledger.register(), Desk()
    desk = RegisterDesk(ledger, register, lambda: life.now)
    await ledger.record(Decision(stream=STREAM_OF_THE_DESK, events=tuple(life.events)))
    with disk.full():
        with pytest.raises(LedgerUnavailableError):
            await desk.follow()
        standing = await desk.current(patience=0.5)
    assert standing.behind == len(life.events)

    assert (await desk.current()).complete
    assert [row.project_id for row in register.projects(ProjectQuery()).rows] == [PROJECT]
    ledger.close()


async def test_a_message_on_its_way_is_written_down_when_there_is_room(disk: SmallDisk) -> None:
    """What becomes of a message stands in the ledger: refused with a sentence, then there once."""
    ledger = SqliteLedger.open(disk.folder / "ledger.db", now)
    store = ledger.log_store()
    at_once = {"occurred_at": MORNING, "decided_at": MORNING, "actor": "engine", "cause": "courier", "attempt": 1}
    handed_over = [
        MessageHandedOver.model_validate({**at_once, "seq": number, "message_id": f"m{number}", "channel": "x" * 400})
        for number in range(300)
    ]
    with disk.full(), pytest.raises(LedgerUnavailableError, match=r"磁盘|不能写入"):
        await store.append_next(delivery_stream("组织部"), handed_over)

    await store.append_next(delivery_stream("组织部"), handed_over)

    assert len(list(store.leaves_of(delivery_stream("组织部")))) == len(handed_over)
    ledger.close()


async def test_a_full_second_place_of_the_head_holds_up_nothing_and_is_told(
    disk: SmallDisk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The head is signed all the same, the line names the place, and the next head is kept there again."""
    head = LastHead(tmp_path / "last-head", (disk.folder,))
    with disk.full():
        head.keep(a_head(1))
    assert [(each.name, each.getMessage()) for each in caplog.records] == [("duban.audit", "guard_not_kept")]
    assert str(disk.folder) in vars(caplog.records[0])["place"]
    assert [each.size for each in head.read()] == [1]

    head.keep(a_head(2))

    assert [each.size for each in head.read()] == [2, 2]


def a_head(size: int) -> str:
    """A note of the form of a head."""
    return f"{ORIGIN}\n{size}\n{base64.b64encode(bytes(32)).decode()}\n\n— {ORIGIN} AAAA\n"


FULL = {
    "ledger_file": [
        "test_the_ledger_takes_the_same_decision_when_there_is_room",
        "test_the_register_is_behind_on_a_full_disk_and_catches_up",
        "test_a_message_on_its_way_is_written_down_when_there_is_room",
    ],
    "accounts_file": ["test_accounts_take_the_same_change_when_there_is_room"],
    "keys_folder": [
        "test_sealing_goes_on_when_there_is_room_for_the_head",
        "test_a_key_that_does_not_fit_leaves_no_half_of_one",
    ],
    "payload_keys_file": ["tests/adapters/engine_keys/test_full_disk.py"],
    "made_payload_keys_file": ["tests/adapters/engine_keys/test_full_disk.py"],
    "guards": ["test_a_full_second_place_of_the_head_holds_up_nothing_and_is_told"],
    "vault_folder": ["test_evidence_and_histories_are_kept_when_there_is_room"],
    "evidence_folder": ["test_evidence_and_histories_are_kept_when_there_is_room"],
    "papers_folder": ["test_a_document_is_produced_when_there_is_room"],
    "outbox_folder": ["test_a_digest_is_delivered_once_when_there_is_room"],
    "engine_folder": ["tests/application/engine_room/test_full_engine.py"],
    "log_file": ["tests/entrypoints/test_log_setup.py"],
    "data": ["test_a_data_folder_that_could_not_be_marked_is_marked_when_there_is_room"],
    "the temporary folder": ["test_a_verification_says_that_the_temporary_folder_is_full"],
    "a backup": ["test_a_backup_onto_a_full_disk_leaves_nothing_and_a_restore_neither"],
}
"""Each place of an installation, and the tests that fill its disk."""


def test_every_place_of_an_installation_has_a_test_that_fills_its_disk() -> None:
    """A folder or a file that the settings name later fails here until it has one."""
    places = {
        name
        for name, value in vars(Settings).items()
        if isinstance(value, property) and name.endswith(("_folder", "_file"))
    }
    assert places | {"guards", "data", "the temporary folder", "a backup"} == FULL.keys()
    for test in (test for tests in FULL.values() for test in tests):
        assert test in globals() or (ROOT / test).exists(), test


def test_a_restore_that_was_killed_is_simply_given_again(tmp_path: Path) -> None:
    """What it had staged by then is cleared away; anything else in the folder still refuses."""
    settings, again = Settings(data=tmp_path / "data"), Settings(data=tmp_path / "again")
    settings.data.mkdir()
    (settings.data / "letter.txt").write_text("kept", encoding="utf-8")
    back_up(settings, backup_tools(settings), tmp_path / "backup", None, (), now())
    (again.data / ".restoring-1234" / "data").mkdir(parents=True)

    done = restore(again, backup_tools(again), tmp_path / "backup", None, ())

    assert (done.files, done.generation) == (1, None)
    assert [path.name for path in again.data.iterdir()] == ["letter.txt"]
    with pytest.raises(NotEmptyError):
        restore(again, backup_tools(again), tmp_path / "backup", None, ())
