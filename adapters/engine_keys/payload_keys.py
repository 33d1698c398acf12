"""Data keys in one file that its owner alone can read: AES-256-GCM, the newest key seals, every key opens."""

from __future__ import annotations

import base64
import json
import math
import os
import secrets
import stat
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.files.whole_file import alone, json_in, write_new, write_whole
from domain.errors import UnusableInputError
from domain.os_faults import os_fault
from domain.ports.payload_cipher import Sealed
from domain.record.leaf import leaf_instant

_OPEN_TO_OTHERS = 0o077
_NONCE_BYTES = 12
_KEY_BITS = 256
_ID_BYTES = 8
_LOOKED_AT_SECONDS = 0.5
"""How long keys that were read are used without looking at their file: a worker under way seals some hundred times a
second, and each look gives way to its other threads."""


class UnsafePayloadKeysError(UnusableInputError, rule="payload_keys_are_safe"):
    """The keys of the engine's contents cannot be used as they are."""

    says = "引擎内容的密钥文件“{place}”{detail}。"
    place: str
    detail: str


class _Keys(NamedTuple):
    newest: str
    ciphers: dict[str, AESGCM]


class FolderPayloadKeys:
    """The port `PayloadCipher` over a file of keys, which is made when first something is sealed.

    `made` is where their names are kept besides, apart from the keys: keys that were lost are never begun anew.
    `ticks` counts seconds from anywhere.
    """

    def __init__(
        self, path: Path, made: Path, now: Callable[[], datetime], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._path, self._made = path, made
        self._now, self._ticks = now, ticks
        self._read: tuple[tuple[int, int, int], _Keys] | None = None
        self._looked = -math.inf
        self._had_keys = os.path.exists(made)  # noqa: PTH110 - what may not be looked into is told where it is used

    def seal(self, data: bytes) -> Sealed:
        keys = self._seen() or self._looked_at()
        if keys is None:
            self._begin()
            keys = self._keys()
        nonce = os.urandom(_NONCE_BYTES)
        return Sealed(keys.newest, nonce + keys.ciphers[keys.newest].encrypt(nonce, data, keys.newest.encode()))

    def open(self, sealed: Sealed) -> bytes | None:
        keys = self._seen()
        if keys is None or sealed.key_id not in keys.ciphers:
            keys = self._looked_at()  # another process may have changed keys a moment ago
        cipher = keys.ciphers.get(sealed.key_id) if keys else None
        if cipher is None or len(sealed.data) <= _NONCE_BYTES:
            return None
        nonce, data = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, data, sealed.key_id.encode())
        except InvalidTag:
            return None

    def add_key(self) -> str:
        """Make a new key, with which everything is sealed from now on; answer its name.

        Raises:
            UnsafePayloadKeysError: the keys cannot be used as they are.
        """
        if not self._is_there():
            self._begin()
        with alone(self._path.parent):
            keys = self._document()
            added = _new_key(self._now())
            write_whole(self._path, _as_file([*keys, added]), 0o600)
            self._note([*keys, added])
        self._looked = -math.inf
        return added["id"]

    def key_ids(self) -> list[str]:
        keys = self._looked_at()
        return list(keys.ciphers) if keys else []

    def _seen(self) -> _Keys | None:
        """The keys, where they were looked at just now."""
        fresh = self._ticks() - self._looked < _LOOKED_AT_SECONDS
        return self._read[1] if fresh and self._read else None

    def _looked_at(self) -> _Keys | None:
        """The keys as their file has them now; none before anything was sealed."""
        return self._keys() if self._is_there() else None

    def _begin(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys = [_new_key(self._now())]
        try:
            write_new(self._path, _as_file(keys), 0o600)
        except FileExistsError:
            return  # another process was first: its key is the one
        self._note(keys)

    def _note(self, keys: list[dict[str, str]]) -> None:
        names = [key["id"] for key in keys]
        write_whole(self._made, json.dumps({"payload_keys": names}).encode() + b"\n", 0o600)

    def _is_there(self) -> bool:
        # Asked in this order: the keys are written before their names, by another process perhaps at this moment.
        were_made = self._made.exists()
        if self._path.exists():
            return True
        # A folder that was moved, or a disk that was let go, takes keys and names with it: a key that is made in the
        # empty place would be lost when the folder is back, and all with it that was sealed meanwhile.
        if were_made or self._had_keys:
            detail = "不见了，而引擎的内容早已用它加密；数据目录被移走的请移回，否则请从备份恢复这个文件"
            raise UnsafePayloadKeysError(place=str(self._path), detail=detail)
        return False

    def _keys(self) -> _Keys:
        try:
            found = self._path.stat()
        except OSError as error:
            raise UnsafePayloadKeysError(
                place=str(self._path), detail=f"读不到（{os_fault(error)}）；请检查权限"
            ) from error
        mark = (found.st_ino, found.st_mtime_ns, found.st_mode)
        if self._read is None or self._read[0] != mark:
            noted = json_in(self._made)  # before the keys, which are written before their names
            document = self._document()
            self._must_be_all(document, noted)
            ciphers = {key["id"]: AESGCM(base64.b64decode(key["key"], validate=True)) for key in document}
            self._read = (mark, _Keys(document[-1]["id"], ciphers))
        self._looked, self._had_keys = self._ticks(), True
        return self._read[1]

    def _must_be_all(self, document: list[dict[str, str]], noted: Any) -> None:
        """Refuse a file of before, or of elsewhere: what was sealed with the keys that it lacks could not be opened."""
        names = noted.get("payload_keys") if isinstance(noted, dict) else None
        lacking = set(names if isinstance(names, list) else ()) - {key["id"] for key in document}
        if lacking:
            detail = (
                f"缺引擎内容用过的密钥 {len(lacking)} 把；请从较新的备份恢复这个文件，找不回的"
                "运行 duban engine new-key，启动后再用 duban engine repair --all 按台账接着办"
            )
            raise UnsafePayloadKeysError(place=str(self._path), detail=detail)

    def _document(self) -> list[dict[str, str]]:
        try:
            if stat.S_IMODE(self._path.stat().st_mode) & _OPEN_TO_OTHERS:
                detail = "别的用户也能读到；请执行 chmod 600，并用 duban engine new-key 换钥"
                raise UnsafePayloadKeysError(place=str(self._path), detail=detail)
            keys = json.loads(self._path.read_bytes())["keys"]
            assert isinstance(keys, list)
            for key in keys:
                AESGCM(base64.b64decode(key["key"], validate=True))
            keys[-1]["id"].encode()
        except OSError as error:
            raise UnsafePayloadKeysError(
                place=str(self._path), detail=f"读不到（{os_fault(error)}）；请检查权限"
            ) from error
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError) as error:
            raise UnsafePayloadKeysError(place=str(self._path), detail="内容不是密钥；请从备份恢复这个文件") from error
        return keys


def _new_key(now: datetime) -> dict[str, str]:
    key = base64.b64encode(AESGCM.generate_key(_KEY_BITS)).decode()
    return {"id": secrets.token_hex(_ID_BYTES), "made": leaf_instant(now), "key": key}


def _as_file(keys: list[dict[str, str]]) -> bytes:
    return json.dumps({"v": 1, "keys": keys}, indent=1).encode() + b"\n"
