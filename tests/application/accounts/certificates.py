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

    def __init__(
        self,
        folder: Path,
        name: str,
        authority: SoftwareCertificate | None = None,
        days: int = 365,
        algorithm: str = "SM2",
        issues: bool = False,
    ) -> None:
        self._folder, self._key = folder, folder / f"{name}.key"
        self.path = folder / f"{name}.pem"
        openssl("genpkey", "-algorithm", algorithm, "-out", str(self._key))
        by = ("-CA", str(authority.path), "-CAkey", str(authority._key)) if authority is not None else ()
        request = folder / f"{name}.csr"
        self._digest = "-sm3" if algorithm == "SM2" else "-sha256"
        base = ("req", "-new", "-key", str(self._key), "-subj", f"/CN={name}", "-utf8", self._digest)
        if authority is None:
            openssl(*base, "-x509", "-days", str(days), "-out", str(self.path))
        else:
            openssl(*base, "-out", str(request))
            says = folder / f"{name}.ext"
            says.write_text(f"basicConstraints=critical,CA:{'TRUE' if issues else 'FALSE'}\n", encoding="utf-8")
            made = ("-in", str(request), "-days", str(days), authority._digest, "-CAcreateserial")
            openssl("x509", "-req", *by, *made, "-extfile", str(says), "-out", str(self.path))
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
