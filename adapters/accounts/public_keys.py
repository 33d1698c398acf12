"""Signatures of passkeys, checked by the cryptography library."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from adapters.accounts.sm2_certificates import SM2, sm2_has_signed

_FEWEST_BITS = 2_048

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
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key if isinstance(key.curve, ec.SECP256R1) else None
    if isinstance(key, rsa.RSAPublicKey):
        return key if key.key_size >= _FEWEST_BITS else None
    return key if isinstance(key, ed25519.Ed25519PublicKey) else None
