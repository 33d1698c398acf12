"""What a failing SQLite store means to the one who wanted to write."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from domain.errors import LedgerUnavailableError
from domain.os_faults import os_fault

_MEANINGS = {
    "SQLITE_FULL": ("磁盘已满", "请腾出空间"),
    "SQLITE_READONLY": ("文件或磁盘是只读的", "请检查挂载方式和文件权限"),
    "SQLITE_BUSY": ("被另一进程占用", "请等它结束"),
    "SQLITE_LOCKED": ("被另一连接占用", "请等它结束"),
    "SQLITE_CANTOPEN": ("打不开", "请检查目录是否存在、是否有权限"),
    "SQLITE_IOERR": ("磁盘读写出错", "请检查磁盘"),
    "SQLITE_CORRUPT": ("文件已损坏", "请管理员停机并从备份恢复"),
    "SQLITE_NOTADB": ("文件已不是数据库", "请管理员停机并从备份恢复"),
}


def _words(name: str) -> tuple[str, str] | None:
    return next((words for code, words in _MEANINGS.items() if name.startswith(code)), None)


def fault(error: sqlite3.Error | OSError) -> str:
    """What is wrong with a file, in words; what has no word of ours as the library says it."""
    if isinstance(error, OSError):
        return os_fault(error)
    words = _words(getattr(error, "sqlite_errorname", "") or "")
    return words[0] if words else str(error)


def unavailable(path: Path, error: Exception, what: str = "台账") -> LedgerUnavailableError:
    """The error to raise for a store that does not answer: says which file, what is wrong, what to do."""
    name = getattr(error, "sqlite_errorname", "") or ""
    meaning, remedy = _words(name) or ("不能写入", "请检查磁盘和权限")
    if not name and "decode" in str(error).lower():
        meaning, remedy = _MEANINGS["SQLITE_CORRUPT"]
    detail = name or (error.strerror if isinstance(error, OSError) and error.strerror else str(error))
    return LedgerUnavailableError(
        f"{what}“{path}”{meaning}（{detail}）：{remedy}，恢复后会自动重试。", place=str(path), detail=detail
    )
