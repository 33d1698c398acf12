"""Certificates as a time stamp needs them, in plain Python: who signed which, for what, and when they were valid."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from verifier.der import BITS, BOOLEAN, OCTETS, SEQUENCE, Piece, UnreadableDerError, piece
from verifier.public_keys import has_signed

_PEM: Final = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_EXTENSIONS, _VERSION = 0xA3, 0xA0
_BASIC_CONSTRAINTS, _EXTENDED_USE = "551d13", "551d25"
_TIME_STAMPING: Final = "2b06010505070308"
_MOST_ABOVE: Final = 4
HASHES: Final = {
    "2a864886f70d01010b": "sha256",
    "2a864886f70d01010c": "sha384",
    "2a864886f70d01010d": "sha512",
    "2a8648ce3d040302": "sha256",
    "2a8648ce3d040303": "sha384",
    "2a8648ce3d040304": "sha512",
}
"""The algorithms of signatures that are known (RSA by PKCS #1 and ECDSA), by their identifiers, and their hashes."""


@dataclass(frozen=True)
class Certificate:
    """A certificate."""

    whole: bytes
    signed_part: bytes
    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    public_key: bytes
    is_authority: bool
    stamps_only: bool
    algorithm: str
    signature: bytes

    def was_valid_at(self, at: datetime) -> bool:
        """Whether it was valid at an instant."""
        return self.not_before <= at <= self.not_after

    def signed(self, other: Certificate) -> bool:
        """Whether it signed another certificate."""
        is_known = other.algorithm in HASHES and other.issuer == self.subject and self.is_authority
        return is_known and has_signed(self.public_key, other.signed_part, other.signature, HASHES[other.algorithm])


def certificate_from(data: bytes) -> Certificate:
    """A certificate (DER).

    Raises:
        UnreadableDerError: it is none.
    """
    try:
        body, algorithm, signature = piece(data).must_be(SEQUENCE).parts()
        parts = body.must_be(SEQUENCE).parts()
        if parts[0].tag == _VERSION:
            parts = parts[1:]
        serial, _, issuer, validity, subject, key = parts[:6]
        begins, ends = validity.parts()
        extensions = [each for part in parts[6:] if part.tag == _EXTENSIONS for each in piece(part.content).parts()]
        told = {
            each.parts()[0].object: (each.parts()[-1].must_be(OCTETS).content, _is_critical(each))
            for each in extensions
        }
        uses = [each.object for each in piece(told[_EXTENDED_USE][0]).parts()] if _EXTENDED_USE in told else []
        limits = piece(told[_BASIC_CONSTRAINTS][0]).parts() if _BASIC_CONSTRAINTS in told else []
        return Certificate(
            whole=data,
            signed_part=body.whole,
            serial=int.from_bytes(serial.content, "big"),
            issuer=issuer.whole,
            subject=subject.whole,
            not_before=begins.instant,
            not_after=ends.instant,
            public_key=key.whole,
            is_authority=bool(limits) and limits[0].tag == BOOLEAN and limits[0].content != b"\0",
            stamps_only=uses == [_TIME_STAMPING] and told[_EXTENDED_USE][1],
            algorithm=algorithm.parts()[0].object,
            signature=signature.must_be(BITS).content[1:],
        )
    except (ValueError, IndexError) as error:
        raise UnreadableDerError(f"not a certificate: {error}") from error


def _is_critical(extension: Piece) -> bool:
    parts = extension.parts()
    return len(parts) == 3 and parts[1].tag == BOOLEAN and parts[1].content != b"\0"


def certificates_in(pem: bytes) -> list[Certificate]:
    """The certificates in a PEM file.

    Raises:
        UnreadableDerError: there are none, or one is damaged.
    """
    found = [certificate_from(base64.b64decode(match)) for match in _PEM.findall(pem)]
    if not found:
        raise UnreadableDerError("no certificate in the file")
    return found


def leads_to(first: Certificate, others: Sequence[Certificate], trusted: Sequence[Certificate], at: datetime) -> bool:
    """Whether a certificate leads to a trusted one by others, each of them valid at an instant."""
    trusted_hashes = {hashlib.sha256(each.whole).digest() for each in trusted}
    waiting, above, unseen = [first], 0, list({each.whole: each for each in (*trusted, *others)}.values())
    while waiting and above <= _MOST_ABOVE:
        waiting = [each for each in waiting if each.was_valid_at(at)]
        if any(hashlib.sha256(each.whole).digest() in trusted_hashes for each in waiting):
            return True
        # Each certificate is asked once: those of one name and key may all have signed each other.
        waiting = [upper for upper in unseen if any(upper.signed(each) for each in waiting)]
        unseen = [upper for upper in unseen if upper not in waiting]
        above += 1
    return False
