"""Providers of OpenID Connect for the tests: two by other authors, one that lies as it is told; and a browser."""

from __future__ import annotations

import base64
import hmac
import html
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tests.plain_http import PLAIN

REDIRECT_URI = "http://127.0.0.1:9/login/third-party"
CLIENT_ID, CLIENT_SECRET = "duban-desk", "of-the-tests-0123456789abcdef"
_SECOND = Path(__file__).with_name("second_provider.py")


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that runs: as it names itself, and how somebody signs in there (the address we get back)."""

    issuer: str
    sign_in: Callable[[str, str], str]


def query_of(address: str) -> dict[str, str]:
    """What a browser brings back."""
    return dict(parse_qsl(urlsplit(address).query))


_FIRST = """
import sys
from oidc_provider_mock import User, run_server_in_thread
with run_server_in_thread(user_claims=[User(sub="wangwei", claims={"name": "王伟"})]) as server:
    print(f"listening http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
"""


@contextmanager
def first_provider() -> Iterator[Provider]:
    """The one from the Python package index."""

    def sign_in(address: str, subject: str) -> str:
        answer = httpx2.post(address, data={"sub": subject}, follow_redirects=False, **PLAIN)
        return str(answer.headers["location"])

    # In a process of its own: what it warns of is its authors' affair.
    with _running([sys.executable, "-c", _FIRST]) as issuer:
        yield Provider(issuer, sign_in)


@contextmanager
def _running(command: list[str]) -> Iterator[str]:
    """Run a provider as a process, and answer how it names itself."""
    started = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with started:
        try:
            assert started.stdout is not None
            yield next(line.split()[1] for line in started.stdout if line.startswith("listening "))
        finally:
            started.kill()


@contextmanager
def second_provider() -> Iterator[Provider]:
    """The one that shares no code with what is tested: its authors, its libraries and its pages are others."""
    with _running([sys.executable, str(_SECOND), REDIRECT_URI, CLIENT_ID, CLIENT_SECRET]) as issuer:
        yield Provider(issuer, _fill_forms)


def _fill_forms(address: str, subject: str) -> str:
    """Go through the pages of the second provider as a browser does: a name and a password."""
    with httpx2.Client(follow_redirects=False, **PLAIN) as browser:
        answer = browser.get(address)
        for _ in range(20):
            if "location" in answer.headers:
                address = urljoin(str(answer.url), answer.headers["location"])
                if address.startswith(REDIRECT_URI):
                    return address
                answer = browser.get(address)
                continue
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            assert form is not None, answer.text
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
            given = hidden | {"username": subject, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), html.unescape(form.group(1))), data=given)
    raise AssertionError("the second provider never sent the browser back")


@cache
def _key(kid: str) -> RSAKey:
    """The key of this name, made once: a pair takes longer than all that is tried with it."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@dataclass(slots=True)
class Liar:
    """A provider of ours that says in its tokens what a test tells it to; or one that stands before a real one, hands
    on what its client asks, and changes the tokens that the real one gives."""

    key: RSAKey = field(default_factory=lambda: _key("current"))
    withdrawn: RSAKey = field(default_factory=lambda: _key("withdrawn"))
    issuer: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)
    sign: Callable[[Liar, dict[str, Any]], str] = lambda liar, claims: signed(liar.key, claims)
    about: Mapping[str, Any] = field(default_factory=dict)
    seen: list[Mapping[str, str]] = field(default_factory=list)
    honest: Mapping[str, Any] = field(default_factory=dict)
    behind: Provider | None = None
    answer: bytes | None = None
    """What it answers where a token belongs."""

    def arrive(self, address: str, honest: Mapping[str, Any]) -> dict[str, str]:
        """Somebody signs in: what the browser brings back, where the token says `honest` but for what was told."""
        asked = query_of(address)
        if self.behind is not None:
            brought = query_of(self.behind.sign_in(address, "wangwei"))
            return {name: brought[name] for name in ("code", "state")}
        self.honest = {"nonce": asked["nonce"], **honest}
        return {"code": "a-code", "state": asked["state"]}

    def documents(self) -> Mapping[str, Any]:
        """What it says of itself; before a real one, what that one says, but for the addresses that change."""
        addresses = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
        if self.behind is not None:
            said = httpx2.get(f"{self.behind.issuer}/.well-known/openid-configuration", **PLAIN).json()
            addresses["authorization_endpoint"] = said["authorization_endpoint"]
        return {"issuer": self.issuer, **addresses, "jwks_uri": f"{self.issuer}/jwks", **self.about}

    def true_claims(self, body: bytes, headers: Mapping[str, str]) -> Mapping[str, Any]:
        """What an honest token says: of itself, or what the real one's says under this one's name."""
        if self.behind is None:
            return self.honest
        said = httpx2.get(f"{self.behind.issuer}/.well-known/openid-configuration", **PLAIN).json()
        keys = KeySet.import_key_set(httpx2.get(said["jwks_uri"], **PLAIN).json())
        told = {name: value for name, value in headers.items() if name.lower() in ("authorization", "content-type")}
        answer = httpx2.post(said["token_endpoint"], content=body, headers=told, **PLAIN).json()
        return {**jwt.decode(answer["id_token"], keys).claims, "iss": self.issuer}


def signed(key: RSAKey, claims: dict[str, Any], algorithm: str = "RS256") -> str:
    """A token signed by a key."""
    header = {"alg": algorithm, "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=[algorithm])


def unsigned(_: Liar, claims: dict[str, Any]) -> str:
    """A token that says that it needs no signature."""
    return _encoded({"alg": "none"}, claims) + "."


def _encoded(*parts: Mapping[str, Any]) -> str:
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)


def signed_with_the_shared_secret(_: Liar, claims: dict[str, Any]) -> str:
    """A token by a secret that two have."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])


def signed_with_the_public_key(liar: Liar, claims: dict[str, Any]) -> str:
    """A token by what everybody has."""
    told = _encoded({"alg": "HS256", "kid": "current"}, claims)
    made = hmac.digest(liar.key.as_pem(private=False), told.encode(), "sha256")
    return f"{told}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


@contextmanager
def lying_provider(behind: Provider | None = None) -> Iterator[Liar]:
    """Run it."""
    liar = Liar(behind=behind)

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = self.path.endswith("/jwks")
            self._answer(KeySet([liar.key]).as_dict(private=False) if keys else liar.documents())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            liar.seen.append(dict(parse_qsl(body.decode())))
            token = liar.sign(liar, {**liar.true_claims(body, dict(self.headers)), **liar.claims})
            self._answer({"access_token": "x", "token_type": "Bearer", "id_token": token}, liar.answer)

        def _answer(self, document: Mapping[str, Any], other: bytes | None = None) -> None:
            content = json.dumps(document).encode() if other is None else other
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    liar.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
