"""Reading DER (X.690), as far as time stamps and certificates need it: one piece after the other, nothing lenient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

SEQUENCE, SET, INTEGER, OCTETS, BITS, OBJECT, BOOLEAN = 0x30, 0x31, 0x02, 0x04, 0x03, 0x06, 0x01
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
_LONG: Final = 0x80
_MOST_LENGTH_BYTES: Final = 4


class UnreadableDerError(ValueError):
    """Bytes are not DER, or not what should stand there."""


@dataclass(frozen=True)
class Piece:
    """One piece: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    whole: bytes

    def parts(self) -> list[Piece]:
        """The pieces inside."""
        return pieces(self.content)

    def must_be(self, tag: int) -> Piece:
        """Itself, where it has this tag."""
        if self.tag != tag:
            raise UnreadableDerError(f"tag {self.tag:#04x} where {tag:#04x} should stand")
        return self

    @property
    def number(self) -> int:
        """An integer that is not negative."""
        content = self.must_be(INTEGER).content
        if not content or content[0] & _LONG:
            raise UnreadableDerError("not a number")
        return int.from_bytes(content, "big")

    @property
    def object(self) -> str:
        """An object identifier, in hexadecimal."""
        return self.must_be(OBJECT).content.hex()

    @property
    def instant(self) -> datetime:
        """A time in UTC."""
        text = self.content.decode("ascii", "replace")
        if self.tag == UTC_TIME and len(text) == 13:
            text = ("20" if text < "50" else "19") + text
        elif self.tag != GENERALIZED_TIME:
            raise UnreadableDerError("not a time")
        whole, dot, fraction = text.removesuffix("Z").partition(".")
        if (
            not text.endswith("Z")
            or len(whole) != 14
            or not (whole + fraction).isdecimal()
            or bool(dot) != bool(fraction)
        ):
            raise UnreadableDerError("not a time in UTC")
        try:
            found = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError as error:
            raise UnreadableDerError("not a time") from error
        return found.replace(microsecond=int(fraction[:6].ljust(6, "0")) if fraction else 0)


def pieces(data: bytes) -> list[Piece]:
    """The pieces that follow each other, to the last byte."""
    found, at = [], 0
    while at < len(data):
        piece = _piece_at(data, at)
        found.append(piece)
        at += len(piece.whole)
    return found


def piece(data: bytes) -> Piece:
    """The one piece that bytes are."""
    found = pieces(data)
    if len(found) != 1:
        raise UnreadableDerError("one piece, and nothing after it, should stand there")
    return found[0]


def _piece_at(data: bytes, start: int) -> Piece:
    at = start + 2
    if len(data) < at or data[start] & 0x1F == 0x1F:
        raise UnreadableDerError("cut off")
    length = data[start + 1]
    if length & _LONG:
        count = length & 0x7F
        if not 1 <= count <= _MOST_LENGTH_BYTES or len(data) < at + count:
            raise UnreadableDerError("a length that is none")
        length, at = int.from_bytes(data[at : at + count], "big"), at + count
    if len(data) < at + length:
        raise UnreadableDerError("cut off")
    return Piece(data[start], data[at : at + length], data[start : at + length])
