"""Time stamps of a year gone by: an authority of the openssl command stamps once, and what it stamped is made to say
another head and another time, signed anew with the authority's own key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.stamp_authority import LocalAuthority
from verifier.certificates import Certificate, certificates_in
from verifier.der import piece

_ANY = hashlib.sha256(b"any head").digest()
_REQUEST = bytes.fromhex("30390201013031300d060960864801650304020105000420") + _ANY + bytes.fromhex("0101ff")
_TIME = "%Y%m%d%H%M%SZ"


@dataclass(frozen=True)
class PastAuthority:
    """An authority that stamps at any time since 2018."""

    token: bytes
    key: RSAPrivateKey
    trusted: list[Certificate]

    @classmethod
    def opened(cls, folder: Path, name: str = "Time Stamp Root") -> PastAuthority:
        """Make one, and let it stamp once."""
        authority = LocalAuthority.opened(folder, name=name, since=datetime(2018, 1, 1, tzinfo=UTC))
        _, token = piece(authority.answer(_REQUEST)).parts()
        key = serialization.load_pem_private_key((folder / "signer.key").read_bytes(), None)
        return cls(token.whole, cast(RSAPrivateKey, key), certificates_in(authority.certificates.read_bytes()))

    def stamp(self, text: bytes, at: datetime) -> bytes:
        """A time stamp of a text at a time."""
        told, _, _ = _parts(self.token)
        (then,) = [each.content for each in piece(told).parts() if each.tag == _GENERALIZED_TIME]
        new = told.replace(_ANY, hashlib.sha256(text).digest()).replace(
            then, at.astimezone(UTC).strftime(_TIME).encode()
        )
        before, after = (hashlib.sha256(each).digest() for each in (told, new))
        token = self.token.replace(told, new).replace(before, after)
        _, attributes, signature = _parts(token)
        signed = self.key.sign(b"\x31" + attributes[1:], padding.PKCS1v15(), hashes.SHA256())
        return token.replace(signature, signed)


_GENERALIZED_TIME = 0x18


def _parts(token: bytes) -> tuple[bytes, bytes, bytes]:
    """What is told, what is signed, and the signature."""
    _, content = piece(token).parts()
    _, _, inside, *_, signers = piece(content.content).parts()
    (one,) = signers.parts()
    return piece(inside.parts()[1].content).content, one.parts()[3].whole, one.parts()[5].content
