"""Installations as real processes, all ended whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.entrypoints.installation import Home
from tests.postgres_server import postgres_server

LEDGER_SECRET = "0f0e0d0c-of-the-ledger"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty data folder with ports of its own."""
    home = Home(tmp_path)
    try:
        yield home
    finally:
        home.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own: how its administrator reaches it."""
    with postgres_server(tmp_path_factory.mktemp("runtime")) as address:
        yield address


@pytest.fixture
def on_postgres(home: Home, server: str) -> Home:
    """An installation whose settings name the ledger's own login, made by the set-up job of deploy/."""
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute("DROP DATABASE IF EXISTS duban_ledger WITH (FORCE)")
    password = home.folder / "ledger_password"
    password.write_text(f"{LEDGER_SECRET}\n", encoding="utf-8")
    url = server.replace("postgres:@", "duban@").replace("/postgres?", "/duban_ledger?")
    assert url.startswith("postgresql://duban@")
    home.settings = {**home.settings, "DUBAN_LEDGER_URL": url, "DUBAN_LEDGER_PASSWORD_FILE": str(password)}
    for _ in range(2):
        done = home.program("deploy/set_up_ledger.py", DUBAN_LEDGER_ADMINISTRATOR=server)
        assert (done.returncode, done.stderr) == (0, "")
        assert "duban_ledger" in done.stdout
    return home
