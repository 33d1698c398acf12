"""Regular expressions that are compiled when they are first used: most processes read no notice."""

from __future__ import annotations

import re
from typing import Any, cast


class _Uncompiled:
    """Stands for its pattern; whatever is asked of it is the pattern's own from the second time on."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern of an expression."""
    return cast(re.Pattern[str], _Uncompiled(text, flags))


STROKES = r"[—–/\\×✗-]{1,3}"
"""What stands in a cell in the place of words that are not there."""
