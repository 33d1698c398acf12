"""Signed notes from the writer's side: Ed25519 keys, checkpoints, proofs as files (C2SP)."""

from __future__ import annotations

import base64
import hashlib
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from adapters.files.whole_file import write_new
from domain.os_faults import os_fault
from domain.record.ledger_errors import UnsafeKeyError

_LOG_KEY = b"\x01"
_WITNESS_KEY = b"\x04"
_COSIGNATURE_LENGTH = 4 + 8 + 64
_SIGNATURE_LENGTH = 64
_SUCCESSOR = b"\xffduban-successor/v1"
_PREFIX = "PRIVATE+KEY+"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key that signs heads; its name is the log's origin."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + _LOG_KEY + self._public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The public key in its public form (`name+id+key`)."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_LOG_KEY + self._public).decode()}"

    @property
    def _public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def line(self, text: str) -> str:
        """This key's signature line for a text that ends with a newline."""
        signature = base64.b64encode(self.key_id + self.private.sign(text.encode())).decode()
        return f"— {self.name} {signature}\n"

    def vouching_line(self, newer: str) -> str:
        """The line by which this key vouches for the one that follows it; it stands under heads beside the signatures,
        so that whoever trusted this key may trust that one."""
        identity = hashlib.sha256(self.name.encode() + b"\n" + _SUCCESSOR + self._public).digest()[:4]
        signature = self.private.sign(f"duban-successor/v1\n{self.vkey}\n{newer}\n".encode())
        return f"— {self.name} {base64.b64encode(identity + signature + newer.encode()).decode()}\n"


def new_key(name: str) -> LogKey:
    """A new key."""
    return LogKey(name, Ed25519PrivateKey.generate())


def write_key(path: Path, key: LogKey) -> None:
    """Put a new key into a file that only its owner can read (mode 0600), whole or not at all.

    Raises:
        UnsafeKeyError: a file is there already: a key is never overwritten.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    seed = key.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    text = f"{_PREFIX}{key.name}+{key.key_id.hex()}+{base64.b64encode(_LOG_KEY + seed).decode()}\n"
    try:
        write_new(path, text.encode(), 0o600)
    except FileExistsError as error:
        raise UnsafeKeyError(place=str(path), detail="已有密钥，不能覆盖；换钥请另用一个文件") from error


def make_first_key(path: Path, name: str) -> None:
    """Make the key of a place that has none; where two processes begin at once, the first one's key is the key."""
    try:
        write_key(path, new_key(name))
    except UnsafeKeyError:
        if not path.exists():
            raise


def is_open_to_others(path: Path) -> bool:
    """Whether others than its owner may do anything with a file that is there."""
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & _OPEN_TO_OTHERS)


def read_key(path: Path) -> LogKey:
    """The key in a file.

    Raises:
        UnsafeKeyError: others can read the file, or it holds no key.
    """
    try:
        if is_open_to_others(path):
            raise UnsafeKeyError(place=str(path), detail="别的用户也能读到；请执行 chmod 600，并考虑换钥")
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UnsafeKeyError(place=str(path), detail=f"读不到（{os_fault(error)}）；请检查权限") from error
    except UnicodeDecodeError as error:
        raise UnsafeKeyError(place=str(path), detail="内容不是密钥；请从备份恢复密钥目录") from error
    name, _, rest = text.removeprefix(_PREFIX).partition("+")
    identity, _, packed = rest.partition("+")
    try:
        seed = base64.b64decode(packed, validate=True)
        key = LogKey(name, Ed25519PrivateKey.from_private_bytes(seed.removeprefix(_LOG_KEY)))
    except ValueError as error:
        raise UnsafeKeyError(place=str(path), detail="内容不是密钥；请从备份恢复密钥目录") from error
    if not text.startswith(_PREFIX) or key.key_id.hex() != identity:
        raise UnsafeKeyError(place=str(path), detail="内容不是密钥，或与其编号不符；请从备份恢复密钥目录")
    return key


def signed_note(text: str, keys: Sequence[LogKey]) -> str:
    """A text (it ends with a newline) and, after an empty line, the signature line of each key."""
    return text + "\n" + "".join(key.line(text) for key in keys)


