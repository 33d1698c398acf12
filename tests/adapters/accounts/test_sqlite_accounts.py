"""What holds for accounts in a SQLite file alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.accounts.sqlite_accounts import SqliteAccounts
from domain.accounts.account import LocalAccount


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
