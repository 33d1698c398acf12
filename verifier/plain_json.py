"""JSON that every reader reads alike: no name twice in an object, no fraction, no number that is none or too large.

Of a name that stands twice one reader takes the first value and another the last, and a number from 2^53 on is another
one for whoever keeps numbers as RFC 8259 (6) expects it, so that two persons would see two things under one hash.
"""

from __future__ import annotations

import json
from typing import Any, Final

_LARGEST: Final = 2**53 - 1
_LONG: Final = b":" + b"0" * len(str(_LARGEST))
_SHAPES: Final = bytes(
    ord("0") if chr(each).isdecimal() else ord(":") if each in b":,[- \t\r\n" else ord("x") for each in range(256)
)
"""Each byte as what it may be of a number: a digit, what stands before a number, anything else."""


class AmbiguousJsonError(ValueError):
    """A text that readers of JSON read differently."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AmbiguousJsonError("a name stands twice in one object")
    return found


def _no_number(text: str) -> Any:
    raise AmbiguousJsonError(f"not a whole number: {text[:40]}")


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > _LARGEST:
        _no_number(text)
    return number


_strict = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_no_number, parse_constant=_no_number
)
_with_fractions = json.JSONDecoder(object_pairs_hook=_object)
quick = json.JSONDecoder(parse_float=_no_number, parse_constant=_no_number)
"""Takes a name that stands twice, and any whole number: whoever uses it asks `is_plain` afterwards."""


def plain_json(data: bytes, *, fractions: bool = False) -> Any:
    """The value of a file; with `fractions`, one that has what others said, such as a command that was refused.

    Raises:
        ValueError: it is no JSON in UTF-8, or readers differ on it.
        RecursionError: it is nested too deep.
    """
    return (_with_fractions if fractions else _strict).decode(data.decode("utf-8"))


def canonical(value: Any) -> bytes:
    """A value as RFC 8785 writes it, of what attestations are made of: texts, whole numbers and names in ASCII."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def are_counted(data: bytes, names: int) -> bool:
    """Whether a text has so many names and no more, counted where nothing can hide one from counting.

    What was read as so many names has none twice then; reading each object with a look at its names costs a quarter
    more.
    """
    hidden = b"\\" in data or b'" ' in data or b"\n" in data or b"\t" in data or b"\r" in data
    return not hidden and data.count(b'":') == names


def has_long_numbers(data: bytes, known: int = 0) -> bool:
    """Whether a text may have more numbers than those `known` that readers differ on, by how many digits they have."""
    return data.translate(_SHAPES).count(_LONG) > known


def is_plain(data: bytes) -> bool:
    """Whether a text that was read has no name twice in one object, and no number that readers differ on."""
    try:
        plain_json(data)
    except (ValueError, RecursionError):
        return False
    return True
