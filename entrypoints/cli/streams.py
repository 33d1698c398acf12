"""What `duban` writes on: whatever a terminal or a pipe cannot show is shown otherwise, and never ends a command."""

from __future__ import annotations

import codecs
import sys

_SHOWN_AS = "duban-shown-as"
_INSTEAD = {
    "⚪": "白",
    "🟢": "绿",
    "🟡": "黄",
    "🔴": "红",
    "⚠": "！",
    "✓": "√",
    "✗": "×",
    "…": "...",
    "│": "|",
    "─": "-",
}
"""What stands for a mark where an encoding has not got it."""


def ready_streams(*, as_json: bool) -> None:
    """Make both streams fit for any text: JSON is always UTF-8, and what an encoding has not got is replaced.

    A stream that is no text file (a test's, an editor's) is left as it is.
    """
    codecs.register_error(_SHOWN_AS, _shown_as)
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is None:
            continue
        if as_json and stream is sys.stdout:
            change(encoding="utf-8", errors="replace")
        else:
            change(errors=_SHOWN_AS)


def _shown_as(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_in(error.encoding, character) for character in text), error.end


def _in(encoding: str, character: str) -> str:
    instead = _INSTEAD.get(character, "?")
    try:
        instead.encode(encoding)
    except UnicodeEncodeError:
        return "?"
    return instead
