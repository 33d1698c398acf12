"""The vault as a folder: `histories/WORKFLOW/RUN.pb`, and a `.json` beside it for people."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

from adapters.files.whole_file import force_folder, keep
from domain.errors import LedgerConflictError, LedgerUnavailableError
from domain.os_faults import os_fault
from domain.ports.vault import KeptFile
from domain.record.ledger_errors import NotInLedgerError

_HISTORIES = "histories"


class FolderVault:
    """Keeps histories under one folder; a file is whole on the disk before it has its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, workflow_id: str, run_id: str, history: bytes, readable: bytes) -> Sequence[KeptFile]:
        place = _place(workflow_id, run_id)
        return [
            await asyncio.to_thread(self._keep, f"{place}.pb", history),
            await asyncio.to_thread(self._keep, f"{place}.json", readable),
        ]

    def has(self, workflow_id: str, run_id: str) -> bool:
        return (self._folder / f"{_place(workflow_id, run_id)}.pb").exists()

    def files(self) -> Sequence[str]:
        found = (self._folder / _HISTORIES).rglob("*")
        return sorted(file.relative_to(self._folder).as_posix() for file in found if file.suffix in (".pb", ".json"))

    def read(self, name: str) -> bytes:
        path = self._folder / name
        inside = name.startswith(f"{_HISTORIES}/") and ".." not in path.parts and path.suffix in (".pb", ".json")
        if not inside or not path.is_file():
            raise NotInLedgerError(event_id=name)
        return path.read_bytes()

    def _keep(self, name: str, data: bytes) -> KeptFile:
        path = self._folder / name
        kept = KeptFile(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        try:
            if path.exists():
                if path.read_bytes() != data:
                    raise LedgerConflictError(
                        f"“{name}”已经存有另一份历史：未覆盖；请管理员查明哪一份是真的。", name=name
                    )
                return kept
            keep(path, data)
            self._onto_the_disk(path.parent)
        except OSError as error:
            raise LedgerUnavailableError(
                f"历史库“{self._folder}”不能写入（{os_fault(error)}）：请检查磁盘和权限，恢复后会自动重试。",
                place=str(self._folder),
            ) from error
        return kept

    def _onto_the_disk(self, folder: Path) -> None:
        """Let the names survive a power failure, or the ledger would name a file that is not there."""
        while folder != self._folder.parent:
            force_folder(folder)
            folder = folder.parent


def _place(workflow_id: str, run_id: str) -> str:
    parts = [*workflow_id.split("/"), run_id]
    if any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in parts):
        raise NotInLedgerError(event_id=f"{workflow_id} {run_id}")
    return "/".join([_HISTORIES, *parts])
