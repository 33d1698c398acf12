"""What an administrator of PostgreSQL does once for a ledger: its database, its schema, and the login that writes."""

from __future__ import annotations

import psycopg
from psycopg import sql

from adapters.ledger.postgres_schema import prepare_schema
from adapters.sql.postgres import answering, place_of, plainly_connected
from domain.record.ledger_errors import LedgerAddressError, LedgerEncodingError

# Whatever the server was set up with (one that began under LANG=C has no encoding at all): all texts, in an order that
# no upgrade of the operating system changes below its indexes.
_MAKE = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"


def set_up_database(administrator: str, writer: str) -> str:
    """Make the writer's database, schema and login where they are missing, and give the login its password again.

    Both are addresses as `dsn_of` answers them; the administrator's database is not touched. Safe to run again. Answers
    which database it is.

    Raises:
        LedgerAddressError: the writer's address names no login.
        LedgerEncodingError: somebody made the database for other texts than ours.
        LedgerTooNewError: a newer version made the schema.
        LedgerUnavailableError: the server does not answer, or the administrator may not do this.
    """
    wanted = psycopg.conninfo.conninfo_to_dict(writer)
    database, login = str(wanted["dbname"]), str(wanted.get("user") or "")
    if not login:
        raise LedgerAddressError(detail="没有写登录名")
    inside = psycopg.conninfo.make_conninfo(administrator, dbname=database)
    with answering(inside):
        with plainly_connected(administrator, for_ever=True) as connection:
            _make_login(connection, login, wanted.get("password"))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
                connection.execute(sql.SQL(_MAKE).format(sql.Identifier(database)))
            # Nobody enters but the login; what it may do there is the writer role's.
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), sql.Identifier(login))
            )
        with plainly_connected(inside, for_ever=True) as connection:
            if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
                raise LedgerEncodingError(place=place_of(inside), encoding=str(encoding))
            prepare_schema(connection, place_of(inside))
            connection.execute(sql.SQL("GRANT duban_writer TO {}").format(sql.Identifier(login)))
    return place_of(inside)


def _make_login(connection: psycopg.Connection[tuple[object, ...]], login: str, password: object) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(login)))
    if password:
        # Hashed here, so that neither the server's log nor its statistics ever see it.
        hashed = connection.pgconn.encrypt_password(str(password).encode(), login.encode(), b"scram-sha-256")
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(hashed.decode()))
        )
