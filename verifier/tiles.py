"""Where the tiles of a log are (tlog-tiles), and what an entry bundle holds."""

from __future__ import annotations

from collections.abc import Iterator

WIDTH = 256


class UnreadableTileError(ValueError):
    """The bytes are no tile of that width."""


def tile_path(level: int | None, index: int, width: int = WIDTH) -> str:
    """The path of a tile (`tile/0/x001/234`), or of an entry bundle when `level` is none; partial below 256."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{'entries' if level is None else level}/{'/'.join(groups)}{partial}"


def tiles_of(size: int, level: int | None) -> Iterator[tuple[int, int]]:
    """Index and width of every tile of a level in a tree of `size` entries."""
    hashes = size // WIDTH ** (level or 0)
    for index in range(hashes // WIDTH):
        yield index, WIDTH
    if hashes % WIDTH:
        yield hashes // WIDTH, hashes % WIDTH


def entries_in(bundle: bytes, width: int) -> list[bytes]:
    """The entries of a bundle: each with its length in two bytes before it.

    Raises:
        UnreadableTileError: the bytes do not hold exactly `width` entries.
    """
    entries: list[bytes] = []
    place, end = 0, len(bundle)
    for _ in range(width):
        start = place + 2
        place = start + int.from_bytes(bundle[place:start], "big")
        if start > end or place > end:
            raise UnreadableTileError(f"the bundle ends after {len(entries)} of {width} entries")
        entries.append(bundle[start:place])
    if place != end:
        raise UnreadableTileError(f"{end - place} bytes are left after {width} entries")
    return entries
