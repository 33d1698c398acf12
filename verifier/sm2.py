"""SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905) in plain Python, with the identity of GB/T 35276."""

from __future__ import annotations

from verifier.curves import Curve

CURVE = Curve(
    p=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF,
    b=0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93,
    n=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123,
    g=(
        0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
        0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
    ),
)
_IDENTITY = b"1234567812345678"
_FIRST = (
    *(0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600),
    *(0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E),
)
_ALL = 0xFFFFFFFF


def is_signed(coordinates: bytes, content: bytes, numbers: tuple[int, int]) -> bool:
    """Whether two numbers are a signature of a content by the key that has these coordinates."""
    point, (r, s), n = CURVE.point_in(coordinates), numbers, CURVE.n
    if point is None or not (0 < r < n and 0 < s < n) or (r + s) % n == 0:
        return False
    x = CURVE.x_of_sum(s, (r + s) % n, point)
    digest = int.from_bytes(sm3(_about(coordinates) + content), "big")
    return x is not None and (digest + x) % n == r


def _about(coordinates: bytes) -> bytes:
    """The hash of who signs: the identity, the curve, the public key."""
    a = (CURVE.p - 3, CURVE.b, *CURVE.g)
    numbers = b"".join(number.to_bytes(32, "big") for number in a)
    return sm3((len(_IDENTITY) * 8).to_bytes(2, "big") + _IDENTITY + numbers + coordinates)


def sm3(content: bytes) -> bytes:
    """The SM3 hash of a content."""
    padded = content + b"\x80" + bytes(-(len(content) + 9) % 64) + (len(content) * 8).to_bytes(8, "big")
    state: tuple[int, ...] = _FIRST
    for at in range(0, len(padded), 64):
        block = _compressed(state, padded[at : at + 64])
        state = tuple(old ^ new for old, new in zip(state, block, strict=True))
    return b"".join(word.to_bytes(4, "big") for word in state)


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _turned(words[j - 3], 15)
        mixed ^= _turned(mixed, 15) ^ _turned(mixed, 23)
        words.append(mixed ^ _turned(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        one = _turned((_turned(a, 12) + e + _turned(constant, j % 32)) & _ALL, 7)
        two = one ^ _turned(a, 12)
        first = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        second = e ^ f ^ g if j < 16 else (e & f) | (~e & _ALL & g)
        first = (first + d + two + (words[j] ^ words[j + 4])) & _ALL
        second = (second + h + one + words[j]) & _ALL
        a, b, c, d = first, a, _turned(b, 9), c
        e, f, g, h = second ^ _turned(second, 9) ^ _turned(second, 17), e, _turned(f, 19), g
    return a, b, c, d, e, f, g, h


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _ALL if by else word
