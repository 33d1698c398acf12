"""Logs under one log of heads, each in a folder of its own, as small as they can be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.clock import system_clock
from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from application.audit.log_of_heads import LogOfHeads

NOW = system_clock.now


class OneLog:
    """A log of one department: it reads itself, so that it grows."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.ledger = SqliteLedger.open(folder / "ledger.db", NOW)
        evidence = FolderEvidence(folder / "evidence")
        vault = FolderVault(folder / "vault")
        self.log = LedgerAuditLog(self.ledger.log_store(), vault, evidence, folder / "keys", name, NOW)

    @classmethod
    async def opened(cls, folder: Path, name: str, entries: int = 3) -> OneLog:
        """A log with its key, and so many entries under a signed head."""
        made = cls(folder, name)
        await made.log.open()
        await made.grow(entries - 1)
        return made

    async def grow(self, entries: int, reader: str = "李审计") -> None:
        """Append so many entries and sign over them."""
        for _ in range(entries):
            await self.log.record_reading(reader, "audit heads")
        await self.log.seal()

    def vkey(self) -> str:
        """The key that it began with."""
        return self.log.policy().splitlines()[0].removeprefix("log ")

    def request(self, since: int = 0) -> bytes:
        """Its last head, with the proof that it extends that of `since` entries."""
        return self.log.witness_request(since).encode()

    def twin(self, folder: Path) -> OneLog:
        """Somebody's copy of the whole installation, which goes its own way."""
        self.close()
        shutil.copytree(self.folder, folder)
        self.__init__(self.folder, self.name)  # type: ignore[misc]
        return OneLog(folder, self.name)

    def close(self) -> None:
        """Let the store go."""
        self.ledger.close()


@contextmanager
def log_of_heads(folder: Path) -> Iterator[tuple[LogOfHeads, LedgerAuditLog]]:
    """A log of heads, and the log that signs it."""
    above = OneLog(folder, "province.example/heads")
    try:
        yield LogOfHeads(above.ledger, above.ledger.log_store(), above.log), above.log
    finally:
        above.close()
