"""A stream under a passphrase: scrypt makes the key, AES-256-GCM seals a megabyte at a time.

`DUBANSEALED1`, a line of JSON with the salt and scrypt's costs, then pieces: four bytes of length, the sealed bytes.
The nonce of a piece is its number and whether it is the last, so that none can be moved, left out or cut off unseen.
"""

from __future__ import annotations

import json
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"DUBANSEALED1\n"
_PIECE = 1 << 20
_TAG = 16
_COST, _BLOCKS, _PARALLEL = 1 << 15, 8, 1
_MOST_COST = 1 << 20
_MOST_HEADER = 1_000


class WrongPassphraseError(ValueError):
    """The passphrase is not the one, or a piece was changed or is missing."""


class SealingWriter:
    """Writes a sealed stream; `close` ends it and leaves the file below open."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(16)
        about = {"n": _COST, "r": _BLOCKS, "p": _PARALLEL, "salt": salt.hex()}
        header = MAGIC + json.dumps(about).encode() + b"\n"
        self._file = file
        self._header = header
        self._cipher = AESGCM(_key(passphrase, about))
        self._waiting = bytearray()
        self._number = 0
        file.write(header)

    def write(self, data: bytes) -> int:
        """Seal bytes."""
        self._waiting += data
        # One byte stays back: the last piece must know that it is the last.
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def close(self) -> None:
        """Seal what is left."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), piece, self._header)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class OpeningReader:
    """Reads a sealed stream.

    Raises:
        WrongPassphraseError: as it is made or while it is read.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        if file.read(len(MAGIC)) != MAGIC:
            raise WrongPassphraseError("不是用口令加密的备份")
        line = file.readline(_MOST_HEADER)
        try:
            about = json.loads(line)
            if not (0 < about["n"] <= _MOST_COST and 0 < about["r"] <= 32 and 0 < about["p"] <= 4):
                raise WrongPassphraseError("加密的参数不对")
            self._cipher = AESGCM(_key(passphrase, about))
        except (ValueError, KeyError, TypeError) as error:
            raise WrongPassphraseError("加密的文件头读不懂") from error
        self._file = file
        self._header = MAGIC + line
        self._opened = bytearray()
        self._number = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end."""
        while len(self._opened) < size and not self._ended:
            self._open_one()
        piece = bytes(self._opened[:size])
        del self._opened[:size]
        return piece

    def _open_one(self) -> None:
        length = int.from_bytes(self._file.read(4), "big")
        if not _TAG <= length <= _PIECE + _TAG:
            raise WrongPassphraseError("没有写完，或被截断")
        sealed = self._file.read(length)
        for last in (False, True):
            try:
                self._opened += self._cipher.decrypt(_nonce(self._number, last=last), sealed, self._header)
            except InvalidTag:
                continue
            if last and self._file.read(1):
                raise WrongPassphraseError("末尾之后还有内容")
            self._ended = last
            self._number += 1
            return
        raise WrongPassphraseError("口令不对，或内容被改动")


def _key(passphrase: str, about: dict[str, object]) -> bytes:
    salt = bytes.fromhex(str(about["salt"]))
    costs = {name: int(str(about[name])) for name in ("n", "r", "p")}
    return Scrypt(salt=salt, length=32, **costs).derive(passphrase.encode())


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
