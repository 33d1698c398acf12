"""Signatures of passkeys, checked by the cryptography library; a key counts only where every reader takes it for one.

The library takes more than an auditor's reader does: points written shorter, exponents without end, Ed25519 keys with
which everybody can sign. Whoever enrolled such a key could deny later what the office heard him sign.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from adapters.accounts.sm2_certificates import SM2, sm2_has_signed

_BITS = range(2_048, 16_384 + 1)
_EXPONENTS = range(3, 2**32, 2)
_P = 2**255 - 19
_OF_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
_SMALL = frozenset({0, 1, _P - 1, _OF_ORDER_8, _P - _OF_ORDER_8})
"""The second coordinates of the eight points of Ed25519 with which everybody signs (RFC 8032, 5.1)."""

_Usable = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


class CryptographyKeys:
    """The port `PublicKeys`."""

    def is_usable(self, public_key: bytes) -> bool:
        return _read(public_key) is not None

    def has_signed(self, public_key: bytes, content: bytes, signature: bytes) -> bool:
        """Whether a signature of a content is the key's; SM2's is of a certificate, and no passkey."""
        if public_key.startswith(SM2):
            return sm2_has_signed(public_key, content, signature)
        key = _read(public_key)
        try:
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature, content, ec.ECDSA(SHA256()))
            elif isinstance(key, ed25519.Ed25519PublicKey):
                key.verify(signature, content)
            elif isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, content, padding.PKCS1v15(), SHA256())
            else:
                return False
        except InvalidSignature:
            return False
        return True


def _read(public_key: bytes) -> _Usable | None:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, _Usable) or key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != public_key:
        return None
    return key if _is_sound(key) else None


def _is_sound(key: _Usable) -> bool:
    match key:
        case ec.EllipticCurvePublicKey():
            return isinstance(key.curve, ec.SECP256R1)
        case rsa.RSAPublicKey():
            return key.key_size in _BITS and key.public_numbers().e in _EXPONENTS
        case ed25519.Ed25519PublicKey():
            second = int.from_bytes(key.public_bytes_raw(), "little") & (1 << 255) - 1
            return second < _P and second not in _SMALL
