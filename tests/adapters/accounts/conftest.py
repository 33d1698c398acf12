"""Every store that the contract of accounts holds for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from adapters.accounts.postgres_accounts import PostgresAccounts
from adapters.accounts.sqlite_accounts import SqliteAccounts
from adapters.ledger.postgres_ledger import PostgresLedger
from domain.ports.accounts import AccountStore
from tests.postgres_server import postgres_server

_NUMBERS = itertools.count()
Opened = Callable[[], AccountStore]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own, and how it is reached."""
    with postgres_server(tmp_path_factory.mktemp("runtime")) as address:
        yield address


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """A database with a ledger, as the accounts find it."""
    name = f"accounts_{next(_NUMBERS)}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    dsn = postgres.replace("/postgres?", f"/{name}?")
    PostgresLedger.open(dsn, lambda: datetime.now(UTC)).close()
    yield dsn
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Opens the same store of each kind, as often as asked: each time as another process would."""
    stores: list[AccountStore] = []

    def open_it() -> AccountStore:
        if request.param == "sqlite":
            stores.append(SqliteAccounts(tmp_path / "accounts.db"))
        else:
            stores.append(PostgresAccounts(request.getfixturevalue("database")))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Opened) -> AccountStore:
    """A store of each kind."""
    return opened()
