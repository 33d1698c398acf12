"""Certificates on software keys (SM2 with SM3), made and used by the `openssl` command as a token's driver would."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate

_IDENTITY = ("-pkeyopt", "distid:1234567812345678")


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    """What the command answers."""
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


class SoftwareCertificate:
    """A certificate of somebody, signed by itself or by an authority's."""

    def __init__(self, folder: Path, name: str, authority: SoftwareCertificate | None = None, days: int = 365) -> None:
        self._folder, self._key = folder, folder / f"{name}.key"
        self.path = folder / f"{name}.pem"
        openssl("genpkey", "-algorithm", "SM2", "-out", str(self._key))
        by = ("-CA", str(authority.path), "-CAkey", str(authority._key)) if authority is not None else ()
        request = folder / f"{name}.csr"
        base = ("req", "-new", "-key", str(self._key), "-subj", f"/CN={name}", "-utf8", "-sm3")
        if authority is None:
            openssl(*base, "-x509", "-days", str(days), "-out", str(self.path))
        else:
            openssl(*base, "-out", str(request))
            made = ("-in", str(request), "-days", str(days), "-sm3", "-CAcreateserial", "-out", str(self.path))
            openssl("x509", "-req", *by, *made)
        self.public = openssl("pkey", "-in", str(self._key), "-pubout", "-outform", "DER")

    @property
    def der(self) -> bytes:
        """Its bytes."""
        return load_pem_x509_certificate(self.path.read_bytes()).public_bytes(Encoding.DER)

    def sign(self, content: bytes) -> bytes:
        """What its key signs of a content."""
        place = self._folder / "content"
        place.write_bytes(content)
        return openssl(
            *("pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", str(self._key), *_IDENTITY, "-in", str(place))
        )
