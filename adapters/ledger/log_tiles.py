"""The hashes of the log: complete tiles of 256 from the store, the rest from the entries themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from adapters.ledger.merkle import perfect_root

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
