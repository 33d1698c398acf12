"""What the vault guarantees: the exact bytes, never replaced."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from adapters.vault.folder_vault import FolderVault
from domain.errors import LedgerConflictError, LedgerUnavailableError
from domain.record.ledger_errors import NotInLedgerError

WORKFLOW = "key-project/2018/05a"


async def test_a_history_is_kept_to_the_byte(tmp_path: Path) -> None:
    """What is read back is what was given, and the hash is the bytes' own."""
    vault = FolderVault(tmp_path)
    kept = await vault.keep(WORKFLOW, "run-1", b"\x00\x01history", b"{}")

    assert [file.name for file in kept] == [f"histories/{WORKFLOW}/run-1.pb", f"histories/{WORKFLOW}/run-1.json"]
    assert vault.read(kept[0].name) == b"\x00\x01history"
    assert kept[0].sha256 == hashlib.sha256(b"\x00\x01history").hexdigest()
    assert vault.has(WORKFLOW, "run-1")
    assert not vault.has(WORKFLOW, "run-2")


async def test_the_same_history_again_changes_nothing(tmp_path: Path) -> None:
    """A retry is harmless."""
    vault = FolderVault(tmp_path)
    first = await vault.keep("department-mailbox/组织部", "r", b"a", b"{}")

    assert await vault.keep("department-mailbox/组织部", "r", b"a", b"{}") == first
    assert len(vault.files()) == 2


async def test_another_history_of_the_same_run_is_refused(tmp_path: Path) -> None:
    """What is kept is never replaced."""
    vault = FolderVault(tmp_path)
    await vault.keep(WORKFLOW, "run-1", b"a", b"{}")

    with pytest.raises(LedgerConflictError, match="未覆盖"):
        await vault.keep(WORKFLOW, "run-1", b"b", b"{}")

    assert vault.read(f"histories/{WORKFLOW}/run-1.pb") == b"a"


@pytest.mark.parametrize("workflow_id", ["../outside", "a//b", "a/./b", ""])
async def test_no_name_leads_out_of_the_vault(tmp_path: Path, workflow_id: str) -> None:
    """A workflow's id cannot place a file elsewhere."""
    with pytest.raises(NotInLedgerError):
        await FolderVault(tmp_path / "vault").keep(workflow_id, "run-1", b"a", b"{}")

    assert os.listdir(tmp_path) == []  # noqa: PTH208 - a list of names is what is compared


async def test_a_vault_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """The caller is told what to look at, and may try again."""
    (tmp_path / "histories").write_text("a file stands in the way", encoding="utf-8")

    with pytest.raises(LedgerUnavailableError, match="不能写入"):
        await FolderVault(tmp_path).keep(WORKFLOW, "run-1", b"a", b"{}")


def test_what_is_not_kept_cannot_be_read(tmp_path: Path) -> None:
    """Neither a missing history nor a file outside."""
    (tmp_path / "secret").write_text("x", encoding="utf-8")

    for name in ("histories/a/b.pb", "secret", "../secret"):
        with pytest.raises(NotInLedgerError):
            FolderVault(tmp_path).read(name)
