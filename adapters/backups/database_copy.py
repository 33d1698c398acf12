"""A copy of a SQLite file while others write to it: SQLite's own online backup, one moment of the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from adapters.sql.sqlite_failures import fault
from adapters.sql.sqlite_files import read_only_uri
from domain.errors import PhrasedError

_BUSY_SECONDS = 60.0


class DatabaseNotCopiedError(PhrasedError, rule="database_is_copied"):
    """A database could not be copied; it was left as it is."""

    says = "数据库“{place}”没有复制成功（{detail}）：请检查磁盘空间和权限，再试一次；原件未作改动。"
    place: str
    detail: str


def copy_database(source: Path, target: Path) -> None:
    """Copy the file as it is at one moment, what stands in its write-ahead log included, and check the copy.

    Raises:
        DatabaseNotCopiedError: the file is damaged, or the copy cannot be written.
    """
    try:
        with (
            closing(sqlite3.connect(read_only_uri(source), uri=True, timeout=_BUSY_SECONDS)) as there,
            closing(sqlite3.connect(target)) as here,
        ):
            # All pages in one step: a writer in another process would make a copy by steps begin again and again.
            there.backup(here, pages=-1)
            found = [str(row[0]) for row in here.execute("PRAGMA integrity_check(3)")]
            # The copy is one file: whoever opens it next may keep a log beside it again.
            here.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.Error, OSError) as error:
        raise DatabaseNotCopiedError(place=str(source), detail=fault(error)) from error
    if found != ["ok"]:
        raise DatabaseNotCopiedError(place=str(source), detail=f"文件已损坏：{found[0]}")
    target.chmod(0o600)
