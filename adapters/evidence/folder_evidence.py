"""The evidence store as a folder: `SHA256` under the first two of its characters, never written again."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from adapters.files.whole_file import force_folder, write_whole
from domain.errors import LedgerConflictError, LedgerUnavailableError
from domain.evidence import EvidenceFile
from domain.record.ledger_errors import NotInLedgerError

_FOLDER_MODE = 0o700
_FILE_MODE = 0o400
_HASH_LENGTH = 64


class FolderEvidence:
    """Keeps files under one folder; a file is whole and on the disk before it has its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, name: str, data: bytes) -> EvidenceFile:
        """Keep a file under its hash (see the port)."""
        described = EvidenceFile.of(name, data)
        await asyncio.to_thread(self._keep, described.sha256, data)
        return described

    def has(self, sha256: str, size: int | None = None) -> bool:
        """Whether a file is kept under this hash, of this size where one is given."""
        path = self._place(sha256)
        return path.is_file() and size in (None, path.stat().st_size)

    def read(self, sha256: str) -> bytes:
        """The bytes that are kept under a hash (see the port)."""
        path = self._place(sha256)
        if not path.is_file():
            raise NotInLedgerError(event_id=sha256)
        return path.read_bytes()

    def _place(self, sha256: str) -> Path:
        if len(sha256) != _HASH_LENGTH or not sha256.isascii() or not sha256.isalnum():
            raise NotInLedgerError(event_id=sha256)
        return self._folder / sha256[:2] / sha256

    def _keep(self, sha256: str, data: bytes) -> None:
        path = self._place(sha256)
        try:
            if path.exists():
                if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                    raise LedgerConflictError(
                        f"佐证库中的“{path}”已被改动过，与其摘要不符：未覆盖；请查明后从备份恢复。", place=str(path)
                    )
                return
            self._make_folder(path.parent)
            write_whole(path, data, _FILE_MODE)
        except OSError as error:
            raise LedgerUnavailableError(
                f"佐证库“{self._folder}”不能写入（{error.strerror}）：请检查磁盘和权限，恢复后再试。",
                place=str(self._folder),
            ) from error

    def _make_folder(self, folder: Path) -> None:
        for part in (self._folder, folder):
            if not part.exists():
                part.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
                force_folder(part.parent)
