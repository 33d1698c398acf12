"""RFC 6962 Merkle trees from the writer's side: roots and proofs out of the hashes of complete subtrees.

The hashes of the log: complete tiles of 256 from the store, the rest from the entries themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

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


WIDTH = 256
_TILE_HEIGHT = 8


class HashRows(Protocol):
    """Where hashes are kept."""

    def leaf_hashes(self, first: int, end: int) -> Sequence[bytes]:
        """The kept leaf hashes of the entries from `first` up to, not with, `end`."""

    def tile(self, level: int, index: int) -> bytes | None:
        """A complete tile (256 hashes), if it was made."""


class LogTiles:
    """Reads hashes of complete subtrees; keeps the tiles that it has read or made, so one instance serves one task."""

    def __init__(self, rows: HashRows, size: int) -> None:
        self._rows = rows
        self._size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}
        self._roots: dict[tuple[int, int], bytes] = {}
        self.made: dict[tuple[int, int], bytes] = {}
        """The complete tiles that the store did not have."""

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree of height `level` whose number from the left is `index`."""
        tile_level, height = divmod(level, _TILE_HEIGHT)
        if level and height == 0:
            # The root of a whole tile stands in the tile above when that is complete; the tile itself always tells.
            tile_level, height = tile_level - 1, _TILE_HEIGHT
        first = index << height
        if height == _TILE_HEIGHT:
            if (tile_level, index) not in self._roots:
                self._roots[tile_level, index] = perfect_root(self.tile(tile_level, index))
            return self._roots[tile_level, index]
        start = first % WIDTH
        return perfect_root(self.tile(tile_level, first // WIDTH)[start : start + (1 << height)])

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of a tile, as many as the tree of this size has."""
        known = self._tiles.get((level, index))
        if known is None:
            known = self._tiles[level, index] = self._read(level, index)
        return known

    def _read(self, level: int, index: int) -> list[bytes]:
        hashes = self._size >> (_TILE_HEIGHT * level)
        first, end = index * WIDTH, min(index * WIDTH + WIDTH, hashes)
        complete = end - first == WIDTH
        if complete and (kept := self._rows.tile(level, index)) is not None:
            return [kept[place : place + 32] for place in range(0, len(kept), 32)]
        if level == 0:
            tile = list(self._rows.leaf_hashes(first, end))
        else:
            tile = [self.node(level * _TILE_HEIGHT, number) for number in range(first, end)]
        if complete:
            self.made[level, index] = b"".join(tile)
        return tile
