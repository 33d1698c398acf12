"""What the ledger says of the doors' keys."""

from __future__ import annotations

import base64
import os
from typing import Final, get_args

from adapters.ledger.door_files import FolderDoorKeys, public_of
from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.log_store import LogStore
from adapters.ledger.signed_notes import make_first_key, new_key, read_key, write_key
from domain.acts.attestation import DoorKind, key_id_of
from domain.ports.doors import AttestChange
from domain.record.doors import DOOR_CLOSED, DOOR_OPENED, DOORS_STREAM
from domain.record.own_entries import OwnEntry

DOORS: Final[tuple[DoorKind, ...]] = get_args(DoorKind)


class LedgerDoorRegister:
    """The port `DoorRegister` over a store of the ledger and the folder of keys."""

    def __init__(self, store: LogStore, keys: FolderDoorKeys) -> None:
        self._store = store
        self._keys = keys

    async def open(self) -> None:
        told = self._told()
        for kind in DOORS:
            if not self._keys.path(kind).exists():
                make_first_key(self._keys.path(kind), f"door-{kind}")
            if self._keys.key_of(kind) not in told:
                await self._say_opened(kind)

    async def change(self, kind: DoorKind, reason: str, attest: AttestChange) -> str:
        path, old = self._keys.path(kind), self._keys.key_of(kind)
        staged = path.with_name(f"{path.name}.next")
        if not staged.exists():
            write_key(staged, new_key(f"door-{kind}"))
        kept = path.with_name(f"{path.name}.{old[:16]}")
        if not kept.exists():
            os.link(path, kept)
        if old not in self._told(DOOR_CLOSED):
            # Attested before it is closed, for the door may be the one that attests; so it names its successor too.
            new = key_id_of(public_of(read_key(staged)))
            attested = await attest(old, new)
            closing = {"door": kind, "key": old, "new": new, "reason": reason, "attested": str(attested)}
            await self._store.append_own(OwnEntry(DOORS_STREAM, DOOR_CLOSED, closing, (attested.model_dump(),)))
        staged.replace(path)
        await self._say_opened(kind)
        return self._keys.key_of(kind)

    async def _say_opened(self, kind: DoorKind) -> None:
        public = public_of(self._keys.key(kind))
        data = {"door": kind, "key": key_id_of(public), "public": base64.b64encode(public).decode()}
        await self._store.append_own(OwnEntry(DOORS_STREAM, DOOR_OPENED, data, once=True))

    def _told(self, of: str | None = None) -> set[str]:
        events = map(event_in, self._store.leaves_of(DOORS_STREAM))
        return {str(event["data"].get("key")) for event in events if of in (None, event["type"])}
