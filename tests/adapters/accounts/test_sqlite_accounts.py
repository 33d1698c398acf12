"""What holds for accounts in a SQLite file alone."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.accounts import sqlite_accounts
from adapters.accounts.sqlite_accounts import SqliteAccounts
from adapters.sql.process_lock import ProcessLock
from domain.accounts.account import LocalAccount, login_key
from domain.errors import LedgerUnavailableError
from tests.domain.samples import at


async def test_all_who_open_a_new_file_in_the_same_moment_get_in(tmp_path: Path) -> None:
    """Desk, worker and shell begin together: none is told that another process has the file."""
    for round_number in range(40):
        stores = [SqliteAccounts(tmp_path / f"{round_number}.db") for _ in range(4)]
        try:
            found = await asyncio.gather(*(store.read(lambda rows: rows.every(LocalAccount)) for store in stores))
        finally:
            for store in stores:
                store.close()
        assert found == [[], [], [], []]


async def test_looking_into_an_open_store_leaves_its_log_where_it_is(tmp_path: Path) -> None:
    """Another process that comes and goes does not take itself for the last; what is written afterwards is there."""
    place = tmp_path / "accounts.db"
    desk, look = SqliteAccounts(place), SqliteAccounts(place)
    await desk.change(lambda rows: rows.put(_account("first")))
    assert await look.read(lambda rows: rows.count(LocalAccount)) == 1
    look.close()
    _in_another_process(place)
    await desk.change(lambda rows: rows.put(_account("second")))
    assert _in_another_process(place) == "2"
    assert await desk.read(lambda rows: rows.count(LocalAccount)) == 2
    desk.close()


def _account(name: str) -> LocalAccount:
    return LocalAccount(key=login_key(name), account=name, person_id="P0001", opened_at=at("04-25 09:00"))


def _in_another_process(place: Path) -> str:
    """How many accounts another process counts, which opens the store and closes it."""
    script = (
        "import asyncio, sys; from pathlib import Path; from domain.accounts.account import LocalAccount;"
        "from adapters.accounts.sqlite_accounts import SqliteAccounts; store = SqliteAccounts(Path(sys.argv[1]));"
        "print(asyncio.run(store.read(lambda rows: rows.count(LocalAccount)))); store.close()"
    )
    told = subprocess.run([sys.executable, "-c", script, place], check=True, capture_output=True, text=True, timeout=60)
    return told.stdout.strip()


class Watched(sqlite3.Connection):
    """A connection that tells whether somebody else could have had the lock when it was closed."""

    closed_alone: ClassVar[list[bool]] = []

    def close(self) -> None:
        place = self.execute("PRAGMA database_list").fetchone()[2]
        try:
            with ProcessLock(Path(f"{place}.lock"), 0.0).held():
                alone = False
        except LedgerUnavailableError:
            alone = True
        self.closed_alone.append(alone)
        super().close()


@pytest.fixture
def closed_alone(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each connection that was closed, whether the lock was held."""
    monkeypatch.setattr(Watched, "closed_alone", [])
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Watched))
    return Watched.closed_alone


def failing(rows: Any) -> None:
    """A work at which the store fails."""
    raise sqlite3.OperationalError("disk I/O error")


@pytest.mark.parametrize("asked", ["read", "change"])
async def test_a_connection_is_let_go_under_the_lock_after_a_fault(
    tmp_path: Path, closed_alone: list[bool], asked: str
) -> None:
    """Nobody else writes or checkpoints in that instant."""
    store = SqliteAccounts(tmp_path / "accounts.db")
    with pytest.raises(LedgerUnavailableError):
        await getattr(store, asked)(failing)
    assert closed_alone == [True]
    store.close()


async def test_a_store_is_closed_although_another_process_keeps_the_lock(
    tmp_path: Path, closed_alone: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for a while, and leaves no connection open."""
    monkeypatch.setattr(sqlite_accounts, "_BUSY_SECONDS", 0.01)
    store = SqliteAccounts(tmp_path / "accounts.db")
    await store.read(lambda rows: rows.every(LocalAccount))
    with ProcessLock(tmp_path / "accounts.db.lock", 1.0).held():
        store.close()
    assert closed_alone == [True]
