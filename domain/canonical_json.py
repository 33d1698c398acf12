"""RFC 8785 (JCS) for what acts are made of: texts, whole numbers, truth values, lists, and objects with ASCII names.

For these Python's own writer gives the canonical bytes: what JCS orders and writes otherwise (names beyond ASCII by
UTF-16 units, fractions as ECMAScript does) is refused here. A test holds it against the reference library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

MOST_SAFE: Final = 2**53 - 1
"""The largest whole number that every reader of JSON keeps."""
Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


class NotCanonicalError(ValueError):
    """A value has no canonical form here."""


def canonical_json(value: Json) -> bytes:
    """The canonical bytes of a value: equal values have equal bytes, others have others.

    Raises:
        NotCanonicalError: a fraction, a number that readers lose, half a character, a name beyond ASCII, another type.
    """
    _must_be_plain(value)
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError("a text with half a character") from error


def _must_be_plain(value: object) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) > MOST_SAFE:
                raise NotCanonicalError(f"a number that readers of JSON lose: {value}")
        case list() | tuple():
            for item in value:
                _must_be_plain(item)
        case dict():
            for name, item in value.items():
                if type(name) is not str or not name.isascii():
                    raise NotCanonicalError(f"a name beyond ASCII: {name!r}")
                _must_be_plain(item)
        case _:
            raise NotCanonicalError(f"no value of canonical JSON: {type(value).__name__}")
