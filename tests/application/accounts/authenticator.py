"""A device with keys, in software: it makes keys and signs challenges as a browser with an authenticator does."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.accounts.webauthn import in_base64url

RP_ID, ORIGIN = "desk.example", "https://desk.example"


@dataclass(slots=True)
class Device:
    """One key on one device. Each field can be set to what an attacker, or a broken device, would say."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user_handle: str = ""
    rp_id: str = RP_ID
    origin: str = ORIGIN
    flags: int = 0x05
    sign_count: int = 0
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def public_key(self) -> bytes:
        """The public half, as browsers give it."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def enrol(self, options: dict[str, Any]) -> dict[str, Any]:
        """Make a key for a site."""
        self.user_handle = options["user"]["id"]
        made = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + b"\xa0"
        return self._answer(
            {
                "clientDataJSON": in_base64url(self._client_data("webauthn.create", options["challenge"])),
                "authenticatorData": in_base64url(self._data(0x40) + made),
                "publicKey": in_base64url(self.public_key),
                "publicKeyAlgorithm": -7,
            }
        )

    def sign(self, challenge: str) -> dict[str, Any]:
        """Sign a challenge."""
        client_data, data = self._client_data("webauthn.get", challenge), self._data()
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": in_base64url(client_data),
                "authenticatorData": in_base64url(data),
                "signature": in_base64url(signature),
                "userHandle": self.user_handle,
            }
        )

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = in_base64url(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _client_data(self, ceremony: str, challenge: str) -> bytes:
        said = {"type": ceremony, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | self.said).encode()

    def _data(self, more: int = 0) -> bytes:
        head = sha256(self.rp_id.encode()).digest() + bytes([self.flags | more])
        return head + self.sign_count.to_bytes(4, "big")
