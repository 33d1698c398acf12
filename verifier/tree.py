"""RFC 6962 Merkle trees from an auditor's side: rebuild a root, check proofs (RFC 9162, section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

_TILE_HEIGHT = 8
_TILE = 1 << _TILE_HEIGHT
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over hashes of equal height, in order: level by level, where one that is left over goes up as it is."""
    sha256 = hashlib.sha256
    level = list(hashes)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        left_over = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + left_over
    return level[0] if level else EMPTY_ROOT


class Tree:
    """The tree over leaf hashes in order, with every 256th inner node kept (the tiles' hashes, tlog-tiles), so that the
    root of any earlier size costs a few hundred hashes and not all of them."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.levels = [leaves]
        """The leaf hashes, then the hashes of each level of tiles."""
        while len(below := self.levels[-1]) >= _TILE:
            complete = range(0, len(below) - _TILE + 1, _TILE)
            self.levels.append([root_of(below[first : first + _TILE]) for first in complete])

    def root(self, size: int) -> bytes:
        """The root of the tree as it was when it had `size` leaves."""
        if size == 0:
            return EMPTY_ROOT
        peaks: list[tuple[int, bytes]] = []
        done = 0
        for level in reversed(range(len(self.levels))):
            width = _TILE**level
            for node in self.levels[level][done // width : size // width]:
                height, merged = level * _TILE_HEIGHT, node
                while peaks and peaks[-1][0] == height:
                    merged = node_hash(peaks.pop()[1], merged)
                    height += 1
                peaks.append((height, merged))
            done = size // width * width
        root = peaks.pop()[1]
        while peaks:
            root = node_hash(peaks.pop()[1], root)
        return root


def includes(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that the leaf hash stands at `index` in the tree of `size` entries with this root."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(step, found)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        position >>= 1
        last >>= 1
    return last == 0 and found == root


def extends(*, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` begins with exactly the tree of `old_size`."""
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    hashes = list(proof)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    position, last = old_size - 1, size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old_found = found = hashes[0]
    for step in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_found, found = node_hash(step, old_found), node_hash(step, found)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        position >>= 1
        last >>= 1
    return last == 0 and old_found == old_root and found == root
