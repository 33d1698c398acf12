"""A time stamp authority that a test starts: the certificates by `cryptography`, the stamps by the openssl command."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
certs = {folder}/ca.pem
signer_key = {folder}/signer.key
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = {essence}
"""
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class LocalAuthority:
    """An authority with its own root and a certificate for stamps; everything lies in its folder."""

    folder: Path

    @classmethod
    def opened(
        cls, folder: Path, *, name: str = "Time Stamp Root", curve: ec.EllipticCurve | None = None,
        digest: str = "sha256", essence: str = "sha256", since: datetime | None = None,
    ) -> LocalAuthority:  # fmt: skip
        """Make an authority: with RSA or on a `curve` for both certificates, which are good `since` two months."""
        folder.mkdir(parents=True)
        root, signer = (cls._key(curve) for _ in range(2))
        ca = cls._certificate(name, name, root.public_key(), root, None, since)
        uses = [ExtendedKeyUsageOID.TIME_STAMPING]
        own = cls._certificate(f"{name} signer", name, signer.public_key(), root, uses, since)
        pem = serialization.Encoding.PEM
        (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
        (folder / "signer.pem").write_bytes(own.public_bytes(pem))
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (folder / "signer.key").write_bytes(signer.private_bytes(pem, *plain))
        (folder / "serial").write_text("01\n", encoding="ascii")
        config = _CONFIG.format(folder=folder, digest=digest, essence=essence)
        (folder / "openssl.cnf").write_text(config, encoding="ascii")
        return cls(folder)

    @property
    def certificates(self) -> Path:
        """The file by which it is trusted."""
        return self.folder / "ca.pem"

    def answer(self, query: bytes) -> bytes:
        """Its answer to a request, as the openssl command gives it."""
        asked, told = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        config = self.folder / "openssl.cnf"
        words = ["openssl", "ts", "-reply", "-config", str(config), "-queryfile", str(asked), "-out", str(told)]
        subprocess.run(words, check=True, capture_output=True)
        return told.read_bytes()

    def agrees(self, digest: bytes, answer: bytes) -> bool:
        """Whether the openssl command finds that an answer stamps a digest."""
        told = self.folder / "judged.tsr"
        told.write_bytes(answer)
        words = [
            "openssl",
            "ts",
            "-verify",
            "-digest",
            digest.hex(),
            "-in",
            str(told),
            "-CAfile",
            str(self.certificates),
        ]
        return subprocess.run(words, check=False, capture_output=True).returncode == 0

    @staticmethod
    def _key(curve: ec.EllipticCurve | None) -> Key:
        return ec.generate_private_key(curve) if curve else rsa.generate_private_key(65_537, 2_048)

    @staticmethod
    def _certificate(
        subject: str,
        issuer: str,
        public: Any,
        signer: Key,
        uses: list[x509.ObjectIdentifier] | None,
        since: datetime | None,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since or now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=uses is None, path_length=None), critical=True)
        )
        if uses is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=True)
        return builder.sign(signer, hashes.SHA256())
