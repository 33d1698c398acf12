"""A careful forger: has the log's own key and every program of the writer, but neither the witnesses nor the past."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import rfc8785

from adapters.ledger.bundle_export import BundleExport, BundleExtras
from adapters.ledger.leaf_bytes import leaf_hash
from adapters.ledger.log_store import LogStore
from adapters.ledger.log_tiles import LogTiles
from adapters.ledger.merkle import tree_root
from adapters.ledger.rows import KeptCheckpoint
from adapters.ledger.signed_notes import checkpoint_text, read_key, signed_note
from adapters.ledger.transparency_log import TransparencyLog
from domain.ports.evidence import EvidenceStore
from domain.ports.vault import HistoryVault
from verifier.bundle import sha256_of
from verifier.verify import Trust


class Subject(Protocol):
    """A year gone by, as whoever attacks its bundle has it: the log's key (in `folder/keys`) and all the rest."""

    folder: Path
    origin: str
    instant: datetime
    store: LogStore
    vault: HistoryVault
    evidence: EvidenceStore
    kept: list[bytes]
    """The heads that an auditor kept, the last one being the bundle's."""

    def extras(self) -> BundleExtras:
        """What stands in the bundle beside the log."""

    def files(self) -> dict[str, bytes]:
        """The honest bundle."""

    def trust(self) -> Trust:
        """What the auditor brings along."""


class ForgedStore(LogStore):
    """A log store over entries that were made up, with heads signed anew and the old cosignatures put under them."""

    def __init__(self, year: Subject, leaves: list[bytes]) -> None:
        self._leaves = leaves
        self._year_lines = year.store.lines
        self._hashes = [leaf_hash(leaf) for leaf in leaves]
        self._cosignatures = {head.size: year.store.cosignatures(head.size) for head in year.store.checkpoints()}
        key = read_key(year.folder / "keys" / "ledger.key")
        sizes = [head.size for head in year.store.checkpoints() if head.size < len(leaves)]
        self._heads: list[KeptCheckpoint] = []
        # What is complete in the longest tree is the same in those that it begins with.
        tiles = LogTiles(self, len(leaves))
        for size in [*sizes, len(leaves)]:
            root = tree_root(size, tiles.node)
            note = signed_note(checkpoint_text(year.origin, size, root), [key])
            self._heads.append(KeptCheckpoint(size, root, note, f"2018-01-01T00:00:{len(self._heads):02d}.000000Z"))

    def size(self) -> int:
        return len(self._leaves)

    def leaves(self, first: int, end: int) -> Sequence[bytes]:
        return self._leaves[first:end]

    def leaf_hashes(self, first: int, end: int) -> Sequence[bytes]:
        return self._hashes[first:end]

    def tile(self, level: int, index: int) -> bytes | None:
        return None

    def checkpoints(self) -> Sequence[KeptCheckpoint]:
        return self._heads

    def last_checkpoint(self) -> KeptCheckpoint:
        return self._heads[-1]

    def cosignatures(self, size: int) -> Sequence[str]:
        return self._cosignatures.get(size, [])

    def leaves_of(self, stream: str, last: int | None = None) -> Sequence[bytes]:
        assert last is None
        return [leaf for leaf in self._leaves if stream_of(leaf) == stream]

    def lines(self, table: str, first: int, count: int) -> Sequence[str]:
        return self._year_lines(table, first, count)

    def faults(self) -> Sequence[str]:
        return []

    def misplaced(self, first: int, end: int) -> Sequence[int]:
        return []


class Forger:
    """Makes bundles that are whole in themselves."""

    def __init__(self, year: Subject) -> None:
        self._year = year
        self._key = read_key(year.folder / "keys" / "ledger.key")
        self._extras = year.extras()
        self.leaves = list(year.store.leaves(0, year.store.size()))

    def bundle(self, leaves: list[bytes]) -> dict[str, bytes]:
        """A bundle over other entries, every head and proof made anew."""
        store = ForgedStore(self._year, leaves)
        log = TransparencyLog(store, self._year.folder / "keys", self._year.origin, lambda: self._year.instant)
        export = BundleExport(log, store, self._year.vault, self._year.evidence)
        return dict(export.contents(store.last_checkpoint(), self._extras))

    def sign_manifest(self, files: dict[str, bytes]) -> None:
        """Make the manifest say what the files are now, and sign it."""
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = [
            {"path": name, "size": len(data), "sha256": sha256_of(data)}
            for name, data in sorted(files.items())
            if name not in ("manifest.json", "manifest.note")
        ]
        files["manifest.json"] = json.dumps(manifest, ensure_ascii=False).encode()
        text = f"duban-manifest/v1\n{self._year.origin}\n{sha256_of(files['manifest.json'])}\n"
        files["manifest.note"] = signed_note(text, [self._key]).encode()


@cache
def stream_of(leaf: bytes) -> str:
    """The stream that a leaf belongs to; most leaves stand in every forged bundle."""
    stream: str = json.loads(leaf)["event"]["stream"]
    return stream


def rewritten(leaf: bytes, **event: Any) -> bytes:
    """The leaf with other values in its event (or `appended`), in canonical form again."""
    parsed = json.loads(leaf)
    if "appended" in event:
        parsed["appended"] = event.pop("appended")
    parsed["event"] |= event
    return rfc8785.dumps(parsed)
