"""The doors' keys in the folder of keys: all that attesting an act needs, without the ledger."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.ledger.signed_notes import LogKey, read_key
from domain.acts.attestation import DoorKind, key_id_of
from domain.record.ledger_errors import UnsafeKeyError


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
        return self.key(kind).private.sign(message)

    def key_of(self, kind: DoorKind) -> str:
        return key_id_of(public_of(self.key(kind)))

    def key(self, kind: DoorKind) -> LogKey:
        """A door's present key (raises as `read_key`)."""
        path = self.path(kind)
        if not path.exists():
            detail = (
                f"不在；用过的请管理员从备份恢复这个文件，找不回的运行 duban audit change-door-key {kind} --reason 缘由"
                " 公开换一把；第一次使用的请运行 duban run，它会生成"
            )
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


def public_of(key: LogKey) -> bytes:
    """The public half of a key (32 bytes)."""
    return key.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
