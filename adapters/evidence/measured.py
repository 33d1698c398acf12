"""A file's hash and size, and its pieces as they were measured: what both stores of evidence keep is the same."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import BinaryIO, Final

from domain.errors import LedgerConflictError
from domain.record.ledger_errors import NotInLedgerError

ERASED: Final = ".erased"
"""Beside a file's name: it was erased, and is not kept again."""
_HASH_LENGTH: Final = 64
_PIECE: Final = 262_144


def place_of(sha256: str) -> str:
    """Where a file lies in a store, below its beginning.

    Raises:
        NotInLedgerError: this is no hash, so that nothing can be kept under it.
    """
    if len(sha256) != _HASH_LENGTH or not sha256.isascii() or not sha256.isalnum():
        raise NotInLedgerError(event_id=sha256)
    return f"{sha256[:2]}/{sha256}"


def measured(file: BinaryIO) -> tuple[str, int]:
    """The hash and the size of a file that can be read from its beginning."""
    file.seek(0)
    # The standard library's own protocol for files that are read into a buffer names what every file here has.
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return sha256, file.seek(0, os.SEEK_END)


def as_measured(file: BinaryIO, sha256: str) -> Iterator[bytes]:
    """The pieces of a file; where they are not those that were measured, the last one is not given.

    Raises:
        LedgerConflictError: the file changed since.
    """
    read = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        read.update(piece)
        yield piece
    if read.hexdigest() != sha256:
        raise LedgerConflictError("佐证文件在读取时被改动，没有保存：请重新选择后再试。", sha256=sha256)


def must_be_unchanged(file: BinaryIO, sha256: str, place: str) -> None:
    """Refuse to take a kept file for what it is not any more.

    Raises:
        LedgerConflictError: its bytes are not those of its hash.
    """
    # As above.
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
        text = f"佐证库中的“{place}”已被改动过，与其摘要不符：未覆盖；请管理员查明后从备份恢复。"
        raise LedgerConflictError(text, place=place)
