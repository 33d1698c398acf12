"""Signatures of persons, devices and authorities in plain Python: ECDSA on P-256 and P-384, EdDSA (Ed25519), RSA (PKCS
#1) and SM2, by the public half in DER (SubjectPublicKeyInfo). It only checks, and is compared with others in the tests.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from verifier import ed25519, sm2
from verifier.curves import Curve

_ECDSA = {
    bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"): Curve(
        p=2**256 - 2**224 + 2**192 + 2**96 - 1,
        b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        n=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        g=(
            0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        ),
    ),
    bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004"): Curve(
        p=2**384 - 2**128 - 2**96 + 2**32 - 1,
        b=0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        n=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        g=(
            0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
            0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        ),
        size=48,
    ),
}
"""The curves, by how a public key on each begins."""
SM2 = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""How the public half of an SM2 key begins; the two coordinates come after it."""
_ED25519 = bytes.fromhex("302a300506032b6570032100")
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_HASH_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
_FEWEST_BITS, _MOST_BITS = 2_048, 16_384
_EXPONENTS = range(3, 2**32, 2)
"""With 1 everybody could sign; with a longer one, or a longer modulus, a check takes hours."""


@lru_cache(maxsize=4096)
def has_signed(public_key: bytes, content: bytes, signature: bytes, hashed: str = "sha256") -> bool:
    """Whether a signature of a content (`hashed` by this algorithm) is the key's; a key of another kind has signed
    nothing."""
    for begins, curve in _ECDSA.items():
        if public_key.startswith(begins) and len(public_key) == len(begins) + 2 * curve.size:
            return _ecdsa(curve, public_key[len(begins) :], hashlib.new(hashed, content).digest(), signature)
    if public_key.startswith(SM2) and len(public_key) == len(SM2) + 64:
        return _sm2(public_key[len(SM2) :], content, signature)
    if public_key.startswith(_ED25519):
        return ed25519.is_signed(public_key[len(_ED25519) :], content, signature)
    return _rsa(public_key, hashlib.new(hashed, content).digest(), signature, _HASH_INFO[hashed])


def _ecdsa(curve: Curve, coordinates: bytes, hashed: bytes, signature: bytes) -> bool:
    point, numbers, n = curve.point_in(coordinates), _two_numbers(signature), curve.n
    if numbers is None or point is None:
        return False
    r, s = numbers
    if not (0 < r < n and 0 < s < n):
        return False
    inverse = pow(s, -1, n)
    digest = int.from_bytes(hashed[: curve.size], "big")  # of a longer hash, what fits the curve
    found = curve.x_of_sum(digest * inverse % n, r * inverse % n, point)
    return found is not None and found % n == r


def _sm2(coordinates: bytes, content: bytes, signature: bytes) -> bool:
    numbers = _two_numbers(signature)
    return numbers is not None and sm2.is_signed(coordinates, content, numbers)


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
        if length < 0x80 or (count == 2 and length < 0x100):
            return None  # a shorter form says the same
    return (der[at : at + length], der[at + length :]) if len(der) >= at + length else None


def _rsa(public_key: bytes, hashed: bytes, signature: bytes, info: bytes) -> bool:
    outer = _piece(public_key, 0x30)
    if outer is None or not outer[0].startswith(_RSA):
        return False
    bits = _piece(outer[0][len(_RSA) :], 0x03)
    key = _piece(bits[0][1:], 0x30) if bits and bits[0][:1] == b"\x00" else None
    modulus = _number(key[0]) if key else None
    exponent = _number(modulus[1]) if modulus else None
    if modulus is None or exponent is None or exponent[0] not in _EXPONENTS:
        return False
    if not _FEWEST_BITS <= modulus[0].bit_length() <= _MOST_BITS:
        return False
    size = (modulus[0].bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= modulus[0]:
        return False
    told = pow(number, exponent[0], modulus[0]).to_bytes(size, "big")
    end = b"\x00" + info + hashed
    return told == b"\x00\x01" + b"\xff" * (size - 2 - len(end)) + end
