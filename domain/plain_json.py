"""JSON that every reader reads alike: in UTF-8, and no name twice in one object.

Of a name that stands twice one reader takes the first value and another the last: what a person saw, what a proxy let
through and what is recorded would be different things. The verifier reads with the same rule.
"""

from __future__ import annotations

import json
from typing import Any


class RepeatedNameError(ValueError):
    """A name stands twice in one object."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a name stands twice in one object: {name[:40]}")
        self.name = name


def plain_json(data: bytes) -> Any:
    """The value of a text.

    Raises:
        RepeatedNameError: a name stands twice in one object.
        ValueError: it is no JSON in UTF-8.
        RecursionError: it is nested too deep.
    """
    return _reader.decode(data.decode("utf-8"))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise RepeatedNameError(name)
        found[name] = value
    return found


_reader = json.JSONDecoder(object_pairs_hook=_object)
