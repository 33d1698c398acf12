"""Ed25519 (RFC 8032) in plain Python, so that an auditor's machine needs no library. Slow (milliseconds) and enough.

It is compared with another implementation in the tests. Signing is not constant-time: a witness signs its own
observations on its own machine, where nobody measures it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_SIGN_BIT = 1 << 255
_DIGITS = 64
"""Hexadecimal ones: no factor has more than 255 bits, for the others than a private one are below `_L`."""

Point = tuple[int, int, int, int]
"""A point in extended coordinates (X, Y, Z, T)."""
_NOTHING: Point = (0, 1, 1, 0)


def _add(first: Point, second: Point) -> Point:
    return _plus(first, _addend(second))


def _addend(point: Point) -> Point:
    """A point as it is added again and again: (Y - X, Y + X, 2 D T, 2 Z)."""
    x, y, z, t = point
    return (y - x) % _P, (y + x) % _P, 2 * _D * t % _P, 2 * z % _P


def _plus(first: Point, addend: Point) -> Point:
    x, y, z, t = first
    less, more, across, twice = addend
    a, b, c, d = (y - x) * less, (y + x) * more, t * across, z * twice
    e, f, g, h = (b - a) % _P, (d - c) % _P, (d + c) % _P, (b + a) % _P
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _opposite(point: Point) -> Point:
    x, y, z, t = point
    return -x % _P, y, z, -t % _P


@lru_cache(maxsize=128)
def _multiples(point: Point) -> tuple[tuple[Point, ...], ...]:
    """What the point is worth for each digit at each place of a factor, to be added: few keys sign much, a hundred one
    note."""
    places = []
    for _ in range(_DIGITS):
        worth, addend = [point], _addend(point)
        while len(worth) < 15:
            worth.append(_plus(worth[-1], addend))
        places.append((_addend(_NOTHING), *map(_addend, worth)))
        point = _plus(worth[-1], addend)
    return tuple(places)


def _times(factor: int, point: Point, result: Point = _NOTHING) -> Point:
    """So many times the point, added to the result."""
    for worth in _multiples(point):
        if digit := factor & 15:
            result = _plus(result, worth[digit])
        factor >>= 4
    return result


def _same(first: Point, second: Point) -> bool:
    return (first[0] * second[2] - second[0] * first[2]) % _P == 0 and (
        first[1] * second[2] - second[1] * first[2]
    ) % _P == 0


def _x_of(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _SQRT_MINUS_ONE % _P
    if (x * x - square) % _P:
        return None
    return _P - x if (x & 1) != sign else x


def _packed(point: Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (_SIGN_BIT if x & 1 else 0)).to_bytes(32, "little")


def _unpacked(packed: bytes) -> Point | None:
    number = int.from_bytes(packed, "little")
    y = number & (_SIGN_BIT - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % _P)


@lru_cache(maxsize=64)
def _unpacked_key(packed: bytes) -> Point | None:
    """A public key; none where everybody could sign with it (eight times a point of small order is none)."""
    point = _unpacked(packed)
    eightfold = point
    for _ in range(3):
        eightfold = eightfold and _add(eightfold, eightfold)
    return point if eightfold and not _same(eightfold, _NOTHING) else None


_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE_X = _x_of(_BASE_Y, 0) or 0
_BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def _expanded(seed: bytes) -> tuple[int, bytes]:
    hashed = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(hashed[:32], "little")
    return (scalar & ((1 << 254) - 8)) | (1 << 254), hashed[32:]


def public_key(seed: bytes) -> bytes:
    """The public key (32 bytes) of a private seed (32 bytes)."""
    return _packed(_times(_expanded(seed)[0], _BASE))


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature (64 bytes) of a message."""
    scalar, prefix = _expanded(seed)
    public = _packed(_times(scalar, _BASE))
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % _L
    commitment = _packed(_times(nonce, _BASE))
    challenge = int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little") % _L
    return commitment + ((nonce + challenge * scalar) % _L).to_bytes(32, "little")


@lru_cache(maxsize=4096)
def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message was made with the key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, response = _unpacked_key(public), int.from_bytes(signature[32:], "little")
    if key is None or response >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    # A point has one packed form, and to pack the one that it must be takes a third of unpacking the one that it is.
    return _packed(_times(challenge, _opposite(key), _times(response, _BASE))) == signature[:32]
