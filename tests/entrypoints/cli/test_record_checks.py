"""What the doctor says of the record, on an installation that is hurt in one way at a time."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.leaf_bytes import leaf_hash, place_in
from adapters.ledger.packing import unpacked
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from application.engine_room.data_folder import prepare_data_folder
from application.office.examination import examined
from application.settings import Settings
from entrypoints.bootstrap import premises_of
from tests.adapters.ledger.samples import decision, reminder
from tests.entrypoints.cli.conftest import Duban

OF_THE_RECORD = {"closed", "room", "record", "whole", "signed", "evidence"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with two hundred entries, all under a head but the last, which came this moment."""
    made = Settings(data=tmp_path / "data")
    prepare_data_folder(made)
    fill(made, 0, 200, seal=True)
    fill(made, 200, 1, seal=False)
    return made


def fill(settings: Settings, first: int, count: int, *, seal: bool, ago: timedelta = timedelta()) -> None:
    """Let entries come in, as long ago as is said."""

    def now() -> datetime:
        return datetime.now(UTC) - ago

    async def work() -> None:
        ledger = SqliteLedger.open(settings.ledger_file, now)
        stores = (FolderVault(settings.vault_folder), FolderEvidence(settings.evidence_folder))
        log = LedgerAuditLog(ledger.log_store(), *stores, settings.keys_folder, settings.log_origin, now)
        await log.open()
        await ledger.record(decision(*(reminder(first + number) for number in range(count))))
        if seal:
            await log.seal()
        ledger.close()

    asyncio.run(work())


def said(settings: Settings) -> dict[str, tuple[bool, str]]:
    """Every check of the record by its name; nothing else runs here."""
    checks = asyncio.run(examined(premises_of(settings)))
    return {check.name: (check.ok, check.text) for check in checks if check.name in OF_THE_RECORD}


def test_a_sound_record_is_sound(settings: Settings) -> None:
    """No false alarm, an entry that came a moment ago included."""
    assert [text for good, text in said(settings).values() if not good] == []


def test_heads_that_are_not_signed_are_told_with_since_when(tmp_path: Path) -> None:
    """When the oldest entry waits for more than a few minutes: since when, how many, what to look at."""
    hurt = Settings(data=tmp_path / "data")
    prepare_data_folder(hurt)
    fill(hurt, 0, 2, seal=True, ago=timedelta(hours=3))
    fill(hurt, 2, 5, seal=False, ago=timedelta(hours=2))

    good, text = said(hurt)["signed"]

    assert not good
    assert "没有签过校验值，有 5 条记录还没有签" in text


@pytest.mark.parametrize("kind", ["a torn page", "another byte of an entry"])
def test_a_torn_ledger_is_told_as_what_it_is(settings: Settings, duban: Duban, kind: str) -> None:
    """By the doctor, with what to do; and no command takes it for somebody's file that is not UTF-8."""
    content = bytearray(settings.ledger_file.read_bytes())
    if kind == "a torn page":
        middle = len(content) // 2 // 4_096 * 4_096
        content[middle : middle + 4_096] = b"\xff" * 4_096
    else:
        with closing(sqlite3.connect(settings.ledger_file)) as store:
            (leaf,) = store.execute("SELECT leaf FROM entry WHERE seq=1").fetchone()
        content[content.index(leaf) + 60] ^= 0xFF
    settings.ledger_file.write_bytes(bytes(content))

    good, text = said(settings)["whole"]
    answer = duban("audit", "heads", "--data", str(settings.data))

    assert not good
    assert "从备份恢复" in text
    assert "UTF-8" not in answer.err
    assert "Traceback" not in answer.err


def test_what_is_open_to_others_and_evidence_that_is_missing_are_told(settings: Settings) -> None:
    """Each with what to do."""
    (settings.keys_folder / "ledger.key").chmod(0o644)
    with closing(sqlite3.connect(settings.ledger_file)) as store, store:
        leaf = store.execute("SELECT leaf FROM entry WHERE seq=1").fetchone()[0]
        blob = b'"blobs":[{"name":"x.pdf","sha256":"' + b"0" * 64 + b'","size":1}]'
        for (guard,) in store.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").fetchall():
            store.execute(f"DROP TRIGGER {guard}")
        store.execute("PRAGMA ignore_check_constraints=ON")
        changed = unpacked(leaf).replace(b'"blobs":[]', blob)
        _, _, _, event_hash = place_in(changed) or (None,) * 4
        store.execute(
            "UPDATE entry SET leaf=?, leaf_hash=?, event_hash=? WHERE leaf=?",
            (changed, leaf_hash(changed), event_hash, leaf),
        )

    found = said(settings)

    assert not found["closed"][0]
    assert "ledger.key" in found["closed"][1]
    assert not found["evidence"][0]
    assert "duban evidence add" in found["evidence"][1]
