"""Long texts as a SQLite file keeps them: deflated. The other store makes them shorter by itself.

What most texts have in common, the names of fields and the rules as they come, is known beforehand to who packs and who
unpacks (`packing.txt`): it is never changed, or what is packed could not be read any more.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

_KNOWN: Final = Path(__file__).with_name("packing.txt").read_bytes()
_WINDOW, _MEMORY = 14, 7
"""A window that holds what is known; measured, with the usual memory the setting up takes twice as long as the rest."""
_READY: Final = zlib.compressobj(6, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _KNOWN)
"""One that has taken in what is known: a copy of it costs half of a new one."""
_PACKED: Final = b"\x68"
"""How a packed text begins; all others are JSON."""


Pack = Callable[[bytes | str], bytes | str]
"""What a store does to a long text that it keeps."""


def as_it_is(text: bytes | str) -> bytes | str:
    """The text itself."""
    return text


def packed(text: bytes | str) -> bytes:
    """A text as it is kept."""
    data = text.encode() if isinstance(text, str) else text
    packer = _READY.copy()
    return packer.compress(data) + packer.flush()


def unpacked(kept: bytes) -> bytes:
    """A kept text as it was. What cannot be unpacked stays as it is: it is no JSON, and its hash is another one."""
    if not kept.startswith(_PACKED):
        return kept
    try:
        return zlib.decompressobj(_WINDOW, _KNOWN).decompress(kept)
    except zlib.error:
        return kept


def text_of(kept: bytes | str) -> str:
    """A kept text as it was, from either store."""
    return kept if isinstance(kept, str) else unpacked(kept).decode(errors="replace")
