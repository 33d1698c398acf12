"""Characters that no office text means: what a terminal would obey, what turns a text round, what nobody sees."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@")
_UNSEEN: Final = ("Cf", "Cc")
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane * 0x1_0000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)
)
_UNREADABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff" + _NO_CHARACTERS
REFUSED = re.compile(f"[{_UNREADABLE}]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def without_invisible(text: str) -> str:
    """A text without the characters that nobody sees: zero-width ones, joiners, fillers, selectors, tags."""
    return _INVISIBLE.sub("", text)


def printable(text: str, instead: str = "�") -> str:
    """Any text as a terminal may show it: what it would obey, or what would turn the line round, is replaced."""
    return REFUSED.sub(instead, text)


def in_one_line(text: str) -> str:
    """A name that anybody could have given, as it may stand in a line: it makes no line of its own."""
    return printable("�".join(text.splitlines()))


def in_a_sentence(text: str, most: int = 400) -> str:
    """What somebody wrote, inside a sentence about it: nothing to obey, and no longer than can be read."""
    text = printable(text)
    return text if len(text) <= most else f"{text[: most * 2 // 3]}……{text[-most // 3 :]}"


def could_be_a_formula(text: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula: by its first sign, without what stands before it unseen, and
    full-width as plain."""
    seen = next((each for each in text if not each.isspace() and unicodedata.category(each) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", seen)[:1] in _BEGINS_A_FORMULA
