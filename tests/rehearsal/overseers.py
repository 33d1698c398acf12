"""The audit office and the archives of a rehearsed year: two witnesses, and an auditor who keeps each head they saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from adapters.ledger.log_store import LogStore
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.ledger.transparency_log import TransparencyLog
from application.office.office import Records
from application.settings import Settings
from entrypoints.bootstrap import engine_now
from verifier.witness import Witness

NAMES = ("audit-office.example", "archives.example")


@dataclass
class Overseers:
    """Witnesses with folders of their own; `kept` are the heads that they saw, in order."""

    records: Records
    log: TransparencyLog
    store: LogStore
    folder: Path
    kept: list[bytes] = field(default_factory=list)

    @classmethod
    async def appointed(cls, settings: Settings, records: Records) -> Overseers:
        """Make the witnesses of an open log and let the installation trust them."""
        store = cast(SqliteLedger, records.ledger).log_store()
        log = TransparencyLog(store, settings.keys_folder, settings.log_origin, engine_now)
        made = cls(records, log, store, settings.data / "overseers")
        for name in NAMES:
            key = Witness(made.folder / name).create(name, log.vkeys())
            await records.log.trust_witness(name.partition(".")[0], str(key))
        return made

    async def end_a_period(self) -> None:
        """Let the ledger say its streams' heads, sign, let both witnesses cosign, and keep the head."""
        await self.log.close_day()
        for name in NAMES:
            witness = Witness(self.folder / name)
            head = witness.kept_head()
            request = self.records.log.witness_request(head.size if head else 0)
            line = witness.cosign(request.encode(), int(engine_now().timestamp()))
            await self.records.log.add_cosignature(line)
        self.kept.append(self.log.head().encode())