def is_log_signed(note: str, vkey: str) -> bool:
    """Whether a note has the signature of the log's key with this public form (`name+id+key`)."""
    text = note.rpartition("\n\n")[0] + "\n"
    lines = _lines_of(note, vkey, _LOG_KEY)
    return any(_is_signed(vkey, text.encode(), payload) for payload in lines)


def vouched_keys(note: str, vkeys: Sequence[str]) -> list[str]:
    """The keys that these vouch for under a note, and those that they vouch for in turn (`LogKey.vouching_line`)."""
    known = list(vkeys)
    for older in known:  # grows while it is read
        for payload in _lines_of(note, older, _SUCCESSOR):
            newer = payload[_SIGNATURE_LENGTH:].decode("utf-8", "replace")
            message = f"duban-successor/v1\n{older}\n{newer}\n".encode()
            if newer not in known and _is_signed(older, message, payload[:_SIGNATURE_LENGTH]):
                known.append(newer)
    return known[len(vkeys) :]


def _lines_of(note: str, vkey: str, kind: bytes) -> list[bytes]:
    """What stands in a note's lines of one kind under a key."""
    name, _, rest = vkey.partition("+")
    try:
        public = base64.b64decode(rest.partition("+")[2], validate=True)[1:]
    except ValueError:
        return []
    identity = hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]
    found = []
    for line in note.rpartition("\n\n")[2].splitlines():
        signer, _, packed = line.removeprefix("— ").partition(" ")
        try:
            data = base64.b64decode(packed, validate=True)
        except ValueError:
            continue
        if (signer, data[:4]) == (name, identity):
            found.append(data[4:])
    return found


def _is_signed(vkey: str, message: bytes, signature: bytes) -> bool:
    try:
        packed = base64.b64decode(vkey.partition("+")[2].partition("+")[2], validate=True)
        Ed25519PublicKey.from_public_bytes(packed[1:]).verify(signature, message)
    except (ValueError, InvalidSignature):
        return False
    return packed[:1] == _LOG_KEY


def is_witness_key(vkey: str) -> bool:
    """Whether a text is a witness's public key (`name+id+key`)."""
    name, _, rest = vkey.strip().partition("+")
    identity, _, packed = rest.partition("+")
    try:
        key = base64.b64decode(packed, validate=True)
    except ValueError:
        return False
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex()
    return bool(name) and len(key) == 33 and key[:1] == _WITNESS_KEY and key_id == identity


def is_cosigned(note_text: str, line: str, vkey: str) -> bool:
    """Whether a signature line is the cosignature of the witness with this public key over a head's text."""
    name, _, rest = vkey.strip().partition("+")
    packed_key = rest.partition("+")[2]
    signer, _, packed = line.strip().removeprefix("— ").partition(" ")
    try:
        key = base64.b64decode(packed_key, validate=True)
        data = base64.b64decode(packed, validate=True)
        key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        if signer != name or key[:1] != _WITNESS_KEY or data[:4] != key_id or len(data) != _COSIGNATURE_LENGTH:
            return False
        message = f"cosignature/v1\ntime {int.from_bytes(data[4:12], 'big')}\n{note_text}".encode()
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(data[12:], message)
    except (ValueError, InvalidSignature):
        return False
    return True


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """What a log signs: its origin, its size, its root."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def inclusion_file(index: int, hashes: Sequence[bytes], checkpoint: str, entry: bytes | None = None) -> str:
    """An inclusion proof as a file (`.tlog-proof`); the `entry` itself may stand in it."""
    extra = "" if entry is None else f"extra {base64.b64encode(entry).decode()}\n"
    return f"c2sp.org/tlog-proof@v1\n{extra}index {index}\n{_lines(hashes)}\n{checkpoint}"


def consistency_file(old_size: int, hashes: Sequence[bytes], checkpoint: str) -> str:
    """A consistency proof as a file: also the request that a witness answers (tlog-witness, `add-checkpoint`)."""
    return f"old {old_size}\n{_lines(hashes)}\n{checkpoint}"


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(base64.b64encode(hashed).decode() + "\n" for hashed in hashes)
