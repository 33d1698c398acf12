"""Where a browser is sent back to: a page of ours, whatever a link or a form says."""

from __future__ import annotations

_LONGEST_PATH = 2_000


def own_path(text: str | None) -> str:
    """The page of ours that a text names; the first page where it names none, whatever a browser reads in it."""
    if not text or len(text) > _LONGEST_PATH or not text.startswith("/") or text.startswith("//"):
        return "/"
    # A browser reads a backslash as a slash, and leaves tabs and line ends out: either makes another host of a path.
    return text if text.isascii() and text.isprintable() and not {" ", "\\"} & set(text) else "/"
