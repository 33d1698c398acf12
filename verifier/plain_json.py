"""JSON that every reader reads alike: no name twice in an object, no fraction, no number that is none.

Of a name that stands twice one reader takes the first value and another the last, so that two persons would see two
things under one hash.
"""

from __future__ import annotations

import json
from typing import Any


class AmbiguousJsonError(ValueError):
    """A text that readers of JSON read differently."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AmbiguousJsonError("a name stands twice in one object")
    return found


def _no_number(text: str) -> Any:
    raise AmbiguousJsonError(f"not a whole number: {text[:40]}")


_strict = json.JSONDecoder(object_pairs_hook=_object, parse_float=_no_number, parse_constant=_no_number)
_with_fractions = json.JSONDecoder(object_pairs_hook=_object)
quick = json.JSONDecoder(parse_float=_no_number, parse_constant=_no_number)
"""Takes a name that stands twice: whoever uses it asks `has_no_name_twice` afterwards."""


def plain_json(data: bytes, *, fractions: bool = False) -> Any:
    """The value of a file; with `fractions`, one that has what others said, such as a command that was refused.

    Raises:
        ValueError: it is no JSON in UTF-8, or readers differ on it.
        RecursionError: it is nested too deep.
    """
    return (_with_fractions if fractions else _strict).decode(data.decode("utf-8"))


def are_counted(data: bytes, names: int) -> bool:
    """Whether a text has so many names and no more, counted where nothing can hide one from counting.

    What was read as so many names has none twice then; reading each object with a look at its names costs a quarter
    more.
    """
    hidden = b"\\" in data or b'" ' in data or b"\n" in data or b"\t" in data or b"\r" in data
    return not hidden and data.count(b'":') == names


def has_no_name_twice(data: bytes) -> bool:
    """Whether a text that was read has no name twice in one object."""
    try:
        plain_json(data)
    except (ValueError, RecursionError):
        return False
    return True
