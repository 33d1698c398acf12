"""What the lock beside a store says when it is not had."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.sql.process_lock import ProcessLock
from domain.errors import LedgerUnavailableError


def refusal(path: Path) -> LedgerUnavailableError:
    """What somebody is told who wants the lock."""
    with pytest.raises(LedgerUnavailableError) as refused, ProcessLock(path, 1.0).held():
        pass
    return refused.value


def test_a_lock_file_that_cannot_be_opened_is_named_itself(tmp_path: Path) -> None:
    """The folder around it is all right: nobody looks at that."""
    place = tmp_path / "ledger.db.lock"
    place.mkdir()
    assert f"锁文件“{place}”" in refusal(place).text


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where it should be."""
    folder = tmp_path / "data"
    folder.write_text("", encoding="utf-8")
    assert f"所在目录“{folder}”" in refusal(folder / "ledger.db.lock").text
