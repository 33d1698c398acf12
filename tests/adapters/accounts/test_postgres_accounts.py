"""Accounts in PostgreSQL: an administrator makes their tables once, and the login that writes makes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from adapters.accounts import accounts_copy
from adapters.accounts.postgres_accounts import PostgresAccounts, set_up_accounts
from adapters.accounts.sqlite_accounts import SqliteAccounts
from adapters.ledger.postgres_setup import set_up_database
from domain.accounts.account import LocalAccount
from domain.accounts.lock_outs import HourlySum
from domain.errors import LedgerUnavailableError
from tests.domain.samples import at


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


async def test_accounts_come_out_into_a_file_and_back_by_the_same_login(login: tuple[str, str], tmp_path: Path) -> None:
    """Accounts come, what is counted does not; a database that has some is refused; a block that fails puts none."""
    administrator, writer = login
    file = tmp_path / "accounts.db"
    accounts_copy.must_be_empty(writer)
    accounts_copy.copy_out(writer, tmp_path / "none.db")
    set_up_accounts(administrator, writer)
    store = PostgresAccounts(writer)
    account = LocalAccount(key="wang", owner="wang", account="wang", person_id="P0001", opened_at=at("05-01 10:00"))
    await store.change(lambda rows: rows.put(account))
    await store.change(lambda rows: rows.put(HourlySum(key="h", failed=3)))
    accounts_copy.copy_out(writer, file)
    with pytest.raises(accounts_copy.AccountsNotEmptyError):
        accounts_copy.must_be_empty(writer)
    copied = SqliteAccounts(file)
    assert await copied.read(lambda rows: (rows.every(LocalAccount), rows.count(HourlySum))) == ([account], 0)
    copied.close()
    await store.change(lambda rows: rows.remove(account))
    with pytest.raises(RuntimeError), accounts_copy.filling(file, writer):
        raise RuntimeError("the ledger was not filled")
    assert await store.read(lambda rows: rows.count(LocalAccount)) == 0
    with accounts_copy.filling(file, writer):
        pass
    assert await store.read(lambda rows: rows.every(LocalAccount)) == [account]
    store.close()
