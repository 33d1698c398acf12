"""The bundle of a rehearsed 2018 of the real notice, and its honest bundles at any moment of the year."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.ledger.bundle_export import BundleExport, BundleExtras
from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.log_store import LogStore
from adapters.ledger.log_tiles import LogTiles
from adapters.ledger.merkle import tree_root
from adapters.ledger.rows import KeptCheckpoint
from adapters.ledger.signed_notes import checkpoint_text, read_key, signed_note
from adapters.ledger.transparency_log import TransparencyLog
from domain.ports.evidence import EvidenceStore
from domain.ports.vault import HistoryVault
from domain.record.leaf import leaf_instant
from entrypoints.bootstrap import engine_now
from tests.rehearsal.audited_year import AuditedYear
from tests.rehearsal.overseers import NAMES
from verifier.bundle import FolderBundle
from verifier.verify import Trust
from verifier.witness import Witness


@dataclass
class RealYear:
    """An audited year as the subject of a campaign: the real notice, engine, histories, evidence, policy, report."""

    folder: Path
    origin: str
    instant: datetime
    store: LogStore
    vault: HistoryVault
    evidence: EvidenceStore
    kept: list[bytes]
    policy: str
    exported: dict[str, bytes]

    @classmethod
    def of(cls, year: AuditedYear) -> RealYear:
        """The year with its bundle, exported as the auditor's command exports it."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "bundle"
            year.records.log.export(str(place), {"duban": "rehearsed"})
            bundle = FolderBundle(place)
            exported = {name: bundle.read(name) for name in bundle.names}
        settings, records = year.settings, year.records
        return cls(
            folder=settings.data,
            origin=settings.log_origin,
            instant=engine_now(),
            store=year.overseers.store,
            vault=records.vault,
            evidence=records.evidence,
            kept=year.overseers.kept,
            policy=records.log.policy(),
            exported=exported,
        )

    def extras(self) -> BundleExtras:
        """What stands in the bundle beside the log."""
        return BundleExtras(self.policy, {"duban": "rehearsed"})

    def files(self) -> dict[str, bytes]:
        """The bundle of the last head."""
        return dict(self.exported)

    def trust(self) -> Trust:
        """The policy, and every head kept so far but the last."""
        return Trust(self.policy.encode(), {f"kept-{number}": head for number, head in enumerate(self.kept[:-1])})


class Moments:
    """Honest bundles of one year at many moments: the log signed after every so many entries, both witnesses asked."""

    def __init__(self, year: RealYear, folder: Path) -> None:
        self._year = year
        self._key = read_key(year.folder / "keys" / "ledger.key")
        vkeys = [self._key.vkey]
        self._witnesses = [Witness(folder / name) for name in NAMES]
        keys = [witness.create(name, vkeys) for name, witness in zip(NAMES, self._witnesses, strict=True)]
        listed = "".join(f"witness w{number} {key}\n" for number, key in enumerate(keys))
        # Those that the year trusted stand in its entries: no honest policy leaves them out.
        listed += "".join(line for line in year.policy.splitlines(keepends=True) if line.startswith("witness "))
        self.policy = f"log {self._key.vkey}\n{listed}group both all w0 w1\nquorum both\n"
        self._kept: list[bytes] = []

    def bundle(self, size: int) -> tuple[dict[str, bytes], Trust]:
        """The bundle when the log had `size` entries, and what the auditor had kept by then; sizes must grow."""
        store = MomentStore(self._year.store, size, self._key_note(size))
        log = TransparencyLog(store, self._year.folder / "keys", self._year.origin, engine_now)
        seen = int(engine_now().timestamp()) + 1
        for witness in self._witnesses:
            head = witness.kept_head()
            request = log.extension(head.size if head else 0, store.last_checkpoint())
            store.cosigned.append(witness.cosign(request.encode(), seen).rstrip("\n"))
        export = BundleExport(log, store, self._year.vault, self._year.evidence)
        files = dict(export.contents(store.last_checkpoint(), BundleExtras(self.policy, {"duban": "rehearsed"})))
        assert export.missing == []
        trust = Trust(self.policy.encode(), {f"kept-{n}": head for n, head in enumerate(self._kept[-3:])})
        self._kept.append(files["log/checkpoint"])
        return files, trust

    def _key_note(self, size: int) -> KeptCheckpoint:
        root = tree_root(size, LogTiles(self._year.store, size).node)
        note = signed_note(checkpoint_text(self._year.origin, size, root), [self._key])
        return KeptCheckpoint(size, root, note, leaf_instant(engine_now()))


class MomentStore(LogStore):
    """The year's store as it was when it had so many entries, with one head more."""

    def __init__(self, store: LogStore, size: int, head: KeptCheckpoint) -> None:
        self._store, self._size, self._head = store, size, head
        self.cosigned: list[str] = []

    def size(self) -> int:
        return self._size

    def leaves(self, first: int, end: int) -> Sequence[bytes]:
        return self._store.leaves(first, min(end, self._size))

    def leaf_hashes(self, first: int, end: int) -> Sequence[bytes]:
        return self._store.leaf_hashes(first, min(end, self._size))

    def tile(self, level: int, index: int) -> bytes | None:
        return None

    def checkpoints(self) -> Sequence[KeptCheckpoint]:
        return [*(head for head in self._store.checkpoints() if head.size < self._size), self._head]

    def last_checkpoint(self) -> KeptCheckpoint:
        return self._head

    def cosignatures(self, size: int) -> Sequence[str]:
        return self.cosigned if size == self._size else []

    def leaves_of(self, stream: str, last: int | None = None) -> Sequence[bytes]:
        return [leaf for leaf in self.leaves(0, self._size) if event_in(leaf)["stream"] == stream]

    def lines(self, table: str, first: int, count: int) -> Sequence[str]:
        return self._store.lines(table, first, count)

    def faults(self) -> Sequence[str]:
        return []

    def misplaced(self, first: int, end: int) -> Sequence[int]:
        return []
