"""The bundle: everything that an auditor needs to verify the ledger elsewhere, as a folder or a tar of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.ledger.leaf_bytes import appended_of, event_in
from adapters.ledger.log_store import LogStore
from adapters.ledger.log_tiles import WIDTH, LogTiles
from adapters.ledger.rows import KeptCheckpoint
from adapters.ledger.transparency_log import TransparencyLog
from domain.errors import InputError
from domain.events import DOMAIN_EVENT
from domain.evolution import evolve
from domain.os_faults import not_written
from domain.ports.evidence import EvidenceStore
from domain.ports.vault import HistoryVault
from domain.record.erasures import ERASURES_STREAM
from domain.record.leaf import CLOSED_RUN, ROW_STREAMS, fields_of
from domain.record.ledger_errors import BundleExistsError, NotInLedgerError
from domain.record.reported_state import TIMELINE_COLUMNS, reported_state, timeline_row
from domain.state import ProjectState

_PROJECTS = "key-project/"
_PAGE = 1_000
_ROWS_KEPT = {f"{table}.kept": table for table in ROW_STREAMS}
_README = """督办台账审计包 / Duban audit bundle

本包可在任何装有 Python 3.11 以上的机器上离线核验，无需网络、数据库或督办程序：
    python -m verifier 本包 --policy 您自己保存的策略文件 --kept 您以前留存的校验值
log/ 是公开格式（C2SP tlog-tiles、RFC 6962），也可用别的工具核验。

This bundle is verified offline with the `verifier` package; log/ is in the public C2SP formats.
"""


@dataclass(frozen=True, slots=True)
class BundleExtras:
    """What stands in a bundle beside the log: the policy and the code's versions."""

    policy: str
    versions: Mapping[str, str]


