"""Signatures of devices and authorities in plain Python: ECDSA on P-256, EdDSA (Ed25519) and RSA (PKCS #1), by the
public half in DER (SubjectPublicKeyInfo). It only checks, and is compared with another implementation in the tests.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from verifier import ed25519

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_ED25519 = bytes.fromhex("302a300506032b6570032100")
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_HASH_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
_FEWEST_BITS = 2_048

Point = tuple[int, int, int]
"""A point in Jacobian coordinates; the third is 0 for the point at infinity."""


@lru_cache(maxsize=4096)
def has_signed(public_key: bytes, content: bytes, signature: bytes, hashed: str = "sha256") -> bool:
    """Whether a signature of a content (`hashed` by this algorithm) is the key's; a key of another kind has signed
    nothing."""
    if public_key.startswith(_P256) and len(public_key) == len(_P256) + 64:
        return _ecdsa(public_key[len(_P256) :], hashlib.new(hashed, content).digest(), signature)
    if public_key.startswith(_ED25519):
        return ed25519.is_signed(public_key[len(_ED25519) :], content, signature)
    return _rsa(public_key, hashlib.new(hashed, content).digest(), signature, _HASH_INFO[hashed])


def _ecdsa(coordinates: bytes, hashed: bytes, signature: bytes) -> bool:
    x, y = int.from_bytes(coordinates[:32], "big"), int.from_bytes(coordinates[32:], "big")
    numbers = _two_numbers(signature)
    if numbers is None or x >= _P or y >= _P or (y * y - x * x * x + 3 * x - _B) % _P:
        return False
    r, s = numbers
    if not (0 < r < _N and 0 < s < _N):
        return False
    inverse = pow(s, -1, _N)
    digest = int.from_bytes(hashed[:32], "big")  # of a longer hash, what fits the curve
    found = _sum_of(digest * inverse % _N, _G, r * inverse % _N, (x, y))
    if found[2] == 0:
        return False
    return bool(found[0] * pow(found[2], -2, _P) % _P % _N == r)


def _sum_of(first: int, one: tuple[int, int], second: int, other: tuple[int, int]) -> Point:
    """`first` times one point and `second` times the other, bit by bit together."""
    a, b = (*one, 1), (*other, 1)
    both = _add(a, b)
    result: Point = (1, 1, 0)
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        result = _double(result)
        match first >> bit & 1, second >> bit & 1:
            case 1, 1:
                result = _add(result, both)
            case 1, 0:
                result = _add(result, a)
            case 0, 1:
                result = _add(result, b)
    return result


def _double(point: Point) -> Point:
    x, y, z = point
    if z == 0 or y == 0:
        return (1, 1, 0)
    delta, gamma = z * z % _P, y * y % _P
    beta, alpha = x * gamma % _P, 3 * (x - delta) * (x + delta) % _P
    x_new = (alpha * alpha - 8 * beta) % _P
    return x_new, (alpha * (4 * beta - x_new) - 8 * gamma * gamma) % _P, 2 * y * z % _P


def _add(one: Point, other: Point) -> Point:
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    z1, z2 = one[2] * one[2] % _P, other[2] * other[2] % _P
    u1, u2 = one[0] * z2 % _P, other[0] * z1 % _P
    s1, s2 = one[1] * z2 * other[2] % _P, other[1] * z1 * one[2] % _P
    if u1 == u2:
        return _double(one) if s1 == s2 else (1, 1, 0)
    h, r = (u2 - u1) % _P, (s2 - s1) % _P
    h2 = h * h % _P
    h3, v = h * h2 % _P, u1 * h2 % _P
    x = (r * r - h3 - 2 * v) % _P
    return x, (r * (v - x) - s1 * h3) % _P, h * one[2] * other[2] % _P


def _two_numbers(der: bytes) -> tuple[int, int] | None:
    """The two numbers of an ECDSA signature in DER, in the one form that each has."""
    outer = _piece(der, 0x30)
    if outer is None or outer[1]:
        return None
    first = _number(outer[0])
    second = _number(first[1]) if first else None
    return (first[0], second[0]) if first and second and not second[1] else None


def _number(der: bytes) -> tuple[int, bytes] | None:
    found = _piece(der, 0x02)
    if found is None or not found[0] or found[0][0] & 0x80:
        return None
    if len(found[0]) > 1 and not found[0][0] and not found[0][1] & 0x80:
        return None
    return int.from_bytes(found[0], "big"), found[1]


def _piece(der: bytes, tag: int) -> tuple[bytes, bytes] | None:
    """The content of the first piece, where it has this tag, and what comes after it."""
    if len(der) < 2 or der[0] != tag:
        return None
    length, at = der[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 2 or len(der) < 2 + count:
            return None
        length, at = int.from_bytes(der[2 : 2 + count], "big"), 2 + count
    return (der[at : at + length], der[at + length :]) if len(der) >= at + length else None


def _rsa(public_key: bytes, hashed: bytes, signature: bytes, info: bytes) -> bool:
    outer = _piece(public_key, 0x30)
    if outer is None or not outer[0].startswith(_RSA):
        return False
    bits = _piece(outer[0][len(_RSA) :], 0x03)
    key = _piece(bits[0][1:], 0x30) if bits and bits[0][:1] == b"\x00" else None
    modulus = _number(key[0]) if key else None
    exponent = _number(modulus[1]) if modulus else None
    if modulus is None or exponent is None or modulus[0].bit_length() < _FEWEST_BITS:
        return False
    size = (modulus[0].bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= modulus[0]:
        return False
    told = pow(number, exponent[0], modulus[0]).to_bytes(size, "big")
    end = b"\x00" + info + hashed
    return told == b"\x00\x01" + b"\xff" * (size - 2 - len(end)) + end
