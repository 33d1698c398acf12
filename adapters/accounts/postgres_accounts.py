"""Accounts in the PostgreSQL of the ledger, in a schema of their own: things are removed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from adapters.accounts.account_rows import COLUMNS
from adapters.accounts.sql_accounts import SqlAccounts
from adapters.sql.postgres import PostgresStatements, answering, place_of, plainly_connected, unavailable
from adapters.sql.statements import Statements

_ONE_AT_A_TIME = 4475478933
_SCHEMA = f"""
CREATE SCHEMA IF NOT EXISTS duban_accounts AUTHORIZATION duban_owner;
SET LOCAL ROLE duban_owner;
CREATE TABLE IF NOT EXISTS duban_accounts.kept{COLUMNS};
ALTER TABLE duban_accounts.kept ALTER COLUMN ends_at TYPE TEXT COLLATE "C";
CREATE INDEX IF NOT EXISTS kept_owner ON duban_accounts.kept(kind, owner);
CREATE INDEX IF NOT EXISTS kept_end ON duban_accounts.kept(ends_at) WHERE ends_at IS NOT NULL;
GRANT USAGE ON SCHEMA duban_accounts TO duban_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON duban_accounts.kept TO duban_writer;
"""


class PostgresAccounts(SqlAccounts):
    """The port `AccountStore` on the database of the ledger, whose roles are there already."""

    def __init__(self, dsn: str) -> None:
        super().__init__(_PostgresConnection(dsn))


def prepare_accounts(dsn: str) -> None:
    """Make the schema of accounts where it is missing; safe to run again.

    Raises:
        LedgerUnavailableError: the database does not answer, or this login may not make it.
    """
    with answering(dsn, "账号"), plainly_connected(dsn) as connection:
        found = connection.execute("SELECT to_regclass('duban_accounts.kept') IS NOT NULL").fetchone()
        if found is not None and found[0]:
            return
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
            connection.execute(_SCHEMA.encode())


def set_up_accounts(administrator: str, writer: str) -> None:
    """Make the schema of accounts in the writer's database as an administrator of PostgreSQL; safe to run again."""
    database = psycopg.conninfo.conninfo_to_dict(writer)["dbname"]
    prepare_accounts(psycopg.conninfo.make_conninfo(administrator, dbname=database))


class _PostgresConnection:
    failures: type[Exception] = psycopg.Error

    def __init__(self, dsn: str) -> None:
        self.place = place_of(dsn)
        self._dsn = dsn
        self._open: psycopg.Connection[tuple[Any, ...]] | None = None

    @contextmanager
    def changing(self) -> Iterator[Statements]:
        with self._told():
            connection = self._opened()
            with connection.transaction():
                statements = PostgresStatements(connection)
                # One after the other, in every process: whoever comes second sees what the first one did.
                statements.execute("SELECT pg_advisory_xact_lock(?)", (_ONE_AT_A_TIME,))
                yield statements

    @contextmanager
    def reading(self) -> Iterator[Statements]:
        with self._told():
            yield PostgresStatements(self._opened())

    def close(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            self.close()
            raise unavailable(self.place, error, "账号") from error

    def _opened(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._open is None:
            prepare_accounts(self._dsn)
            connection = plainly_connected(self._dsn)
            connection.execute("SET ROLE duban_writer")
            connection.execute("SET search_path TO duban_accounts, pg_catalog")
            connection.execute("SET lock_timeout = '10s'")
            self._open = connection
        return self._open
