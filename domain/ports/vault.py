"""The vault: the exact bytes of workflow histories, kept longer than the engine keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import Field

from domain.frozen import Frozen


class KeptFile(Frozen):
    """One kept file: its hash goes into the ledger, its `name` is its place in the vault and in a bundle."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class HistoryVault(Protocol):
    """MUST keep the bytes as they are; MUST NOT replace a history that is there by another."""

    async def keep(self, workflow_id: str, run_id: str, history: bytes, readable: bytes) -> Sequence[KeptFile]:
        """Keep a run's history and a form of it that people read; the same again changes nothing.

        Raises:
            LedgerConflictError: other bytes are kept under this run.
            LedgerUnavailableError: the vault cannot be written.
        """

    def has(self, workflow_id: str, run_id: str) -> bool:
        """Whether a run's history is kept."""

    def files(self) -> Sequence[str]:
        """The names of all kept files, in order."""

    def read(self, name: str) -> bytes:
        """The bytes of a kept file.

        Raises:
            NotInLedgerError: nothing is kept under this name.
        """
