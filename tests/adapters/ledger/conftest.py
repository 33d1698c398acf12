"""Every store that the contract holds for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.sqlite_ledger import SqliteLedger
from domain.ports.ledger import Ledger
from domain.ports.outbox import Outbox
from domain.ports.register import Register
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING
from tests.postgres_server import postgres_server

_NUMBERS = itertools.count()


class Store(Ledger, Outbox, Protocol):
    """What a store of the ledger offers."""

    def register(self) -> Register:
        """The register in the same store."""

    def close(self) -> None:
        """Let the store go."""


class SteppedClock:
    """A writer's clock that a test moves."""

    def __init__(self) -> None:
        self.instant = MORNING

    def __call__(self) -> datetime:
        return self.instant

    def move(self, span: timedelta) -> None:
        """Move the clock, back as well."""
        self.instant += span


@pytest.fixture
def writer_clock() -> SteppedClock:
    """The writer's clock."""
    return SteppedClock()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own, and how it is reached."""
    with postgres_server(tmp_path_factory.mktemp("runtime")) as address:
        yield address


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """An empty database."""
    name = f"ledger_{next(_NUMBERS)}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    yield postgres.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", "postgres", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path, writer_clock: SteppedClock) -> Iterator[Store]:
    """An empty store of each kind."""
    opened: Store
    if request.param == "sqlite":
        opened = SqliteLedger.open(tmp_path / "ledger.sqlite", writer_clock)
    elif request.param == "postgres":
        opened = PostgresLedger.open(request.getfixturevalue("database"), writer_clock)
    else:
        opened = InMemoryLedger(writer_clock)
    yield opened
    opened.close()
