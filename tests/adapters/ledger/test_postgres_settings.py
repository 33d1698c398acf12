"""A PostgreSQL that its administrator set up for something else: the ledger says what it needs, or sets it itself."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from adapters.ledger.postgres_connections import connected
from adapters.ledger.postgres_setup import set_up_database
from domain.record.ledger_errors import LedgerEncodingError

_LOGIN = "duban_elsewhere"


@pytest.fixture
def writer(postgres: str) -> Iterator[str]:
    """The address of a login whose database is not there yet."""
    yield psycopg.conninfo.make_conninfo(postgres, dbname=_LOGIN, user=_LOGIN, password="of-the-tests")
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {_LOGIN} WITH (FORCE)")
        admin.execute(f"DROP ROLE IF EXISTS {_LOGIN}")


def test_a_ledger_s_database_takes_every_text_whatever_the_server_was_begun_with(postgres: str, writer: str) -> None:
    """A server that was begun under LANG=C has no encoding; its databases of ours have, and an order of their own."""
    set_up_database(postgres, writer)
    with psycopg.connect(postgres) as admin:
        asked = "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s"
        assert admin.execute(asked, (_LOGIN,)).fetchone() == ("UTF8", "C", "C")


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_CN"])
def test_a_database_that_does_not_take_every_text_is_refused_when_it_is_set_up(
    encoding: str, postgres: str, writer: str
) -> None:
    """The sentence names the database and its encoding; no table was made in it."""
    with psycopg.connect(postgres, autocommit=True) as admin:
        made = f"CREATE DATABASE {_LOGIN} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
        admin.execute(made.encode())
    with pytest.raises(LedgerEncodingError, match=f"{_LOGIN}.*{encoding}"):
        set_up_database(postgres, writer)
    with psycopg.connect(psycopg.conninfo.make_conninfo(postgres, dbname=_LOGIN), client_encoding="UTF8") as inside:
        assert inside.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'duban'").fetchone() is None


def test_what_a_login_is_set_to_does_not_change_how_the_ledger_reads_and_waits(postgres: str, writer: str) -> None:
    """Another encoding of texts, transactions that refuse instead of waiting: each connection is as ours are."""
    set_up_database(postgres, writer)
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"ALTER ROLE {_LOGIN} SET default_transaction_isolation = 'serializable'")
        admin.execute(f"ALTER ROLE {_LOGIN} SET client_encoding = 'SQL_ASCII'")
    with connected(writer) as connection:
        assert connection.execute("SELECT '督办'").fetchone() == ("督办",)
        assert connection.execute("SHOW transaction_isolation").fetchone() == ("read committed",)
