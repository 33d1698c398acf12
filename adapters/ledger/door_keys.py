"""What the ledger says of the doors' keys."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from adapters.files.whole_file import write_new
from adapters.ledger.door_files import FolderDoorKeys, public_of
from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.log_store import LogStore
from adapters.ledger.signed_notes import is_open_to_others, make_first_key, new_key, read_key, write_key
from domain.acts.attestation import DoorKind, key_id_of
from domain.ports.doors import DOORS, AttestChange
from domain.record.doors import DOOR_CLOSED, DOOR_OPENED, DOORS_STREAM
from domain.record.ledger_errors import UnsafeKeyError
from domain.record.own_entries import OwnEntry
from domain.record.rehearsals import REHEARSAL_STREAM

_ATTESTS: DoorKind = "shell"
"""The door through which a door's key is changed."""


class _Told(NamedTuple):
    """Which key was opened for which door, and by which one each closed key is followed."""

    opened: dict[str, str]
    followed: dict[str, str]

    def last_of(self, kind: DoorKind, new: str = "") -> str | None:
        """The key that a door has now, or had last; `new` is to take its place."""
        mine = [key for key, door in self.opened.items() if door == kind and key != new]
        return next((key for key in reversed(mine) if key not in self.followed), mine[-1] if mine else None)


class LedgerDoorRegister:
    """The port `DoorRegister` over a store of the ledger and the folder of keys."""

    def __init__(self, store: LogStore, keys: FolderDoorKeys) -> None:
        self._store = store
        self._keys = keys

    async def open(self, kinds: Iterable[DoorKind] = DOORS) -> None:
        told = self._told()
        for kind in kinds:
            if (fault := self._fault(kind, told)) is not None:
                raise fault
            if not self._keys.path(kind).exists():
                make_first_key(self._keys.path(kind), f"door-{kind}")
            key, following = self._keys.key_of(kind), self._following(kind)
            if key in told.followed and told.followed[key] == following:
                self._staged(kind).replace(self._keys.path(kind))
                key = following
            if key not in told.opened:
                await self._say_opened(kind)

    def faults(self) -> Sequence[UnsafeKeyError]:
        told = self._told()
        return [fault for kind in DOORS if (fault := self._fault(kind, told)) is not None]

    async def change(self, kind: DoorKind, reason: str, attest: AttestChange) -> str:
        self._store.must_take_more()
        path, staged = self._keys.path(kind), self._staged(kind)
        if self._told().last_of(kind) is None:
            await self.open((kind,))
        if not staged.exists():
            write_key(staged, new_key(f"door-{kind}"))
        told, new = self._told(), key_id_of(public_of(read_key(staged)))
        old = told.last_of(kind, new) or ""
        fault = self._fault(kind, told)
        if fault is not None and path.is_file() and is_open_to_others(path):
            raise fault
        lost = fault is not None
        if lost:
            with suppress(FileNotFoundError):
                path.rename(path.with_name(f"{path.name}.before-{new[:16]}"))
        elif not (kept := path.with_name(f"{path.name}.{old[:16]}")).exists():
            os.link(path, kept)
        if told.followed.get(old) != new:
            if lost and kind == _ATTESTS:
                # Nothing but the new key can attest here that it takes the place of the lost one.
                write_new(path, staged.read_bytes(), 0o600)
                await self._say_opened(kind)
            # Attested before it is closed, for the door may be the one that attests; so it names its successor too.
            attested = await attest(old, new)
            closing = {"door": kind, "key": old, "new": new, "reason": reason, "attested": str(attested)}
            await self._store.append_own(OwnEntry(DOORS_STREAM, DOOR_CLOSED, closing, (attested.model_dump(),)))
        staged.replace(path)
        await self._say_opened(kind)
        return self._keys.key_of(kind)

    def _fault(self, kind: DoorKind, told: _Told) -> UnsafeKeyError | None:
        """Why a door is not opened with the key that lies there: it is not the one on record, or none can be read."""
        place, of_record = str(self._keys.path(kind)), told.last_of(kind)
        # A rehearsal copy knows the year's doors and has none of their keys.
        if of_record is None or self._store.leaves_of(REHEARSAL_STREAM, last=1):
            return None
        todo = f"请管理员从备份恢复这个文件，找不回的运行 duban audit change-door-key {kind} --reason 缘由 公开换一把"
        if not self._keys.path(kind).exists():
            return UnsafeKeyError(place=place, detail=f"不见了，而台账登记过它；{todo}")
        try:
            key = self._keys.key_of(kind)
        except UnsafeKeyError as error:
            return error
        is_open = told.opened.get(key) == kind and key not in told.followed
        is_following = key in told.followed.values() and key not in told.opened
        if is_open or is_following or (key in told.followed and told.followed[key] == self._following(kind)):
            return None
        return UnsafeKeyError(place=place, detail=f"不是台账现在登记的那一把；{todo}")

    def _staged(self, kind: DoorKind) -> Path:
        path = self._keys.path(kind)
        return path.with_name(f"{path.name}.next")

    def _following(self, kind: DoorKind) -> str | None:
        """The key that was made to follow a door's present one, where a change was begun."""
        staged = self._staged(kind)
        return key_id_of(public_of(read_key(staged))) if staged.exists() else None

    async def _say_opened(self, kind: DoorKind) -> None:
        public = public_of(self._keys.key(kind))
        data = {"door": kind, "key": key_id_of(public), "public": base64.b64encode(public).decode()}
        await self._store.append_own(OwnEntry(DOORS_STREAM, DOOR_OPENED, data, once=True))

    def _told(self) -> _Told:
        told = _Told({}, {})
        for event in map(event_in, self._store.leaves_of(DOORS_STREAM)):
            data = event["data"]
            if event["type"] == DOOR_OPENED:
                told.opened.setdefault(str(data.get("key")), str(data.get("door")))
            elif event["type"] == DOOR_CLOSED:
                told.followed[str(data.get("key"))] = str(data.get("new"))
        return told
