"""The evidence store as a folder: `SHA256` under the first two of its characters, never written again."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from adapters.evidence.measured import ERASED, as_measured, measured, must_be_unchanged, place_of
from adapters.files.whole_file import force_folder, write_pieces
from domain.errors import LedgerUnavailableError
from domain.evidence import EvidenceFile
from domain.os_faults import os_fault
from domain.record.ledger_errors import ErasedEvidenceError, NotInLedgerError

_FOLDER_MODE = 0o700
_FILE_MODE = 0o400


class FolderEvidence:
    """Keeps files under one folder; a file is whole and on the disk before it has its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, name: str, data: bytes) -> EvidenceFile:
        return await self.take(name, io.BytesIO(data))

    async def take(self, name: str, file: BinaryIO) -> EvidenceFile:
        return await asyncio.to_thread(self._take, name, file)

    def has(self, sha256: str, size: int | None = None) -> bool:
        path = self._place(sha256)
        return path.is_file() and size in (None, path.stat().st_size)

    def read(self, sha256: str) -> bytes:
        with self.open(sha256) as file:
            try:
                return file.read()
            except OSError as error:
                raise self._unreadable(error) from error

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._place(sha256).open("rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotInLedgerError(event_id=sha256) from error
        except OSError as error:
            raise self._unreadable(error) from error

    def lacking(self, hashes: Iterable[str]) -> list[str]:
        return [sha256 for sha256 in hashes if not self.has(sha256)]

    def trouble(self) -> str | None:
        """A folder keeps what it is given; whether there is room is asked of its disk."""
        return None

    async def erase(self, sha256: str) -> None:
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
        return self._place(sha256).with_suffix(ERASED)

    def _unwritable(self, error: OSError) -> LedgerUnavailableError:
        return LedgerUnavailableError(
            f"佐证库“{self._folder}”不能写入（{os_fault(error)}）：请检查磁盘和权限，恢复后再试。",
            place=str(self._folder),
        )

    def _unreadable(self, error: OSError) -> LedgerUnavailableError:
        return LedgerUnavailableError(
            f"佐证库“{self._folder}”读不出来（{os_fault(error)}）：请检查磁盘和权限，恢复后再试。",
            place=str(self._folder),
        )

    def _place(self, sha256: str) -> Path:
        return self._folder / place_of(sha256)

    def _take(self, name: str, file: BinaryIO) -> EvidenceFile:
        sha256, size = measured(file)
        described = EvidenceFile.named(name, sha256, size)
        path = self._place(sha256)
        if self._mark(sha256).exists():
            raise ErasedEvidenceError(sha256=sha256)
        try:
            if path.exists():
                with path.open("rb") as kept:
                    must_be_unchanged(kept, sha256, str(path))
                return described
            self._make_folder(path.parent)
            write_pieces(path, as_measured(file, sha256), _FILE_MODE)
            if self._mark(sha256).exists():
                # It was erased while it came: what came stays no longer than that.
                path.unlink(missing_ok=True)
                force_folder(path.parent)
                raise ErasedEvidenceError(sha256=sha256)
        except OSError as error:
            raise self._unwritable(error) from error
        return described

    def _make_folder(self, folder: Path) -> None:
        for part in (self._folder, folder):
            if not part.exists():
                part.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
                force_folder(part.parent)
