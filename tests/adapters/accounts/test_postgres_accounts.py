"""Accounts in PostgreSQL: an administrator makes their tables once, and the login that writes makes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from adapters.accounts.postgres_accounts import PostgresAccounts, set_up_accounts
from adapters.ledger.postgres_setup import set_up_database
from domain.accounts.lock_outs import HourlySum
from domain.errors import LedgerUnavailableError


@pytest.fixture
def login(postgres: str) -> Iterator[tuple[str, str]]:
    """The administrator's address, and that of a login whose ledger was set up."""
    writer = psycopg.conninfo.make_conninfo(
        postgres, dbname="accounts_of_a_login", user="duban_desk", password="of-the-tests"
    )
    set_up_database(postgres, writer)
    yield postgres, writer
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute("DROP DATABASE accounts_of_a_login WITH (FORCE)")
        admin.execute("DROP ROLE duban_desk")


async def test_a_login_without_rights_works_on_tables_that_were_made_for_it(login: tuple[str, str]) -> None:
    """Until they are made it is told so; made twice they are made once; it may put and remove, and change no table."""
    administrator, writer = login
    store = PostgresAccounts(writer)
    with pytest.raises(LedgerUnavailableError, match="权限"):
        await store.change(lambda rows: rows.count(HourlySum))
    set_up_accounts(administrator, writer)
    set_up_accounts(administrator, writer)
    thing = HourlySum(key="h", failed=3)
    await store.change(lambda rows: rows.put(thing))
    assert await store.read(lambda rows: rows.every(HourlySum)) == [thing]
    assert await store.change(lambda rows: rows.remove(thing))
    store.close()
    with psycopg.connect(writer, autocommit=True) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DROP TABLE duban_accounts.kept")
