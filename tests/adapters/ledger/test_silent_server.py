"""A PostgreSQL that is there and says nothing more: nobody waits for it for ever."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from adapters.accounts.postgres_accounts import PostgresAccounts
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.sql import postgres
from adapters.sql.postgres import plainly_connected
from domain.accounts.account import LocalAccount
from domain.errors import LedgerUnavailableError
from tests.adapters.ledger.conftest import SteppedClock
from tests.adapters.ledger.samples import STREAM, decision, reminder

_MUCH = 20.0


@pytest.fixture
def ledger(database: str, writer_clock: SteppedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresLedger]:
    """A ledger whose connections are open, and which waits a second for each answer."""
    monkeypatch.setattr(postgres, "ANSWERS_WITHIN_SECONDS", 1.0)
    ledger = PostgresLedger.open(database, writer_clock)
    yield ledger
    ledger.close()


@contextmanager
def frozen(database: str) -> Iterator[None]:
    """Freeze the sessions that the database has by now: the system takes what they are sent, and nobody answers."""
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(database) as administrator:
        sessions = [pid for (pid,) in administrator.execute(asked)]
    assert sessions
    for session in sessions:
        os.kill(session, signal.SIGSTOP)
    try:
        yield
    finally:
        for session in sessions:
            os.kill(session, signal.SIGCONT)


async def test_what_is_read_of_a_frozen_session_is_read_by_another_one(ledger: PostgresLedger, database: str) -> None:
    """A connection that lies idle may be dead in silence: the answer comes all the same."""
    assert list(ledger.entries(STREAM)) == []
    began = time.monotonic()
    with frozen(database):
        assert list(ledger.entries(STREAM)) == []
    assert 1 <= time.monotonic() - began < _MUCH


async def test_what_is_written_to_a_frozen_session_is_refused_in_time_and_then_goes_on(
    ledger: PostgresLedger, database: str
) -> None:
    """With the sentence of a ledger that does not answer; given once more it is recorded, once, by a new session."""
    first, second = decision(reminder(0)), decision(reminder(1))
    await ledger.record(first)
    with frozen(database):
        began = time.monotonic()
        with pytest.raises(LedgerUnavailableError, match=r"不能读写（no answer within 1 s）.*恢复后会自动重试"):
            await ledger.record(second)
        assert time.monotonic() - began < _MUCH
        await ledger.record(second)
    await ledger.record(second)
    assert len(list(ledger.entries(STREAM))) == 2


async def test_accounts_that_are_asked_of_a_frozen_session_are_refused_in_time(
    ledger: PostgresLedger, database: str
) -> None:
    """Who signs in meanwhile reads a sentence; the next one gets in."""
    accounts = PostgresAccounts(database)
    try:
        assert await accounts.read(lambda rows: rows.count(LocalAccount)) == 0
        with frozen(database):
            with pytest.raises(LedgerUnavailableError, match="no answer within 1 s"):
                await accounts.read(lambda rows: rows.count(LocalAccount))
            assert await accounts.read(lambda rows: rows.count(LocalAccount)) == 0
    finally:
        accounts.close()


def test_a_host_that_vanishes_is_noticed_by_the_system(database: str) -> None:
    """An idle connection to nobody is dead within half a minute; an address may say otherwise, as for a slow line."""
    with plainly_connected(database) as connection:
        told = connection.info.get_parameters()
    assert {name: told[name] for name in ("keepalives_idle", "keepalives_interval", "keepalives_count")} == {
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
    }
    assert told["tcp_user_timeout"] == "25000"
    with plainly_connected(psycopg.conninfo.make_conninfo(database, tcp_user_timeout=90_000)) as connection:
        assert connection.info.get_parameters()["tcp_user_timeout"] == "90000"


def test_what_an_administrator_sets_up_may_take_its_time(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is changed under a long ledger is no server that does not answer."""
    monkeypatch.setattr(postgres, "ANSWERS_WITHIN_SECONDS", 0.2)
    with plainly_connected(database, for_ever=True) as connection:
        assert connection.execute("SELECT pg_sleep(0.5)").fetchone() is not None
