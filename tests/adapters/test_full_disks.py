"""A full disk at each place in turn: what stops, what says so, and that it goes on by itself when there is room."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from activities.failures import told_to_the_engine
from adapters.backups.database_copy import DatabaseNotCopiedError
from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.notifications.file_notifier import FileNotifier
from adapters.vault.folder_vault import FolderVault
from application.engine_room import loops
from application.engine_room.loops import Beside, kept_going
from application.office.backing_up import NotBackedUpError, NotEmptyError, back_up, restore
from application.settings import Settings
from domain.errors import LedgerUnavailableError
from domain.ids import event_id_for
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper
from entrypoints.bootstrap import backup_tools
from entrypoints.cli.main import called
from tests.adapters.ledger.samples import MORNING, STREAM, decision, paper, reminder
from tests.small_disk import SmallDisk, small_disk
from tests.told import Told

ORIGIN = "duban.local/ledger"


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
    assert "读写不了" in told.err
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
    with disk.full(), pytest.raises((NotBackedUpError, DatabaseNotCopiedError), match="磁盘"):
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