class BundleExport:
    """Writes bundles of one log."""

    def __init__(self, log: TransparencyLog, store: LogStore, vault: HistoryVault, evidence: EvidenceStore) -> None:
        self._log = log
        self._store = store
        self._vault = vault
        self._evidence = evidence
        self.missing: list[str] = []
        """What the last bundle should hold and could not, because it is not kept any more."""

    def write(self, place: Path, head: KeptCheckpoint, extras: BundleExtras) -> Path:
        """Write a bundle of everything under a signed head; a place that ends with `.tar` becomes one file.

        Raises:
            BundleExistsError: something is at the place already.
            InputError: the place cannot be written.
        """
        if place.exists():
            raise BundleExistsError(place=str(place))
        folder = place.with_name(place.name + ".part")
        shutil.rmtree(folder, ignore_errors=True)
        try:
            for name, data in self.contents(head, extras):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            if place.suffix == ".tar":
                _pack(folder, place)
            else:
                folder.rename(place)
        except OSError as error:
            if place.suffix == ".tar":
                place.unlink(missing_ok=True)
            raise InputError(not_written(place, error), place=str(place)) from error
        finally:
            # What was begun would keep the disk full.
            shutil.rmtree(folder, ignore_errors=True)
        return place

    def contents(self, head: KeptCheckpoint, extras: BundleExtras) -> Iterator[tuple[str, bytes]]:
        """Every file of a bundle, name and bytes; the manifest over the others comes last, and its note."""
        files = []
        self.missing = []
        for name, data in self._files(head, extras):
            files.append({"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})
            yield name, data
        files.sort(key=lambda file: str(file["path"]))
        origin = head.note.partition("\n")[0]
        manifest = _json({"v": 1, "origin": origin, "size": head.size, "files": files})
        yield "manifest.json", manifest
        yield "manifest.note", self._log.signed_manifest(manifest, origin).encode()

    def _files(self, head: KeptCheckpoint, extras: BundleExtras) -> Iterator[tuple[str, bytes]]:
        yield "README.txt", _README.encode()
        yield "policy", extras.policy.encode()
        yield "code/versions.json", _json(dict(extras.versions))
        yield "log/checkpoint", self._log.note_of(head).encode()
        tiles = self._log.tiles(head)
        yield from self._tiles(head.size, tiles)
        yield from self._heads(head, tiles)
        yield from self._entries(head, tiles)

    def _tiles(self, size: int, tiles: LogTiles) -> Iterator[tuple[str, bytes]]:
        level, hashes = 0, size
        while hashes:
            for index in range((hashes + WIDTH - 1) // WIDTH):
                tile = tiles.tile(level, index)
                yield f"log/{tile_path(str(level), index, len(tile))}", b"".join(tile)
            level, hashes = level + 1, hashes // WIDTH

    def _heads(self, head: KeptCheckpoint, tiles: LogTiles) -> Iterator[tuple[str, bytes]]:
        by_day: dict[str, KeptCheckpoint] = {}
        chosen: dict[int, KeptCheckpoint] = {}
        for checkpoint in self._store.checkpoints():
            if checkpoint.size < head.size:
                by_day[checkpoint.made_at[:10]] = checkpoint
                if self._store.cosignatures(checkpoint.size):
                    chosen[checkpoint.size] = checkpoint
        chosen |= {checkpoint.size: checkpoint for checkpoint in by_day.values()}
        for size, checkpoint in sorted(chosen.items()):
            yield f"checkpoints/{size}", self._log.note_of(checkpoint).encode()
            yield f"proofs/{size}-{head.size}.consistency", self._log.extension(size, head, tiles).encode()
        for later in self._store.checkpoints():
            if later.size > head.size:
                yield f"later/{later.size}.consistency", self._log.extension(head.size, later).encode()

    def _entries(self, head: KeptCheckpoint, tiles: LogTiles) -> Iterator[tuple[str, bytes]]:
        timeline = io.StringIO()
        lines = csv.writer(timeline, lineterminator="\n")
        lines.writerow(TIMELINE_COLUMNS)
        streams: dict[str, int] = {}
        named: set[str] = set()
        erased = frozenset(event_in(leaf)["data"]["sha256"] for leaf in self._store.leaves_of(ERASURES_STREAM))
        lasts: dict[str, int] = {}
        rows: Counter[str] = Counter()
        states: dict[str, ProjectState] = {}
        for first in range(0, head.size, WIDTH):
            leaves = self._store.leaves(first, min(first + WIDTH, head.size))
            bundle = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)
            yield f"log/{tile_path('entries', first // WIDTH, len(leaves))}", bundle
            for position, leaf in enumerate(leaves, start=first):
                event = event_in(leaf)
                lines.writerow(timeline_row(position, appended_of(leaf), event))
                streams[event["stream"]] = event["seq"] + 1
                lasts[event["stream"]] = position
                _fold(states, event)
                if event["type"] in _ROWS_KEPT:
                    rows[_ROWS_KEPT[event["type"]]] += len(event["data"]["sha256"])
                yield from self._attached(event, named, erased)
        for position in sorted(at for stream, at in lasts.items() if stream.startswith(_PROJECTS)):
            yield f"proofs/{position}.tlog-proof", self._log.receipt_at(position, head, tiles=tiles).encode()
        for table, count in sorted(rows.items()):
            pages = (self._store.lines(table, at, min(_PAGE, count - at)) for at in range(0, count, _PAGE))
            yield f"rows/{table}.jsonl", "".join(f"{line}\n" for page in pages for line in page).encode()
        yield "report/timeline.csv", timeline.getvalue().encode()
        yield "report/state.json", _json(reported_state(head.size, streams, states.values()))
        yield "report/verification.txt", f"导出时的校验值 / checksum at export:\n\n{self._log.note_of(head)}".encode()

    def _attached(
        self, event: Mapping[str, Any], named: set[str], erased: frozenset[str]
    ) -> Iterator[tuple[str, bytes]]:
        """The files that an event names and no earlier one did; what is lost is left out, and the verifier says so."""
        is_history = event["type"] == CLOSED_RUN
        for blob in event["blobs"]:
            name = blob["name"] if is_history else f"blobs/{blob['sha256']}"
            if name in named:
                continue
            named.add(name)
            try:
                data = self._vault.read(blob["name"]) if is_history else self._evidence.read(blob["sha256"])
            except NotInLedgerError:
                if is_history or blob["sha256"] not in erased:
                    self.missing.append(name)
            else:
                yield name, data


def tile_path(level: str, index: int, width: int) -> str:
    """The path of a tile or an entry bundle (C2SP tlog-tiles)."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == WIDTH else f".p/{width}")


def _fold(states: dict[str, ProjectState], event: Mapping[str, Any]) -> None:
    stream = event["stream"]
    if stream.startswith(_PROJECTS):
        state = evolve(states.get(stream), DOMAIN_EVENT.read(fields_of(event)))
        if state is not None:
            states[stream] = state


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _pack(folder: Path, place: Path) -> None:
    with tarfile.open(place, "w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = tarfile.TarInfo(path.relative_to(folder).as_posix())
            info.size, info.mode = path.stat().st_size, 0o644
            with path.open("rb") as file:
                tar.addfile(info, file)
