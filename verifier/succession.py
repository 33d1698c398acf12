"""Which keys a log's key vouches for: a key that is changed, or that begins a new generation of a restored log.

Under a note, beside the signatures, stands one line for each change: the older key's name, an id of its own, and as
payload the older key's signature over both keys followed by the newer key. Other programs pass over such lines, as over
every signature of a key that they do not know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from verifier.ed25519 import is_signed
from verifier.notes import LOG_KEY, Note, Signature, UnreadableNoteError, VerificationKey, key_from

_KIND = b"\xffduban-successor/v1"
_SIGNATURE_LENGTH = 64


def successors(note: Note, trusted: Sequence[VerificationKey]) -> list[VerificationKey]:
    """The keys that trusted ones vouch for under a note, those that these vouch for, and so on, in order."""
    known = {str(key): key for key in trusted}
    waiting = list(known.values())
    while waiting:
        older = waiting.pop(0)
        for line in _lines_of(note, older):
            newer = _vouched(older, line)
            if newer is not None and str(newer) not in known:
                known[str(newer)] = newer
                waiting.append(newer)
    return list(known.values())[len(set(map(str, trusted))) :]


def has_false_succession(note: Note, keys: Sequence[VerificationKey]) -> bool:
    """Whether a line in the name of one of the keys vouches for nothing."""
    return any(_vouched(key, line) is None for key in keys for line in _lines_of(note, key))


def is_in_the_name_of(line: Signature, keys: Sequence[VerificationKey]) -> bool:
    """Whether a line gives itself out as one of the keys' signature, or as its word for the key that follows."""
    return any(line.name == key.name and line.key_id in {key.key_id, _identity(key)} for key in keys)


def _lines_of(note: Note, key: VerificationKey) -> list[Signature]:
    return [line for line in note.signatures if (line.name, line.key_id) == (key.name, _identity(key))]


def _identity(key: VerificationKey) -> bytes:
    return hashlib.sha256(key.name.encode() + b"\n" + _KIND + key.public).digest()[:4]


def _vouched(older: VerificationKey, line: Signature) -> VerificationKey | None:
    signature, rest = line.payload[:_SIGNATURE_LENGTH], line.payload[_SIGNATURE_LENGTH:]
    try:
        newer = key_from(rest.decode("utf-8"))
    except (UnreadableNoteError, UnicodeDecodeError):
        return None
    message = f"duban-successor/v1\n{older}\n{newer}\n".encode()
    return newer if newer.kind == LOG_KEY and is_signed(older.public, message, signature) else None
