"""A person's key counts at a door only where an auditor's verifier takes it for a key, too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.accounts.public_keys import CryptographyKeys
from verifier.public_keys import has_signed

CONTENT = b"any"
ONE = (1).to_bytes(32, "little")
P = 2**255 - 19
ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
_ED25519 = bytes.fromhex("302a300506032b6570032100")
_EC = bytes.fromhex("301306072a8648ce3d020106082a8648ce3d030107")
_RSA, _RSA_WITHOUT = bytes.fromhex("300d06092a864886f70d0101010500"), bytes.fromhex("300b06092a864886f70d010101")


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def _rsa(modulus: int, exponent: int, algorithm: bytes = _RSA) -> bytes:
    numbers = b"".join(_der(2, each.to_bytes(each.bit_length() // 8 + 1, "big")) for each in (modulus, exponent))
    return _der(0x30, algorithm + _der(3, b"\x00" + _der(0x30, numbers)))


def _signed_by(modulus: int, private: int) -> bytes:
    size = (modulus.bit_length() + 7) // 8
    end = b"\x00" + bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(CONTENT).digest()
    padded = b"\x00\x01" + b"\xff" * (size - 2 - len(end)) + end
    return pow(int.from_bytes(padded, "big"), private, modulus).to_bytes(size, "big")


def _strange() -> Mapping[str, tuple[bytes, bytes]]:
    on_curve, rsa_key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65_537, 2_048)
    signed, point = on_curve.sign(CONTENT, ec.ECDSA(SHA256())), on_curve.public_key()
    whole = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    short = point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    hybrid = bytes([6 + (whole[-1] & 1)]) + whole[1:]
    numbers = rsa_key.private_numbers()
    modulus, totient = numbers.p * numbers.q, (numbers.p - 1) * (numbers.q - 1)
    long = 2**32 + 15
    while totient % long == 0:
        long += 2
    return {
        "a point written short": (_der(0x30, _EC + _der(3, b"\x00" + short)), signed),
        "a point written twice": (_der(0x30, _EC + _der(3, b"\x00" + hybrid)), signed),
        "an exponent without end": (_rsa(modulus, long), _signed_by(modulus, pow(long, -1, totient))),
        "an algorithm written otherwise": (_rsa(modulus, 65_537, _RSA_WITHOUT), _signed_by(modulus, numbers.d)),
        "a key with which everybody signs": (_ED25519 + ONE, ONE + bytes(32)),
        "the same, written beyond the field": (_ED25519 + (P + 1).to_bytes(32, "little"), ONE + bytes(32)),
        "the same, of the other sign": (_ED25519 + (1 | 1 << 255).to_bytes(32, "little"), ONE + bytes(32)),
    }


STRANGE = _strange()


@pytest.mark.parametrize("name", STRANGE)
def test_a_key_that_the_verifier_takes_for_none_is_enrolled_by_nobody(name: str) -> None:
    """The library takes each; whoever enrolled it could say later, with the verifier, that he signed nothing."""
    public, signature = STRANGE[name]
    keys = CryptographyKeys()
    assert not has_signed(public, CONTENT, signature)
    assert not keys.is_usable(public)
    assert not keys.has_signed(public, CONTENT, signature)


@pytest.mark.parametrize("second", [0, 1, P - 1, ORDER_8, P - ORDER_8])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_no_point_of_small_order_is_a_key(second: int, sign: int) -> None:
    """All eight, and the two ways to write a second one that is none."""
    assert not CryptographyKeys().is_usable(_ED25519 + (second | sign).to_bytes(32, "little"))


def test_what_devices_make_counts_at_the_door_and_for_the_verifier() -> None:
    """The three kinds of key that are asked of browsers."""
    on_curve, edwards = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
    of_rsa = rsa.generate_private_key(65_537, 3_072)
    for public, signature in (
        (on_curve.public_key(), on_curve.sign(CONTENT, ec.ECDSA(SHA256()))),
        (edwards.public_key(), edwards.sign(CONTENT)),
        (of_rsa.public_key(), of_rsa.sign(CONTENT, padding.PKCS1v15(), SHA256())),
    ):
        key = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert CryptographyKeys().is_usable(key)
        assert CryptographyKeys().has_signed(key, CONTENT, signature)
        assert has_signed(key, CONTENT, signature)
