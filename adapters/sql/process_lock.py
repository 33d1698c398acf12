"""One writing process at a time, and at no instant two that write or checkpoint."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import LedgerUnavailableError
from domain.os_faults import os_fault

_PAUSE = 0.002


class ProcessLock:
    """A lock file beside the store.

    SQLite serialises writers by itself; but until version 3.51.3 two connections that commit and checkpoint at the same
    instant can lose a part of the write-ahead log; and of two that make the log at the same instant one is refused at
    once. Whoever makes, writes, checkpoints or closes a store holds this lock; `what` names the store to a person.
    """

    def __init__(self, path: Path, patience_seconds: float, what: str = "台账") -> None:
        self._path = path
        self._patience = patience_seconds
        self._what = what
        self._file: int | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the duration of the block.

        Raises:
            LedgerUnavailableError: another process kept it for too long, or its file cannot be opened.
        """
        file = self._opened()
        self._take(file)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let the lock file go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self) -> int:
        if self._file is None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise self._unavailable(error) from error
        return self._file

    def _unavailable(self, error: OSError) -> LedgerUnavailableError:
        folder, why = self._path.parent, os_fault(error)
        if os.access(folder, os.W_OK | os.X_OK) and folder.is_dir():
            told = f"{self._what}的锁文件“{self._path}”打不开（{why}）：请检查磁盘和权限，恢复后会自动重试。"
            return LedgerUnavailableError(told, place=str(self._path))
        told = f"{self._what}所在目录“{folder}”不能写入（{why}）：请检查磁盘和权限，恢复后会自动重试。"
        return LedgerUnavailableError(told, place=str(folder))

    def _take(self, file: int) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    what, place, seconds = self._what, str(self._path), self._patience
                    told = f"{what}“{place}”被另一进程占用超过 {seconds:g} 秒：请等它结束，之后会自动重试。"
                    raise LedgerUnavailableError(told, place=place) from None
                time.sleep(_PAUSE)
            else:
                return
