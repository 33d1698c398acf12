"""RFC 6962 Merkle trees from the writer's side: roots and proofs out of the hashes of complete subtrees."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

NodeReader = Callable[[int, int], bytes]
"""The hash of the complete subtree of height `level` (0 is a leaf) whose number from the left is `index`."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


def tree_root(size: int, node: NodeReader) -> bytes:
    """The root of the tree of the first `size` entries."""
    return _range_root(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """The hashes that lead from the entry at `index` to the root of the tree of `size` entries."""
    if not 0 <= index < size:
        raise IndexError(f"entry {index} is not in a tree of {size}")
    return _path(index, 0, size, node)


def consistency_proof(old_size: int, size: int, node: NodeReader) -> list[bytes]:
    """The hashes that show that the tree of `size` entries begins with the tree of `old_size`."""
    if not 0 <= old_size <= size:
        raise IndexError(f"a tree of {size} does not begin with one of {old_size}")
    if old_size in (0, size):
        return []
    return _subproof(old_size, 0, size, whole=True, node=node)


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _range_root(start: int, end: int, node: NodeReader) -> bytes:
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_root(start, middle, node), _range_root(middle, end, node))


def _path(index: int, start: int, end: int, node: NodeReader) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _range_root(middle, end, node)]
    return [*_path(index, middle, end, node), _range_root(start, middle, node)]


def _subproof(old_end: int, start: int, end: int, *, whole: bool, node: NodeReader) -> list[bytes]:
    if old_end == end:
        return [] if whole else [_range_root(start, end, node)]
    middle = start + _split(end - start)
    if old_end <= middle:
        return [*_subproof(old_end, start, middle, whole=whole, node=node), _range_root(middle, end, node)]
    return [*_subproof(old_end, middle, end, whole=False, node=node), _range_root(start, middle, node)]
