"""One data folder is one office: a copy does not go on with the original's year under the original's keys."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from application.engine_room.data_folder import (
    PLACE,
    FolderCopiedError,
    adopt,
    must_be_the_original,
    prepare_data_folder,
)
from application.settings import Settings
from domain.errors import InputError
from domain.evidence import EvidenceFile
from domain.record.own_entries import OwnEntry
from entrypoints.bootstrap import open_records


@pytest.fixture
def original(tmp_path: Path) -> Settings:
    """A data folder that was worked in."""
    settings = Settings(data=tmp_path / "原目录")
    prepare_data_folder(settings)
    must_be_the_original(settings)
    return settings


def test_a_copied_folder_is_not_worked_in(original: Settings, tmp_path: Path) -> None:
    """The sentence names the original and both ways on; the copy stays as it was, and the original goes on."""
    shutil.copytree(original.data, tmp_path / "copy")
    copy = Settings(data=tmp_path / "copy")
    before = (copy.data / PLACE).read_bytes()
    with pytest.raises(FolderCopiedError, match=r"duban restore.*duban engine adopt") as refused:
        must_be_the_original(copy)
    assert str(original.data) in refused.value.text
    assert (copy.data / PLACE).read_bytes() == before
    must_be_the_original(original)


async def test_nothing_is_signed_or_recorded_in_a_copied_folder(original: Settings, tmp_path: Path) -> None:
    """A head of the copy's own, which goes to the guard's places too, would stop the original's signing."""
    guarded = original.model_copy(update={"guard": str(tmp_path)})
    with open_records(guarded) as records:
        await records.log.open()
        await records.doors.open()
        await records.log.seal()
    copy = guarded.model_copy(update={"data": Path(shutil.copytree(original.data, tmp_path / "copy"))})
    kept = {path: path.read_bytes() for path in (tmp_path / "copy" / "keys").iterdir()}

    with open_records(copy) as records:
        before = [entry.event_id for entry in records.ledger.entries()]
        await records.log.open()
        await records.log.record_reading("审计员", "audit verify")
        await records.log.seal()
        for change in (
            records.log.rotate_key("例行更换"),
            records.doors.change("desk", "例行更换", _attested),
            records.own_streams.append_own(OwnEntry("log/incidents", "incident", {})),
        ):
            with pytest.raises(FolderCopiedError):
                await change
        assert [entry.event_id for entry in records.ledger.entries()] == before

    assert {path: path.read_bytes() for path in (tmp_path / "copy" / "keys").iterdir()} == kept
    with open_records(guarded) as records:
        assert records.log.fork() is None


async def _attested(old: str, new: str) -> EvidenceFile:
    raise AssertionError((old, new))


def test_a_copy_that_another_disk_numbers_like_the_original_is_a_copy(original: Settings, tmp_path: Path) -> None:
    """A disk's root and the first folder of a new disk have the same number everywhere."""
    copy = Settings(data=Path(shutil.copytree(original.data, tmp_path / "copy")))
    place = json.loads((copy.data / PLACE).read_bytes())
    (copy.data / PLACE).write_text(json.dumps({**place, "inode": copy.data.stat().st_ino}), encoding="utf-8")
    with pytest.raises(FolderCopiedError):
        must_be_the_original(copy)


def test_a_renamed_folder_is_still_the_one(original: Settings, tmp_path: Path) -> None:
    """Renaming moves the office; a copy of it under the old name is known as the original's path, another disk's."""
    moved = Settings(data=original.data.rename(tmp_path / "moved"))
    must_be_the_original(moved)
    must_be_the_original(moved)
    shutil.copytree(moved.data, tmp_path / "again")
    with pytest.raises(FolderCopiedError):
        must_be_the_original(Settings(data=tmp_path / "again"))


def test_a_replaced_disk_under_the_same_path_is_still_the_one(original: Settings, tmp_path: Path) -> None:
    """A container's volume or a new disk brings the same path with another place on it: no restart is stopped."""
    shutil.copytree(original.data, tmp_path / "new disk")
    shutil.rmtree(original.data)
    (tmp_path / "new disk").rename(original.data)
    must_be_the_original(original)


def test_a_folder_that_was_moved_by_copying_is_adopted_by_a_person(original: Settings, tmp_path: Path) -> None:
    """After `engine adopt` the new place is the office's, and the old one is the copy."""
    moved = Settings(data=Path(shutil.copytree(original.data, tmp_path / "new machine")))
    adopt(moved)
    must_be_the_original(moved)


@pytest.mark.parametrize("torn", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"path": 1}'])
def test_a_torn_mark_stops_nobody(torn: bytes, original: Settings) -> None:
    """What cannot be read is written anew."""
    (original.data / PLACE).write_bytes(torn)
    must_be_the_original(original)
    assert original.data.name in (original.data / PLACE).read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_used_is_told_in_words(tmp_path: Path) -> None:
    """Not in the system's own language, with its number and its name of the error."""
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="不能使用（路径中有一段不是文件夹）"):
        prepare_data_folder(Settings(data=tmp_path / "file" / "data"))
