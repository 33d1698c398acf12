"""What the evidence store guarantees: the exact bytes under their hash, whole or not at all, never replaced."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.files.whole_file import write_pieces
from domain.errors import LedgerConflictError, LedgerUnavailableError
from domain.record.ledger_errors import ErasedEvidenceError, NotInLedgerError

MINUTES = b"%PDF minutes"
SHA256 = hashlib.sha256(MINUTES).hexdigest()


def files_of(folder: Path) -> list[Path]:
    """Every file under a folder, whatever its name."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_to_the_byte_under_its_hash(tmp_path: Path) -> None:
    """What is read back is what was given; the description says its hash, size and name."""
    store = FolderEvidence(tmp_path / "evidence")
    kept = await store.keep("会议纪要.pdf", MINUTES)

    assert (kept.sha256, kept.size, kept.name) == (SHA256, len(MINUTES), "会议纪要.pdf")
    assert store.has(SHA256)
    assert store.read(SHA256) == MINUTES


async def test_the_same_content_is_kept_once_whoever_shows_it(tmp_path: Path) -> None:
    """Again, under another name, and from many at the same time: one file, and no rest of a writer."""
    store = FolderEvidence(tmp_path)
    await asyncio.gather(*(store.keep(f"{number}.pdf", MINUTES) for number in range(20)))

    assert [path.name for path in files_of(tmp_path)] == [SHA256]


async def test_nobody_writes_a_kept_file_by_mistake(tmp_path: Path) -> None:
    """The file can only be read, by its owner and group; others see nothing."""
    await FolderEvidence(tmp_path / "evidence").keep("a", MINUTES)
    (path,) = files_of(tmp_path)

    assert stat.S_IMODE(path.stat().st_mode) & 0o337 == 0
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o007 == 0


async def test_a_kept_file_that_was_changed_is_never_covered_up(tmp_path: Path) -> None:
    """When the same evidence comes again and the kept bytes are not it any more, that is said, not mended."""
    store = FolderEvidence(tmp_path)
    await store.keep("a", MINUTES)
    (path,) = files_of(tmp_path)
    path.chmod(0o640)
    path.write_bytes(b"%PDF another")

    with pytest.raises(LedgerConflictError):
        await store.keep("a", MINUTES)

    assert path.read_bytes() == b"%PDF another"


@pytest.mark.parametrize("step", ["fsync", "replace"])
async def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A full disk at any step: one clear error, no file and no half of one; with room again it is kept."""
    store = FolderEvidence(tmp_path / "evidence")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os if step == "fsync" else Path, step, full)
        with pytest.raises(LedgerUnavailableError, match="佐证库"):
            await store.keep("a", MINUTES)
    assert files_of(tmp_path) == []

    await store.keep("a", MINUTES)
    assert store.read(SHA256) == MINUTES


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "0" * 63 + "/"])
def test_what_is_not_kept_is_not_found(tmp_path: Path, sha256: str) -> None:
    """Neither another hash nor a way out of the folder."""
    with pytest.raises(NotInLedgerError):
        FolderEvidence(tmp_path).read(sha256)


async def test_a_file_that_is_erased_while_it_comes_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order was given before the file had its name: it is refused, and nothing of it stays."""
    store, erasing = FolderEvidence(tmp_path), FolderEvidence(tmp_path)

    def written(path: Path, pieces: Iterable[bytes], mode: int) -> None:
        monkeypatch.undo()
        asyncio.run(erasing.erase(SHA256))
        write_pieces(path, pieces, mode)

    monkeypatch.setattr("adapters.evidence.folder_evidence.write_pieces", written)
    with pytest.raises(ErasedEvidenceError):
        await store.keep("会议纪要.pdf", MINUTES)
    assert not store.has(SHA256)


async def test_a_file_that_the_disk_does_not_give_back_is_no_missing_file(tmp_path: Path) -> None:
    """Who asks is told that the store is away and may ask again; nobody is told that it was never kept."""
    store = FolderEvidence(tmp_path)
    await store.keep("会议纪要.pdf", MINUTES)
    path = next(iter(files_of(tmp_path)))
    path.unlink()
    path.symlink_to(path.name)

    with pytest.raises(LedgerUnavailableError, match="读不出来"):
        store.read(SHA256)
