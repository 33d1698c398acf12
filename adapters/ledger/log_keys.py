"""The log's key and name: made on first use, changed with both keys' signatures, begun anew when a backup is restored.

An older key vouches for the one that follows it; its line stands under every later head (`LogKey.vouching_line`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.log_store import LogStore
from adapters.ledger.signed_notes import LogKey, make_first_key, new_key, read_key, write_key
from domain.record.leaf import LOG_STREAM
from domain.record.ledger_errors import UnsafeKeyError
from domain.record.own_entries import OwnEntry

KEY_FILE = "ledger.key"
_NAMED_IN = {"log.opened": "vkey", "key.rotated": "to", "log.restored": "vkey"}


class LogKeys:
    """The keys of one log in one folder; `origin` is the name that the settings give it."""

    def __init__(self, store: LogStore, folder: Path, origin: str) -> None:
        self._store = store
        self._folder = folder
        self._opened_as = origin
        self._path = folder / KEY_FILE
        self._next_path = folder / f"{KEY_FILE}.next"

    @property
    def origin(self) -> str:
        """The log's name in its present generation, as it stands in every head."""
        restored = self.restorations()
        return str(restored[-1]["origin"]) if restored else self._opened_as

    @property
    def opened_as(self) -> str:
        """The log's name in its first generation."""
        return self._opened_as

    async def open(self) -> bool:
        """Make the key on first use, and say in the ledger that the log was opened; say whether a change of the key was
        begun and waits to be finished.

        Raises:
            UnsafeKeyError: the key's file is gone, can be read by others, or holds no key, or none of this log's.
        """
        opened = next((event["data"] for event in self._events() if event["type"] == "log.opened"), None)
        if opened is not None and opened["origin"] != self._opened_as:
            detail = f"属于“{opened['origin']}”，而设置的名称是“{self._opened_as}”（DUBAN_LOG_ORIGIN）；请核对这项设置"
            raise UnsafeKeyError(place=str(self._path), detail=detail)
        if opened is None:
            if not self._path.exists():
                make_first_key(self._path, self._opened_as)
            data = {"origin": self._opened_as, "vkey": self.current().vkey}
            await self._store.append_own(OwnEntry(LOG_STREAM, "log.opened", data, once=True))
        self.signing()
        return self._next_path.exists()

    def current(self) -> LogKey:
        """The key that signs (raises as `open`)."""
        if not self._path.exists():
            raise UnsafeKeyError(place=str(self._path), detail="不见了，而台账早已用它签过名；请从备份恢复密钥目录")
        return read_key(self._path)

    def signing(self) -> list[LogKey]:
        """The keys that sign a head now: while a key is being changed, both, whoever makes the head (raises as
        `open`)."""
        keys = [self.current(), *([read_key(self._next_path)] if self._next_path.exists() else [])]
        told = self.vkeys()
        if told and told[-1] not in {key.vkey for key in keys}:
            raise UnsafeKeyError(place=str(self._path), detail="不是台账现在登记的那一把；请从备份恢复密钥目录")
        return keys

    def fault(self) -> UnsafeKeyError | None:
        """Why the log could not be signed with the key as it lies there, where it was opened once."""
        try:
            if self.vkeys():
                self.signing()
        except UnsafeKeyError as error:
            return error
        return None

    def vkeys(self) -> list[str]:
        """Every public key that the log ever signed with, in order."""
        named = (event["data"][_NAMED_IN[event["type"]]] for event in self._events() if event["type"] in _NAMED_IN)
        return list(dict.fromkeys(named))

    def vouching_lines(self) -> str:
        """The lines by which each key vouches for the one after it."""
        return "".join(event["data"]["vouched"] for event in self._events() if "vouched" in event["data"])

    def restorations(self) -> list[dict[str, Any]]:
        """What was said each time that the log was taken up again from a backup."""
        return [event["data"] for event in self._events() if event["type"] == "log.restored"]

    def begin_change(self) -> None:
        """Make the key that will follow."""
        write_key(self._next_path, new_key(self.origin))

    async def say_change(self, reason: str) -> None:
        """Say in the ledger that the key changes; the same again changes nothing."""
        old, new = self.current(), read_key(self._next_path)
        if new.vkey not in self.vkeys():
            data = {"from": old.vkey, "to": new.vkey, "reason": reason, "vouched": old.vouching_line(new.vkey)}
            await self._store.append_own(OwnEntry(LOG_STREAM, "key.rotated", data))

    def end_change(self) -> None:
        """Put the new key in the place of the old one, which stays beside it under its id."""
        kept = self._folder / f"{KEY_FILE}.{self.current().key_id.hex()}"
        if not kept.exists():
            os.link(self._path, kept)
        self._next_path.replace(self._path)

    async def begin_generation(self, origin: str, said: dict[str, Any]) -> None:
        """Begin a new generation under a new name: its key, the old one's line for it, and the entry that says so."""
        if self._next_path.exists():
            # The backup was made amid a change of the key: it had come to its end in the ledger, or is not begun.
            if read_key(self._next_path).vkey in self.vkeys():
                self.end_change()
            else:
                self._next_path.unlink()
        old, new = self.current(), new_key(origin)
        write_key(self._next_path, new)
        data = {"origin": origin, "vkey": new.vkey, "vouched": old.vouching_line(new.vkey), **said}
        await self._store.append_own(OwnEntry(LOG_STREAM, "log.restored", data))
        self.end_change()

    def _events(self) -> list[dict[str, Any]]:
        return [event_in(leaf) for leaf in self._store.leaves_of(LOG_STREAM)]
