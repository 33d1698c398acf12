"""Where an installation's ledger is: a SQLite file, or the PostgreSQL database that an address names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.files.secret_file import secret_in
from adapters.ledger.sqlite_ledger import SqliteLedger
from domain.errors import InputError

if TYPE_CHECKING:
    from adapters.ledger.postgres_ledger import PostgresLedger

# What PostgreSQL needs is loaded where an address names one: a command on a folder of its own does not wait for it.


@dataclass(frozen=True, slots=True)
class LedgerAddress:
    """The file, and the address that goes before it where there is one; its password may stand in a file of its own."""

    file: Path
    url: str | None = field(default=None, repr=False)
    password_file: Path | None = None

    def open(self, now: Callable[[], datetime], *, as_it_stands: bool = False) -> SqliteLedger | PostgresLedger:
        """Open the ledger, or make it; `now` is the writer's clock. With `as_it_stands` an older one stays so, and the
        program that works on it can start again; entries and what goes out can be read.

        Raises:
            InputError: the address or its password cannot be read, or a newer version made the ledger.
            LedgerUnavailableError: the store does not answer.
        """
        dsn = self.dsn()
        if dsn is None:
            return SqliteLedger.open(self.file, now, as_it_stands=as_it_stands)
        from adapters.ledger.postgres_ledger import PostgresLedger

        return PostgresLedger.open(dsn, now, as_it_stands=as_it_stands)

    def is_there(self) -> bool:
        """Whether a ledger was made there."""
        dsn = self.dsn()
        if dsn is None:
            return self.file.exists()
        from adapters.ledger.postgres_ledger import PostgresLedger

        return PostgresLedger.is_there(dsn)

    def copy_to(self, file: Path) -> bool:
        """Copy a PostgreSQL ledger into a ledger file; say whether it was one (a file is copied as a file).

        Raises:
            LedgerUnavailableError: the database does not answer, or the file cannot be written.
        """
        dsn = self.dsn()
        if dsn is None:
            return False
        from adapters.ledger.ledger_copy import copy_out

        copy_out(dsn, file)
        return True

    def fill_from(self, file: Path, now: Callable[[], datetime]) -> bool:
        """Fill an empty PostgreSQL ledger from a ledger file; say whether it is one.

        Raises:
            LedgerNotEmptyError: something is in it.
            LedgerUnavailableError: the database does not answer.
        """
        dsn = self.dsn()
        if dsn is None:
            return False
        from adapters.ledger.ledger_copy import copy_in
        from adapters.ledger.postgres_ledger import PostgresLedger

        PostgresLedger.open(dsn, now).close()
        copy_in(file, dsn)
        return True

    def must_be_empty(self) -> None:
        """Refuse a PostgreSQL ledger that has anything in it.

        Raises:
            LedgerNotEmptyError: it has.
            LedgerUnavailableError: the database does not answer.
        """
        dsn = self.dsn()
        if dsn is None:
            return
        from adapters.ledger.ledger_copy import must_be_empty
        from adapters.ledger.postgres_connections import connected
        from adapters.ledger.postgres_ledger import PostgresLedger

        if PostgresLedger.is_there(dsn):
            with connected(dsn) as connection:
                must_be_empty(connection, dsn)

    @property
    def place(self) -> str:
        """Where it is, without anything secret: a file by its whole name, for whoever stands in another folder."""
        dsn = self.dsn()
        if dsn is None:
            return str(self.file.resolve())
        from adapters.sql.postgres import place_of

        return f"PostgreSQL {place_of(dsn)}"

    def set_up(self, administrator: str, password_file: Path | None) -> str:
        """Make the database, its schema and its login as an administrator of PostgreSQL; safe to run again.

        Raises:
            InputError: there is no address of PostgreSQL, or one cannot be used.
            LedgerUnavailableError: the server does not answer, or the administrator may not do this.
        """
        dsn = self.dsn()
        if dsn is None:
            raise InputError("没有设置 DUBAN_LEDGER_URL：台账就是数据目录里的文件，无须准备数据库。")
        from adapters.ledger.postgres_setup import set_up_database
        from adapters.sql.postgres import dsn_of

        return set_up_database(dsn_of(administrator, secret_in(password_file, "口令文件")), dsn)

    def dsn(self) -> str | None:
        """How its PostgreSQL is reached, password and all; none where it is a file."""
        if not self.url:
            return None
        from adapters.sql.postgres import dsn_of

        return dsn_of(self.url, secret_in(self.password_file, "口令文件"))
