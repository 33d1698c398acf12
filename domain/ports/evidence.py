"""The evidence store: the files that departments show, by the hash of their content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from domain.evidence import EvidenceFile


class EvidenceStore(Protocol):
    """MUST keep the bytes as they are under their own hash, whole or not at all; MUST NOT replace them, and remove none
    but by `erase`. Whatever is asked of a store that does not answer is a LedgerUnavailableError."""

    async def keep(self, name: str, data: bytes) -> EvidenceFile:
        """Keep a file; the same content again changes nothing.

        Raises:
            LedgerUnavailableError: the store cannot be written.
            LedgerConflictError: what is kept under this hash was changed.
            ErasedEvidenceError: it was erased, and stays so.
        """

    async def erase(self, sha256: str) -> None:
        """Remove a file for good: it is not kept again either; what is not there is only kept out.

        Raises:
            LedgerUnavailableError: the store cannot be written.
        """

    async def take(self, name: str, file: BinaryIO) -> EvidenceFile:
        """Keep a file that can be read from its beginning, piece by piece: never the whole of it in memory.

        Raises:
            LedgerUnavailableError: the store cannot be written.
            LedgerConflictError: what is kept under this hash was changed, or the file changed while it was read.
            ErasedEvidenceError: it was erased, and stays so.
        """

    def has(self, sha256: str, size: int | None = None) -> bool:
        """Whether a file is kept under this hash, of this size where one is given."""

    def lacking(self, hashes: Iterable[str]) -> list[str]:
        """Those of these hashes under which nothing is kept, in their order."""

    def trouble(self) -> str | None:
        """Why the store cannot be what it must be, in a sentence that says what to do; none where it can."""

    def read(self, sha256: str) -> bytes:
        """The bytes that are kept under a hash, as they are now.

        Raises:
            NotInLedgerError: nothing is kept under it.
        """

    def open(self, sha256: str) -> BinaryIO:
        """The file that is kept under a hash, to be read piece by piece and closed.

        Raises:
            NotInLedgerError: nothing is kept under it.
        """
