"""The evidence store as a folder: `SHA256` under the first two of its characters, never written again."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from adapters.files.whole_file import force_folder, write_pieces
from domain.errors import LedgerConflictError, LedgerUnavailableError
from domain.evidence import EvidenceFile
from domain.record.ledger_errors import ErasedEvidenceError, NotInLedgerError

_FOLDER_MODE = 0o700
_FILE_MODE = 0o400
_HASH_LENGTH = 64
_PIECE = 262_144
_ERASED = ".erased"


class FolderEvidence:
    """Keeps files under one folder; a file is whole and on the disk before it has its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, name: str, data: bytes) -> EvidenceFile:
        """Keep a file under its hash (see the port)."""
        return await self.take(name, io.BytesIO(data))

    async def take(self, name: str, file: BinaryIO) -> EvidenceFile:
        """Keep a file under its hash, piece by piece (see the port)."""
        return await asyncio.to_thread(self._take, name, file)

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

    def open(self, sha256: str) -> BinaryIO:
        """The file that is kept under a hash (see the port)."""
        try:
            return self._place(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotInLedgerError(event_id=sha256) from error

    async def erase(self, sha256: str) -> None:
        """Remove a file for good (see the port)."""
        await asyncio.to_thread(self._erase, sha256)

    def _erase(self, sha256: str) -> None:
        path = self._place(sha256)
        try:
            # The mark comes first: whatever comes between, nobody keeps the file again.
            self._make_folder(path.parent)
            if not self._mark(sha256).exists():
                write_pieces(self._mark(sha256), (), _FILE_MODE)
            path.unlink(missing_ok=True)
            force_folder(path.parent)
        except OSError as error:
            raise self._unwritable(error) from error

    def _mark(self, sha256: str) -> Path:
        return self._place(sha256).with_suffix(_ERASED)

    def _unwritable(self, error: OSError) -> LedgerUnavailableError:
        return LedgerUnavailableError(
            f"佐证库“{self._folder}”不能写入（{error.strerror}）：请检查磁盘和权限，恢复后再试。",
            place=str(self._folder),
        )

    def _place(self, sha256: str) -> Path:
        if len(sha256) != _HASH_LENGTH or not sha256.isascii() or not sha256.isalnum():
            raise NotInLedgerError(event_id=sha256)
        return self._folder / sha256[:2] / sha256

    def _take(self, name: str, file: BinaryIO) -> EvidenceFile:
        sha256, size = _measured(file)
        described = EvidenceFile.named(name, sha256, size)
        path = self._place(sha256)
        if self._mark(sha256).exists():
            raise ErasedEvidenceError(sha256=sha256)
        try:
            if path.exists():
                with path.open("rb") as kept:
                    if _measured(kept)[0] != sha256:
                        raise LedgerConflictError(
                            f"佐证库中的“{path}”已被改动过，与其摘要不符：未覆盖；请查明后从备份恢复。", place=str(path)
                        )
                return described
            self._make_folder(path.parent)
            write_pieces(path, _as_measured(file, sha256), _FILE_MODE)
        except OSError as error:
            raise self._unwritable(error) from error
        return described

    def _make_folder(self, folder: Path) -> None:
        for part in (self._folder, folder):
            if not part.exists():
                part.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
                force_folder(part.parent)


def _measured(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    # The standard library's own protocol for files that are read into a buffer names what every file here has.
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return sha256, file.seek(0, os.SEEK_END)


def _as_measured(file: BinaryIO, sha256: str) -> Iterator[bytes]:
    """The pieces of a file; where they are not those that were measured, the last one is not given."""
    read = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        read.update(piece)
        yield piece
    if read.hexdigest() != sha256:
        raise LedgerConflictError("佐证文件在读取时被改动，没有保存：请重新选择后再试。", sha256=sha256)
