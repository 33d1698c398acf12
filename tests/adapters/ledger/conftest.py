"""Every store that the contract holds for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from adapters.ledger.sqlite_ledger import SqliteLedger
from domain.ports.ledger import Ledger
from domain.ports.outbox import Outbox
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING


class Store(Ledger, Outbox, Protocol):
    """What a store of the ledger offers."""

    def close(self) -> None:
        """Let the store go."""
        ...


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


@pytest.fixture(params=["sqlite", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path, writer_clock: SteppedClock) -> Iterator[Store]:
    """An empty store of each kind."""
    opened: Store
    if request.param == "sqlite":
        opened = SqliteLedger.open(tmp_path / "ledger.sqlite", writer_clock)
    else:
        opened = InMemoryLedger(writer_clock)
    yield opened
    opened.close()
