"""The doors' keys in the folder of keys, and what the ledger says of them."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.log_store import LogStore
from adapters.ledger.signed_notes import LogKey, new_key, read_key, write_key
from adapters.ledger.transaction import OwnEntry
from domain.acts.attestation import DoorKind
from domain.record.doors import DOOR_CLOSED, DOOR_OPENED, DOORS_STREAM, key_id_of
from domain.record.ledger_errors import UnsafeKeyError

DOORS: Final[tuple[DoorKind, ...]] = get_args(DoorKind)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message was made with the key that has this public half (see `SignatureCheck`)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class FolderDoorKeys:
    """The port `DoorKeys`: one file for each door, which its owner alone can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[DoorKind, tuple[tuple[int, int], LogKey]] = {}

    def sign(self, kind: DoorKind, message: bytes) -> bytes:
        """The signature of a door's present key over a message (see the port)."""
        return self.key(kind).private.sign(message)

    def key_of(self, kind: DoorKind) -> str:
        """The name of a door's present key (see the port)."""
        return key_id_of(public_of(self.key(kind)))

    def key(self, kind: DoorKind) -> LogKey:
        """A door's present key (raises as `read_key`)."""
        path = self.path(kind)
        if not path.exists():
            detail = "还没有；督办进程第一次启动时会生成，请先运行 duban run"
            raise UnsafeKeyError(place=str(path), detail=detail)
        found = path.stat()
        mark = (found.st_ino, found.st_mtime_ns)
        kept = self._read.get(kind)
        if kept is None or kept[0] != mark:
            kept = self._read[kind] = (mark, read_key(path))
        return kept[1]

    def path(self, kind: DoorKind) -> Path:
        """Where a door's key lies."""
        return self._folder / f"door-{kind}.key"


class LedgerDoorRegister:
    """The port `DoorRegister` over a store of the ledger and the folder of keys."""

    def __init__(self, store: LogStore, keys: FolderDoorKeys) -> None:
        self._store = store
        self._keys = keys

    async def open(self) -> None:
        """Make the key of each door that has none, and say in the ledger which ones are open (see the port)."""
        told = self._told()
        for kind in DOORS:
            if not self._keys.path(kind).exists():
                write_key(self._keys.path(kind), new_key(f"door-{kind}"))
            if self._keys.key_of(kind) not in told:
                await self._say_opened(kind)

    async def change(self, kind: DoorKind, reason: str) -> str:
        """Close a door's present key and open a new one (see the port)."""
        path, old = self._keys.path(kind), self._keys.key_of(kind)
        staged = path.with_name(f"{path.name}.next")
        if not staged.exists():
            write_key(staged, new_key(f"door-{kind}"))
        kept = path.with_name(f"{path.name}.{old[:16]}")
        if not kept.exists():
            os.link(path, kept)
        await self._store.append_own(OwnEntry(DOORS_STREAM, DOOR_CLOSED, _closing(kind, old, reason), once=True))
        staged.replace(path)
        await self._say_opened(kind)
        return self._keys.key_of(kind)

    async def _say_opened(self, kind: DoorKind) -> None:
        public = public_of(self._keys.key(kind))
        data = {"door": kind, "key": key_id_of(public), "public": base64.b64encode(public).decode()}
        await self._store.append_own(OwnEntry(DOORS_STREAM, DOOR_OPENED, data, once=True))

    def _told(self) -> set[str]:
        return {str(event_in(leaf)["data"].get("key")) for leaf in self._store.leaves_of(DOORS_STREAM)}


def public_of(key: LogKey) -> bytes:
    """The public half of a key (32 bytes)."""
    return key.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _closing(kind: DoorKind, key: str, reason: str) -> Mapping[str, str]:
    return {"door": kind, "key": key, "reason": reason}
