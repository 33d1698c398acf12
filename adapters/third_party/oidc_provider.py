"""A provider of OpenID Connect: the authorization code with PKCE, and an ID token held against its signing keys.

authlib speaks OAuth over httpx2; joserfc, of the same author, checks signatures. What a token must say is checked here,
sentence by sentence. The keys are fetched for each login: one that the provider has withdrawn counts no more.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from domain.accounts.refusals import NoThirdPartyError, ThirdPartyError
from domain.ports.third_party import SentAway, Vouched

ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""Signatures by a key that only the provider has: no shared secret, and never none."""
_LEEWAY = timedelta(seconds=60)
_OLDEST = timedelta(minutes=10)
_LONGEST_SUBJECT = 255
_PATIENCE = httpx2.Timeout(10.0)
_LARGEST = 1_000_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class OidcProvider:
    """The port `ThirdParty` on one provider, as the settings name it."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None) -> None:
        _must_be_safe(issuer, NoThirdPartyError("设置 DUBAN_OIDC_ISSUER 须是 https 地址（本机可用 http），不带参数。"))
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret

    async def must_answer(self) -> None:
        async with self._client("") as client:
            about = await self._about(client)
            _address(about, "authorization_endpoint")
            _address(about, "token_endpoint")
            await _keys(client, about)

    async def send_away(self, redirect_uri: str) -> SentAway:
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        async with self._client(redirect_uri) as client:
            about = await self._about(client)
            address, state = client.create_authorization_url(
                _address(about, "authorization_endpoint"),
                state=secrets.token_urlsafe(32),
                nonce=nonce,
                code_verifier=verifier,
            )
        return SentAway(address=address, state=state, nonce=nonce, verifier=verifier, redirect_uri=redirect_uri)

    async def come_back(self, sent: SentAway, query: Mapping[str, str], now: datetime) -> Vouched:
        if query.get("state") != sent.state:
            raise ThirdPartyError(why="返回的 state 与发起的不同")
        if query.get("iss", self._issuer) != self._issuer:
            raise ThirdPartyError(why="应答来自另一个身份提供方")
        if "error" in query or not query.get("code"):
            raise ThirdPartyError(why=f"对方没有确认登录（{query.get('error', '没有授权码')[:60]}）")
        async with self._client(sent.redirect_uri) as client:
            about = await self._about(client)
            answer = await client.fetch_token(
                _address(about, "token_endpoint"), code=query["code"], code_verifier=sent.verifier
            )
            keys = await _keys(client, about)
        return self._vouched(str(answer.get("id_token", "")), keys, sent.nonce, now)

    def _vouched(self, id_token: str, keys: KeySet, nonce: str, now: datetime) -> Vouched:
        try:
            claims = jwt.decode(id_token, keys, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ThirdPartyError(why=f"身份令牌的签名不成立（{type(error).__name__}）") from error
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
        subject = claims.get("sub")
        for wrong, why in (
            (claims.get("iss") != self._issuer, "身份令牌由另一个身份提供方签发"),
            (self._client_id not in audiences, "身份令牌不是给本系统的"),
            (len(audiences) > 1 and claims.get("azp") != self._client_id, "身份令牌同时给了别的系统"),
            (claims.get("azp", self._client_id) != self._client_id, "身份令牌是给别的系统的"),
            (not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()), "nonce 与发起的不同"),
            (_instant(claims, "exp") + _LEEWAY <= now, "身份令牌已过期：请核对两边的时钟"),
            (abs(now - _instant(claims, "iat")) > _OLDEST, "身份令牌不是刚刚签发的：请核对两边的时钟"),
            (not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT, "身份令牌没有写明是谁"),
        ):
            if wrong:
                raise ThirdPartyError(why=why)
        name = claims.get("name")
        authenticated_at = _instant(claims, "auth_time") if "auth_time" in claims else None
        return Vouched(
            issuer=self._issuer,
            subject=str(subject),
            name=name if isinstance(name, str) else None,
            authenticated_at=authenticated_at,
        )

    async def _about(self, client: Any) -> Mapping[str, Any]:
        about = await _document(client, f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != self._issuer:
            raise ThirdPartyError(why=f"{self._issuer} 自称是 {about.get('issuer')}：设置 DUBAN_OIDC_ISSUER 须与它一致")
        return about

    @asynccontextmanager
    async def _client(self, redirect_uri: str) -> AsyncIterator[Any]:
        """A client; what goes wrong between it and the provider is told in a sentence."""
        try:
            async with AsyncOAuth2Client(
                client_id=self._client_id,
                client_secret=self._client_secret,
                token_endpoint_auth_method="client_secret_basic" if self._client_secret else "none",
                redirect_uri=redirect_uri,
                scope="openid profile",
                code_challenge_method="S256",
                timeout=_PATIENCE,
                follow_redirects=False,
                verify=_trusted(),
            ) as client:
                yield client
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ThirdPartyError(why=f"连不上 {self._issuer}（{type(error).__name__}）") from error
        except OAuthError as error:
            raise ThirdPartyError(why=f"对方没有确认登录（{str(error.error)[:60]}）") from error
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            # Its libraries read answers of any shape as if they were the right one.
            raise ThirdPartyError(why=f"{self._issuer} 的应答读不懂") from error


@cache
def _trusted() -> ssl.SSLContext:
    """Whom the machine trusts: read once, for every reading costs as much as the rest of a login."""
    return httpx2.create_ssl_context()


async def _document(client: Any, address: str) -> Mapping[str, Any]:
    async with client.stream("GET", address, withhold_token=True) as response:
        content = b""
        async for part in response.aiter_bytes():
            content += part
            if len(content) > _LARGEST:
                raise ThirdPartyError(why=f"{address} 的应答太长")
    try:
        found = httpx2.Response(response.status_code, content=content).json()
    except ValueError as error:
        raise ThirdPartyError(why=f"{address} 的应答读不懂") from error
    if response.status_code != httpx2.codes.OK or not isinstance(found, dict):
        raise ThirdPartyError(why=f"{address} 的应答是 {response.status_code}")
    return found


async def _keys(client: Any, about: Mapping[str, Any]) -> KeySet:
    return KeySet.import_key_set(await _document(client, _address(about, "jwks_uri")))  # type: ignore[arg-type]


def _address(about: Mapping[str, Any], name: str) -> str:
    address = str(about.get(name, ""))
    _must_be_safe(address, ThirdPartyError(why=f"对方的 {name} 不是 https 地址"))
    return address


def _must_be_safe(address: str, refusal: Exception) -> None:
    try:
        parts = urlsplit(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    except ValueError:
        raise refusal from None
    if not safe or not parts.hostname or parts.username is not None or parts.fragment:
        raise refusal


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ThirdPartyError(why=f"身份令牌没有写明 {name}")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise ThirdPartyError(why=f"身份令牌的 {name} 读不懂") from error
