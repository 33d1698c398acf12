"""The evidence store: the files that departments show, by the hash of their content."""

from __future__ import annotations

from typing import Protocol

from domain.evidence import EvidenceFile


class EvidenceStore(Protocol):
    """MUST keep the bytes as they are under their own hash, whole or not at all; MUST NOT replace or remove them."""

    async def keep(self, name: str, data: bytes) -> EvidenceFile:
        """Keep a file; the same content again changes nothing.

        Raises:
            LedgerUnavailableError: the store cannot be written.
            LedgerConflictError: what is kept under this hash was changed.
        """
        ...

    def has(self, sha256: str, size: int | None = None) -> bool:
        """Whether a file is kept under this hash, of this size where one is given."""
        ...

    def read(self, sha256: str) -> bytes:
        """The bytes that are kept under a hash, as they are now.

        Raises:
            NotInLedgerError: nothing is kept under it.
        """
        ...
