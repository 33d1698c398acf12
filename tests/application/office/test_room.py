"""A disk that takes nothing more is told of, whatever the reason: no bytes, no files, or read-only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from application.office.record_checks import folder_checks
from application.office.room import LEAST_FILES, is_out_of_files, room_for_bytes
from application.settings import Settings

_BLOCK, _BLOCKS, _FILES = 4_096, 10_000_000, 1_000_000


def disk_with(monkeypatch: pytest.MonkeyPatch, *, files: int = _FILES, left: int = _FILES, flag: int = 0) -> None:
    """Every disk of the machine has so many files in all, so many left, and is mounted so."""
    found = os.statvfs_result((_BLOCK, _BLOCK, _BLOCKS, _BLOCKS, _BLOCKS, files, left, left, flag, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: found)


@pytest.mark.parametrize(
    ("disk", "says"),
    [
        ({}, None),
        ({"left": LEAST_FILES - 1}, "几乎不能再新建文件"),
        ({"flag": os.ST_RDONLY}, "只能读，不能写"),
        ({"files": 0, "left": 0}, None),
    ],
    ids=["well", "no files", "read-only", "a file system that counts no files"],
)
def test_the_doctor_and_the_figures_say_that_a_disk_takes_nothing_more(
    disk: dict[str, int], says: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is wrong and what to do; for the alert there is no room then, however many bytes are free."""
    settings = Settings(data=tmp_path)
    disk_with(monkeypatch, **disk)
    room = next(check for check in folder_checks(settings) if check.name == "room")
    assert room.ok is (says is None)
    assert (says or "各处都有空间") in room.text
    assert room_for_bytes(tmp_path) == (_BLOCK * _BLOCKS if says is None else 0)


def test_the_doctor_names_a_file_that_is_not_ours_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody else put back, or made immutable, may be read; nothing is recorded meanwhile."""
    settings = Settings(data=tmp_path)
    settings.ledger_file.touch()
    monkeypatch.setattr(os, "access", lambda place, _: place != settings.ledger_file)
    room = next(check for check in folder_checks(settings) if check.name == "room")
    assert not room.ok
    assert f"{settings.ledger_file} 只能读，不能写" in room.text
    assert room_for_bytes(tmp_path) > 0


def test_the_doctor_looks_at_the_room_of_the_log_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that takes no more lines is told of by nobody else."""
    settings = Settings(data=tmp_path)
    settings.log_file.parent.mkdir()
    monkeypatch.setattr(os, "access", lambda place, _: place != settings.log_file.parent)
    room = next(check for check in folder_checks(settings) if check.name == "room")
    assert f"{settings.log_file.parent} 只能读，不能写" in room.text


def test_the_disk_of_these_tests_takes_files(tmp_path: Path) -> None:
    """What is asked of the system is asked as the system has it."""
    assert not is_out_of_files(tmp_path)
    assert room_for_bytes(tmp_path) > 0
