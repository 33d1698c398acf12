"""The transparency log: signs heads of the ledger, proves what stands in it, and takes witnesses' lines.

Nothing here is on the way of an append: heads are made afterwards, from what was committed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from adapters.ledger.last_head import GuardHead, LastHead
from adapters.ledger.leaf_bytes import appended_of, event_in, leaf_hash
from adapters.ledger.log_keys import LogKeys
from adapters.ledger.log_store import LogStore
from adapters.ledger.log_tiles import LogTiles
from adapters.ledger.merkle import consistency_proof, inclusion_proof, tree_root
from adapters.ledger.rows import KeptCheckpoint
from adapters.ledger.signed_notes import (
    checkpoint_text,
    consistency_file,
    inclusion_file,
    is_cosigned,
    is_log_signed,
    signed_note,
    vouched_keys,
)
from domain.clock import office_day
from domain.ids import event_id_for
from domain.record.leaf import HEADS_STREAM, LOG_STREAM, READINGS_STREAM, history_stream, instant_of, leaf_instant
from domain.record.ledger_errors import (
    CosignatureRefusedError,
    KnownHeadError,
    LedgerForkError,
    LedgerLostError,
    NotInLedgerError,
    UnsafeKeyError,
)
from domain.record.own_entries import OwnEntry

_STREAMS_A_LEAF = 150
Place = Literal["within", "beyond", "given up", "elsewhere"]
"""How a head that was kept apart relates to the ledger: a beginning of it, longer than it, of a generation whose end
was given up when a backup was restored, or of a generation that the ledger does not know."""


class TransparencyLog:
    """Heads and proofs over a store. `folder` holds the key and the second place of the last head."""

    def __init__(
        self,
        store: LogStore,
        folder: Path,
        origin: str,
        now: Callable[[], datetime],
        guards: Sequence[Path] = (),
    ) -> None:
        self._store = store
        self._now = now
        self._keys = LogKeys(store, folder, origin)
        self._last_head = LastHead(folder / "last-head", guards)
        self._known_within = ""
        """The head that was found to be a beginning of the ledger: acts ask again and again."""
        self._said_apart: LedgerForkError | None = None
        """What the heads on other disks said when they were last asked: acts hear it and wait for no disk."""

    @property
    def origin(self) -> str:
        """The log's name in its present generation, as it stands in every head."""
        return self._keys.origin

    async def open(self) -> None:
        """Make the key on first use, and say in the ledger that the log was opened and with which key.

        Raises:
            LedgerLostError: nothing is in the ledger, and it was signed before; nothing was changed.
            UnsafeKeyError: as `LogKeys.open`.
        """
        self._must_not_be_lost()
        if await self._keys.open():
            await self._finish_rotation("resumed")

    async def rotate_key(self, reason: str) -> None:
        """Put a new key in the place of the old one; both sign the head that has the change in it.

        The old key's file stays beside the new one, under its key's id. What was begun is finished by `open`.
        """
        self._store.must_take_more()
        self._keys.begin_change()
        await self._finish_rotation(reason)

    async def _finish_rotation(self, reason: str) -> None:
        await self._keys.say_change(reason)
        await self.seal()
        self._keys.end_change()

    def vkeys(self) -> list[str]:
        """Every public key that the log ever signed with, in order."""
        return self._keys.vkeys()

    def key_fault(self) -> UnsafeKeyError | None:
        """Why the log could not be signed with the key as it lies there (see `LogKeys.fault`)."""
        return self._keys.fault()

    async def restore(self, backup: Mapping[str, str], known_heads: Sequence[str]) -> GuardHead | None:
        """Begin a new generation over what a backup had; answer the longest head of the old one that is known, if it
        goes beyond.

        `known_heads` are heads that somebody kept; those in the second places are known besides.

        Raises:
            LedgerForkError: a known head contradicts what the backup has: nothing is signed.
            KnownHeadError: a text is no head of this log.
        """
        size = self._store.size()
        old_origin, root = self.origin, tree_root(size, LogTiles(self._store, size).node)
        keys = self.vkeys()
        kept = [*known_heads, *(head.note for head in self._last_head.read())]
        beyond = [
            head for text in kept if self._place_of(head := known_head(text, keys), size) in ("beyond", "elsewhere")
        ]
        longest = max(beyond, key=lambda head: head.size, default=None)
        at = leaf_instant(self._now())
        number = len(self._keys.restorations()) + 2
        origin = f"{self._keys.opened_as}/generation-{number}/{at[:19].replace('-', '').replace(':', '')}Z"
        said: dict[str, Any] = {
            "generation": number,
            "from": {"origin": old_origin, "size": size, "root": base64.b64encode(root).decode()},
            "backup": dict(backup),
        }
        if longest is not None:
            known = {"origin": longest.origin, "size": longest.size, "root": base64.b64encode(longest.root).decode()}
            said["known"] = known
        await self._keys.begin_generation(origin, said)
        await self.seal()
        return longest

    def _place_of(self, head: GuardHead, size: int) -> Place:
        """Where a head that was kept apart stands to the ledger as it is.

        Raises:
            LedgerForkError: it contradicts the ledger.
        """
        given_up: dict[str, int] = {}
        for said in self._keys.restorations():
            given_up.setdefault(said["from"]["origin"], said["from"]["size"])
            given_up.setdefault(said.get("known", said["from"])["origin"], 0)
        if head.size > given_up.get(head.origin, head.size):
            return "given up"
        if head.origin not in (*given_up, self.origin):
            return "elsewhere"
        if head.size > size:
            return "beyond"
        if tree_root(head.size, LogTiles(self._store, head.size).node) != head.root:
            raise LedgerForkError(size=head.size, detail="另存的校验值与台账现有条目算出的不同")
        return "within"

    async def seal(self) -> KeptCheckpoint | None:
        """Sign a head over everything that is there, if something came in since the last one; answer the last head.

        Raises:
            LedgerForkError: the ledger does not begin with what was signed before; nothing is signed.
            UnsafeKeyError: the key cannot be used.
        """
        return await asyncio.shield(self._seal())

    async def _seal(self) -> KeptCheckpoint | None:
        await self._store.keep_rows()
        last = self._store.last_checkpoint()
        prepared = await asyncio.to_thread(self._prepared_head, last)
        if prepared is None:
            return last
        tiles, head = prepared
        # The second place first: a crash here leaves a head that nobody has seen, and never a shown head unguarded.
        await asyncio.to_thread(self._last_head.keep, head.note)
        await self._store.seal(tiles.made, head)
        return head

    def _prepared_head(self, last: KeptCheckpoint | None) -> tuple[LogTiles, KeptCheckpoint] | None:
        size = self._size_beside_second_place()
        if size == 0 or (last is not None and last.size == size):
            return None
        old_size = last.size if last else 0
        if old_size > size:
            raise LedgerForkError(size=old_size, detail=f"台账只剩 {size} 条")
        # New leaves are hashed again before they are signed: the kept hash is not trusted.
        for first in range(old_size, size, 4_096):
            end = min(first + 4_096, size)
            kept = self._store.leaf_hashes(first, end)
            for offset, leaf in enumerate(self._store.leaves(first, end)):
                if leaf_hash(leaf) != kept[offset]:
                    raise LedgerForkError(size=first + offset, detail="该条的字节与其摘要不符")
        tiles = LogTiles(self._store, size)
        if last is not None and tree_root(old_size, tiles.node) != last.root:
            raise LedgerForkError(size=old_size, detail="台账现有条目算出的不同")
        root = tree_root(size, tiles.node)
        note = signed_note(checkpoint_text(self.origin, size, root), self._keys.signing()) + self._keys.vouching_lines()
        return tiles, KeptCheckpoint(size, root, note, leaf_instant(self._now()))

    def _must_not_be_lost(self) -> None:
        """A ledger that was signed and is empty was lost: one that is begun anew under its name would be a forgery."""
        if self._store.size():
            return
        try:
            signed = max((head.size for head in self._last_head.read()), default=0)
        except ValueError:
            return  # what cannot be read is told where a head is to be signed
        if signed:
            raise LedgerLostError(signed=signed)

    def fork(self, *, near: bool = False) -> LedgerForkError | None:
        """What a head that was kept apart (`near`: beside the key, or when all were last asked) says against the ledger
        as it is; none where they agree."""
        found: LedgerForkError | None = None
        try:
            self._size_beside_second_place(near=near)
        except LedgerForkError as error:
            found = error
        if not near:
            self._said_apart = found
        return self._said_apart if found is None else found

    def _size_beside_second_place(self, *, near: bool = False) -> int:
        """How long the ledger is. A head that was kept apart is a beginning of it, or the ledger says why it is not."""
        try:
            heads = self._last_head.read(near=near)
        except ValueError as error:
            detail = f"另存的校验值读不懂（{error}），请核对后移走那个文件"
            raise LedgerForkError(size=self._store.size(), detail=detail) from error
        # Asked after the heads: another process may sign a longer one at any moment.
        size = self._store.size()
        for head in heads:
            if near and head.note == self._known_within and head.size <= size:
                continue
            place = self._place_of(head, size)
            if near and place == "within":
                self._known_within = head.note
            if place == "beyond":
                raise LedgerForkError(size=head.size, detail=f"台账只剩 {size} 条")
            if place == "elsewhere":
                raise LedgerForkError(size=head.size, detail=f"另存的校验值属于另一代台账 {head.origin}")
        return size

    async def close_day(self) -> None:
        """Once a day: say for every stream that grew how far it has come, and sign a head over it.

        A stream that did not grow stands where it stood in the last such entry. Long days take several entries; one
        that was cut before its last entry is said again as a whole.
        """
        after = self._said_until()
        day = office_day(self._now()).isoformat()
        position = self._store.size() - 1
        # Others append meanwhile: what they add is the next day's to say.
        grown = [head for head in self._store.stream_heads(after, position) if head.stream != HEADS_STREAM]
        if not grown:
            return
        parts = [grown[first : first + _STREAMS_A_LEAF] for first in range(0, len(grown), _STREAMS_A_LEAF)]
        for number, part in enumerate(parts, start=1):
            streams = {head.stream: [head.count, head.leaf_hash.hex()] for head in part}
            data = {"day": day, "position": position, "part": number, "parts": len(parts), "streams": streams}
            await self._store.append_own(OwnEntry(HEADS_STREAM, "ledger.heads", data))
        await self.seal()

    def _said_until(self) -> int:
        """The position up to which a whole day was said."""
        looked_at = 1
        while said := self._store.leaves_of(HEADS_STREAM, last=looked_at):
            oldest = event_in(said[0])["data"]
            if oldest["part"] == oldest["parts"]:
                return int(oldest["position"])
            if len(said) < looked_at:
                break
            looked_at += oldest["part"]
        return -1

    def last_day(self) -> str | None:
        """The day on which the streams were last said; the day of the log's opening where they never were."""
        if said := self._store.leaves_of(HEADS_STREAM, last=1):
            return str(event_in(said[0])["data"]["day"])
        opened = self._store.leaves_of(LOG_STREAM)
        return office_day(instant_of(appended_of(opened[0]))).isoformat() if opened else None

    async def keep_history(
        self, workflow_id: str, run_id: str, facts: dict[str, Any], blobs: Sequence[dict[str, Any]]
    ) -> None:
        """Say that a run's history was kept: `facts` such as event count and build, `blobs` the kept files' hashes.

        The same again changes nothing.
        """
        entry = OwnEntry(
            history_stream(workflow_id),
            "workflow.closed",
            {"workflow_id": workflow_id, "run_id": run_id, **facts},
            tuple(blobs),
            once=True,
        )
        await self._store.append_own(entry)

    async def record_reading(self, actor: str, command: str) -> None:
        """Say that an auditor read the ledger, and by which command."""
        await self._store.append_own(OwnEntry(READINGS_STREAM, "ledger.read", {"reader": actor, "command": command}))

    def head(self) -> str:
        """The last signed head with its witnesses' lines.

        Raises:
            NotInLedgerError: nothing was signed yet.
        """
        return self.note_of(self._last())

    def heads(self) -> list[str]:
        """Every signed head with its witnesses' lines, by size."""
        return [self.note_of(checkpoint) for checkpoint in self._store.checkpoints()]

    def receipt(self, event_id: str, *, under: int | None = None, with_entry: bool = False) -> str:
        """An inclusion proof for an event, as a file for the person concerned: in the last signed head, or in that of
        `under` entries.

        Raises:
            NotInLedgerError: the event is not in that head, or no signed head has so many entries.
        """
        heads = [self._last()] if under is None else [each for each in self._store.checkpoints() if each.size == under]
        position = self._store.position_of(event_id)
        if position is None or not heads or position >= heads[0].size:
            raise NotInLedgerError(event_id=event_id)
        return self.receipt_at(position, heads[0], with_entry=with_entry)

    def tiles(self, head: KeptCheckpoint) -> LogTiles:
        """The hashes under a head; who asks for many proofs shares them."""
        return LogTiles(self._store, head.size)

    def receipt_at(
        self, position: int, head: KeptCheckpoint, *, with_entry: bool = False, tiles: LogTiles | None = None
    ) -> str:
        """An inclusion proof for the entry at a position, in this head."""
        hashes = inclusion_proof(position, head.size, (tiles or self.tiles(head)).node)
        (entry,) = self._store.leaves(position, position + 1) if with_entry else (None,)
        return inclusion_file(position, hashes, self.note_of(head), entry)

    def witness_request(self, old_size: int) -> str:
        """What a witness that saw the head of `old_size` needs to check and cosign the last one."""
        return self.extension(old_size, self._last())

    def extension(self, old_size: int, head: KeptCheckpoint, tiles: LogTiles | None = None) -> str:
        """The proof that a head extends the tree of `old_size`, as a file."""
        return consistency_file(
            old_size,
            consistency_proof(old_size, head.size, (tiles or self.tiles(head)).node),
            self.note_of(head),
        )

    async def add_cosignature(self, line: str, vkey: str) -> int:
        """Keep a witness's answer (one signature line) to a request; answer the size of the head that it cosigned.

        Raises:
            CosignatureRefusedError: it is not the line of the witness with this public key over any head of this log.
        """
        for checkpoint in reversed(self._store.checkpoints()):
            if is_cosigned(checkpoint.note.partition("\n\n")[0] + "\n", line, vkey):
                await self._store.cosign(checkpoint.size, vkey.partition("+")[0], line.strip())
                return checkpoint.size
        raise CosignatureRefusedError(witness=vkey.partition("+")[0])

    def signed_manifest(self, manifest: bytes, origin: str) -> str:
        """A note that binds a bundle's manifest to the log's key; its first line keeps it apart from any head."""
        return (
            signed_note(
                f"duban-manifest/v1\n{origin}\n{hashlib.sha256(manifest).hexdigest()}\n", self._keys.signing()[:1]
            )
            + self._keys.vouching_lines()
        )

    def _last(self) -> KeptCheckpoint:
        head = self._store.last_checkpoint()
        if head is None:
            raise NotInLedgerError(event_id=event_id_for(LOG_STREAM, 0))
        return head

    def note_of(self, checkpoint: KeptCheckpoint) -> str:
        """A signed head with its witnesses' lines."""
        return checkpoint.note + "".join(f"{line}\n" for line in self._store.cosignatures(checkpoint.size))


def known_head(text: str, vkeys: Sequence[str]) -> GuardHead:
    """A head that somebody kept of this log, in any of its generations.

    Raises:
        KnownHeadError: the text is none.
    """
    try:
        head = GuardHead.of(text)
    except ValueError as error:
        raise KnownHeadError(detail=f"不是台账的校验值（{error}）") from error
    if not any(is_log_signed(text, vkey) for vkey in (*vkeys, *vouched_keys(text, vkeys))):
        raise KnownHeadError(detail=f"{head.origin} 的 {head.size} 条，没有这本台账的签名")
    return head
