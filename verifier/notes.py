"""Signed notes, checkpoints and witness cosignatures, in the public C2SP formats."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from verifier.ed25519 import is_signed

LOG_KEY = 1
WITNESS_KEY = 4
_SIGNATURE_PREFIX = "— "
_MOST_NOTE_BYTES = 1_000_000
_MOST_SIGNATURES = 100
"""As Go's `sumdb/note` has it; C2SP asks for a limit, and for 16 at least. Each line costs milliseconds to check."""


class UnreadableNoteError(ValueError):
    """A text is not a signed note, key or checkpoint."""


@dataclass(frozen=True)
class VerificationKey:
    """A public key under a name: `kind` is 1 for a log's signatures, 4 for a witness's cosignatures."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    def __str__(self) -> str:
        """The public form of the key (`name+id+key`)."""
        packed = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{packed}"


@dataclass(frozen=True)
class Signature:
    """One signature line: `payload` is what follows the key's id."""

    name: str
    key_id: bytes
    payload: bytes


@dataclass(frozen=True)
class Note:
    """A signed note: `text` is what is signed, its last newline included."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Checkpoint:
    """A log's head: how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes
    note: Note


def key_id_of(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes that name a key in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def key_from(text: str) -> VerificationKey:
    """The key that a text `name+id+key` gives.

    Raises:
        UnreadableNoteError: it is none, or its id is not the key's.
    """
    name, _, rest = text.strip().partition("+")
    identity, _, packed = rest.partition("+")
    data = _decoded(packed, "key")
    if not name or len(data) != 33 or data[0] not in (LOG_KEY, WITNESS_KEY) or any(c.isspace() for c in name):
        raise UnreadableNoteError(f"not a verification key: {text.strip()!r}")
    key = VerificationKey(name, key_id_of(name, data[0], data[1:]), data[0], data[1:])
    if key.key_id.hex() != identity:
        raise UnreadableNoteError(f"the key's id is not its own: {text.strip()!r}")
    return key


def note_from(data: bytes) -> Note:
    """A signed note, read to the letter.

    Raises:
        UnreadableNoteError: the bytes are no signed note.
    """
    if len(data) > _MOST_NOTE_BYTES:
        raise UnreadableNoteError("the note is too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableNoteError("the note is not UTF-8") from error
    if any(ord(character) < 0x20 and character != "\n" for character in whole):
        raise UnreadableNoteError("the note has a control character")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise UnreadableNoteError("the note has no signature")
    signatures = lines[:-1].split("\n")
    if len(signatures) > _MOST_SIGNATURES:
        raise UnreadableNoteError(f"the note has more than {_MOST_SIGNATURES} signatures")
    read = tuple(map(_signature, signatures))
    if len({(line.name, line.key_id) for line in read}) != len(read):
        raise UnreadableNoteError("a key signed the note twice")  # other programs pass over the second line
    return Note(text + "\n", read)


def _signature(line: str) -> Signature:
    name, _, packed = line.removeprefix(_SIGNATURE_PREFIX).partition(" ")
    data = _decoded(packed, "signature")
    if not line.startswith(_SIGNATURE_PREFIX) or not name or len(data) < 5:
        raise UnreadableNoteError(f"not a signature line: {line[:80]!r}")
    return Signature(name, data[:4], data[4:])


def signed_by(note: Note, key: VerificationKey) -> bool:
    """Whether a log's key signed the note."""
    return any(
        is_signed(key.public, note.text.encode(), signature.payload)
        for signature in note.signatures
        if (signature.name, signature.key_id) == (key.name, key.key_id) and key.kind == LOG_KEY
    )


def cosigned_at(note: Note, key: VerificationKey) -> int | None:
    """When a witness cosigned the checkpoint (seconds since 1970); none when it did not."""
    for signature in note.signatures:
        if (signature.name, signature.key_id) != (key.name, key.key_id) or key.kind != WITNESS_KEY:
            continue
        if len(signature.payload) == 72:
            at = int.from_bytes(signature.payload[:8], "big")
            if is_signed(key.public, cosigned_message(note.text, at), signature.payload[8:]):
                return at
    return None


def cosigned_message(text: str, at: int) -> bytes:
    """What a witness signs: that it saw the checkpoint, and when."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def checkpoint_from(data: bytes) -> Checkpoint:
    """A checkpoint, read to the letter.

    Raises:
        UnreadableNoteError: the bytes are no checkpoint.
    """
    note = note_from(data)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not lines[0] or "" in lines:
        raise UnreadableNoteError("a checkpoint has an origin, a size and a root")
    root = _decoded(lines[2], "root")
    if len(root) != 32:
        raise UnreadableNoteError("a root has 32 bytes")
    return Checkpoint(lines[0], size_from(lines[1]), root, note)


def size_from(text: str) -> int:
    """A number of entries, written in the one way it can be.

    Raises:
        UnreadableNoteError: it is written in another way.
    """
    if not text.isascii() or not text.isdigit() or (text != "0" and text[0] == "0") or len(text) > 18:
        raise UnreadableNoteError(f"not a size: {text[:40]!r}")
    return int(text)


def hash_from(text: str) -> bytes:
    """A hash in base64.

    Raises:
        UnreadableNoteError: it is none.
    """
    data = _decoded(text, "hash")
    if len(data) != 32:
        raise UnreadableNoteError("a hash has 32 bytes")
    return data


def bytes_from(text: str) -> bytes:
    """Bytes in base64.

    Raises:
        UnreadableNoteError: they are none.
    """
    return _decoded(text, "extra")


def _decoded(text: str, what: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableNoteError(f"the {what} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise UnreadableNoteError(f"the {what} is not in its one base64 form")
    return data
