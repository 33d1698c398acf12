"""What a passkey's proof says (W3C Web Authentication, level 3, 6.1 and 7): read and held against what was asked.

The challenge is any bytes: a random one for a login, or the hash of an act. The signature is checked where there is a
cryptography library.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal

from domain.accounts.refusals import NoOwnKeyError
from domain.plain_json import plain_json

Ceremony = Literal["webauthn.create", "webauthn.get"]
"""A key is made, or used."""
ALGORITHMS: Final = (-7, -8, -257)
"""ES256, Ed25519, RS256, as COSE numbers them."""
_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40
_HEAD = 37
_LONGEST = 8_192


@dataclass(frozen=True, slots=True)
class Site:
    """Whose keys they are: the domain of the desk, and its address as a browser says it."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class AuthenticatorData:
    """What an authenticator signs of itself: which site, whether its person was there and verified, its counter."""

    rp_id_hash: bytes
    flags: int
    sign_count: int
    credential_id: bytes | None


def in_base64url(content: bytes) -> str:
    """Bytes as browsers write them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: object) -> bytes:
    """Bytes that a browser wrote.

    Raises:
        NoOwnKeyError: they are none.
    """
    if not isinstance(text, str) or len(text) > _LONGEST or not text.isascii():
        raise NoOwnKeyError(why="浏览器送来的内容读不懂")
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise NoOwnKeyError(why="浏览器送来的内容读不懂") from error


def challenge_of(client_data: bytes) -> bytes:
    """The challenge that a browser says it was given.

    Raises:
        NoOwnKeyError: it says none.
    """
    return from_base64url(_said(client_data).get("challenge"))


def origin_in(client_data: bytes) -> str:
    """The address at which a browser says that a proof was made (raises as `challenge_of`)."""
    return str(_said(client_data).get("origin"))


def read_authenticator_data(data: bytes) -> AuthenticatorData:
    """What an authenticator says of itself.

    Raises:
        NoOwnKeyError: it cannot be read.
    """
    if len(data) < _HEAD:
        raise NoOwnKeyError(why="密钥设备的数据太短")
    flags, credential_id = data[32], None
    if flags & _HAS_KEY:
        length = int.from_bytes(data[_HEAD + 16 : _HEAD + 18], "big")
        credential_id = data[_HEAD + 18 : _HEAD + 18 + length]
        if not 0 < length <= 1_023 or len(credential_id) != length:
            raise NoOwnKeyError(why="密钥设备的数据读不懂")
    return AuthenticatorData(data[:32], flags, int.from_bytes(data[33:_HEAD], "big"), credential_id)


def must_answer(client_data: bytes, data: AuthenticatorData, challenge: bytes, site: Site, ceremony: Ceremony) -> None:
    """Refuse what was not made for this challenge, at this site, by a person whom the device knows.

    Raises:
        NoOwnKeyError: it was not; the sentence says what is wrong.
    """
    said = _said(client_data)
    for wrong, why in (
        (said.get("type") != ceremony, "证明是为别的用途做的"),
        (challenge_of(client_data) != challenge, "证明不是为这一次做的"),
        (said.get("origin") != site.origin, "证明是在别的网站做的"),
        (said.get("crossOrigin") not in (None, False), "证明是在别的网站的页面里做的"),
        (data.rp_id_hash != sha256(site.rp_id.encode()).digest(), "密钥属于别的网站"),
        (not data.flags & _PRESENT, "没有人在设备前确认"),
        (not data.flags & _VERIFIED, "设备没有验证是本人（指纹、面容或 PIN）"),
    ):
        if wrong:
            raise NoOwnKeyError(why=why)


def signed_bytes(client_data: bytes, authenticator_data: bytes) -> bytes:
    """What the signature of a proof is of."""
    return authenticator_data + sha256(client_data).digest()


def must_count_on(before: int, now: int) -> None:
    """Refuse a key whose counter did not go on: there may be a copy of it. Keys that several devices share count not.

    Raises:
        NoOwnKeyError: it did not.
    """
    if (before or now) and now <= before:
        raise NoOwnKeyError(why="密钥的计数没有增加，可能被复制：请停用它，另行登记")


def _said(client_data: bytes) -> dict[str, Any]:
    try:
        said = plain_json(client_data)
    except (ValueError, RecursionError) as error:
        raise NoOwnKeyError(why="浏览器送来的内容读不懂") from error
    if not isinstance(said, dict):
        raise NoOwnKeyError(why="浏览器送来的内容读不懂")
    return said
