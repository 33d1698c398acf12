"""Accounts of a PostgreSQL database as the file that a backup has, and back: a backup has one form, whatever the store.

Logins, links, tokens and tries are in no backup: what was ended or used up since must not come back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg

from adapters.accounts.postgres_accounts import prepare_accounts
from adapters.accounts.sqlite_accounts import written_file
from adapters.sql.postgres import answering, place_of, plainly_connected
from adapters.sql.sqlite_failures import unavailable as file_unavailable
from domain.errors import UnusableInputError

_COLUMNS: Final = "kind, key, owner, ends_at, document"
_READ: Final = f"SELECT {_COLUMNS} FROM kept WHERE kind IN ('account', 'passkey') ORDER BY kind, key"  # noqa: S608
_PUT: Final = f"INSERT INTO kept({_COLUMNS}) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608 - names of our own
_WRITER: Final = "SET ROLE duban_writer", "SET search_path TO duban_accounts, pg_catalog"


class AccountsNotEmptyError(UnusableInputError, rule="restore_into_an_empty_ledger"):
    """Accounts are in the database already."""

    says = "数据库“{place}”里已有账号：未恢复，未作任何改动；请指向一个空的数据库。"
    place: str


def copy_out(dsn: str, file: Path) -> None:
    """Write the accounts and passkeys of the database into a new file of accounts.

    Raises:
        LedgerUnavailableError: the database does not answer, or the file cannot be written.
    """
    with answering(dsn, "账号"), plainly_connected(dsn) as connection:
        rows = _rows(connection, _READ)
    try:
        written_file(file, rows)
    except sqlite3.Error as error:
        raise file_unavailable(file, error, "账号库") from error


def must_be_empty(dsn: str) -> None:
    """Refuse a database that has accounts.

    Raises:
        AccountsNotEmptyError: it has.
        LedgerUnavailableError: the database does not answer.
    """
    with answering(dsn, "账号"), plainly_connected(dsn) as connection:
        if _rows(connection, "SELECT 1 FROM kept WHERE kind = 'account' LIMIT 1"):
            raise AccountsNotEmptyError(place=place_of(dsn))


@contextmanager
def filling(file: Path, dsn: str) -> Iterator[None]:
    """Put the accounts of a file into the database, for good as soon as the block has ended well.

    Raises:
        LedgerUnavailableError: the database does not answer, or this login may not do it.
    """
    if not file.exists():
        yield
        return
    prepare_accounts(dsn)
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
        rows = source.execute(_READ).fetchall()
    with answering(dsn, "账号"), plainly_connected(dsn) as connection, connection.transaction():
        for statement in _WRITER:
            connection.execute(statement)
        with connection.cursor() as cursor:
            cursor.executemany(_PUT, rows)
        yield


def _rows(connection: psycopg.Connection[tuple[object, ...]], query: str) -> list[tuple[object, ...]]:
    there = connection.execute("SELECT to_regclass('duban_accounts.kept') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return []
    for statement in _WRITER:
        connection.execute(statement)
    return connection.execute(query.encode()).fetchall()
