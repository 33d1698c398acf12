"""Proofs as files: inclusion (`c2sp.org/tlog-proof@v1`) and the request that a witness checks (tlog-witness)."""

from __future__ import annotations

from dataclasses import dataclass

from verifier.notes import Checkpoint, UnreadableNoteError, bytes_from, checkpoint_from, hash_from, size_from

_INCLUSION = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class InclusionProof:
    """One entry's place in the tree of a checkpoint; `entry` where it stands in the file."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    entry: bytes | None = None


@dataclass(frozen=True)
class ConsistencyProof:
    """That a checkpoint's tree begins with the tree of `old_size`; also the request to a witness."""

    old_size: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: bytes


def inclusion_from(data: bytes) -> InclusionProof:
    """An inclusion proof, read to the letter.

    Raises:
        UnreadableNoteError: the bytes are none.
    """
    lines, note = _parted(data)
    if not lines or lines.pop(0) != _INCLUSION:
        raise UnreadableNoteError(f"an inclusion proof begins with {_INCLUSION}")
    entry = bytes_from(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise UnreadableNoteError("an inclusion proof names its index")
    index = size_from(lines.pop(0).removeprefix("index "))
    return InclusionProof(index, tuple(hash_from(line) for line in lines), checkpoint_from(note), entry)


def consistency_from(data: bytes) -> ConsistencyProof:
    """A consistency proof, read to the letter.

    Raises:
        UnreadableNoteError: the bytes are none.
    """
    lines, note = _parted(data)
    if not lines or not lines[0].startswith("old "):
        raise UnreadableNoteError("a consistency proof names the old size")
    old_size = size_from(lines.pop(0).removeprefix("old "))
    return ConsistencyProof(old_size, tuple(hash_from(line) for line in lines), checkpoint_from(note), note)


def _parted(data: bytes) -> tuple[list[str], bytes]:
    head, gap, note = data.partition(b"\n\n")
    if not gap:
        raise UnreadableNoteError("a proof ends with a checkpoint")
    try:
        return head.decode("ascii").split("\n"), note
    except UnicodeDecodeError as error:
        raise UnreadableNoteError("a proof is written in ASCII") from error
