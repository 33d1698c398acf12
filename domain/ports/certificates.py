"""Certificates of persons (SM2 with SM3), issued by an authority that the office trusts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.errors import InputError


class UnusableCertificateError(InputError, rule="usable_certificate"):
    """A certificate cannot be enrolled."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says: its bytes (DER), the public half of its key (DER), whose it is, until when."""

    data: bytes
    public: bytes
    subject: str
    ends_at: datetime


class Certificates(Protocol):
    """MUST answer only certificates whose key is SM2's, that count at the instant, and that somebody trusted issued."""

    def must_count(self, at: datetime) -> int:
        """How many certificates of authorities are set; none where nothing is.

        Raises:
            UnusableCertificateError: they cannot be used; the sentence says why.
        """

    def read(self, data: bytes, at: datetime) -> Certificate:
        """A certificate, from PEM or DER.

        Raises:
            UnusableCertificateError: it cannot be enrolled; the sentence says why.
        """
