"""Where an installation's ledger is: a SQLite file, or the PostgreSQL database that an address names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

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

    def open(self, now: Callable[[], datetime]) -> SqliteLedger | PostgresLedger:
        """Open the ledger, or make it; `now` is the writer's clock.

        Raises:
            InputError: the address or its password cannot be read, or a newer version made the ledger.
            LedgerUnavailableError: the store does not answer.
        """
        dsn = self._dsn()
        if dsn is None:
            return SqliteLedger.open(self.file, now)
        from adapters.ledger.postgres_ledger import PostgresLedger

        return PostgresLedger.open(dsn, now)

    def is_there(self) -> bool:
        """Whether a ledger was made there."""
        dsn = self._dsn()
        if dsn is None:
            return self.file.exists()
        from adapters.ledger.postgres_ledger import PostgresLedger

        return PostgresLedger.is_there(dsn)

    @property
    def place(self) -> str:
        """Where it is, without anything secret."""
        dsn = self._dsn()
        if dsn is None:
            return str(self.file)
        from adapters.ledger.postgres_connections import place_of

        return f"PostgreSQL {place_of(dsn)}"

    def set_up(self, administrator: str, password_file: Path | None) -> str:
        """Make the database, its schema and its login as an administrator of PostgreSQL; safe to run again.

        Raises:
            InputError: there is no address of PostgreSQL, or one cannot be used.
            LedgerUnavailableError: the server does not answer, or the administrator may not do this.
        """
        dsn = self._dsn()
        if dsn is None:
            raise InputError("没有设置 DUBAN_LEDGER_URL：台账就是数据目录里的文件，无须准备数据库。")
        from adapters.ledger.postgres_connections import dsn_of
        from adapters.ledger.postgres_setup import set_up_database

        return set_up_database(dsn_of(administrator, _text_of(password_file)), dsn)

    def _dsn(self) -> str | None:
        if not self.url:
            return None
        from adapters.ledger.postgres_connections import dsn_of

        return dsn_of(self.url, _text_of(self.password_file))


def _text_of(file: Path | None) -> str | None:
    try:
        return file.read_text(encoding="utf-8").strip() if file else None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"口令文件 {file} 读不出来：{error}。", place=str(file)) from error
