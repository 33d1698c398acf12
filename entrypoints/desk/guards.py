"""What stands before every page: how long and how large a request may be, where it comes from, what browsers obey."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, MutableMapping
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from application.settings import Settings
from entrypoints.desk.languages import LANGUAGE, preferred, said
from entrypoints.desk.languages import later as _

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all, nothing from elsewhere, nothing in line, in nobody's frame; a page that needs the one script
says so itself (ADR 0133)."""
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
BODY_SECONDS: Final = 60.0
"""How long a whole body may take to arrive."""
FORM_BYTES: Final = 1_000_000
"""So large may a form, or a call, without files be."""
STRANGERS_BYTES: Final = 100_000
"""So large may be what somebody sends who is not signed in: reading a form of a megabyte may take a second, in which
nobody else is answered."""
MEGABYTE: Final = 1_000_000
Room = Callable[[Scope], int]
"""How large the body of a request may be."""
Refusing = Callable[[int, str], ASGIApp]
"""How a guard says no: of a status and a sentence, what answers."""
_NOT_OURS: Final = _(
    "这个地址不是督办台的：请改用管理员告知的地址；要用这个地址的，由管理员在 DUBAN_DESK_HOSTS 中写明。"
)
_NOT_FROM_HERE: Final = _("这个请求不是从督办台的页面发出的，没有办理：请回到督办台重新操作。")
_TOO_SLOW: Final = _("请求的内容没有及时送达：请检查网络后重试。")
_TOO_LARGE: Final = _("请求的内容太大，没有接收：请压缩或拆分后重试。")
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST: Final = re.compile(r"([^:\[\]]+|\[[^\[\]]+\])(?::[0-9]{1,5})?")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


class BodyTooLargeError(Exception):
    """A body is larger than any form of the desk can be."""


class BodyTooSlowError(Exception):
    """A body did not arrive in time."""


class SecurityHeaders:
    """Adds the headers that browsers obey; what is not made for keeping is not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self._app(scope, receive, with_headers)


class Limits:
    """Refuses bodies that are too large or too slow before anything is kept of them."""

    def __init__(
        self, app: ASGIApp, room: Room | int, seconds: float = BODY_SECONDS, refuse: Refusing | None = None
    ) -> None:
        self._app, self._seconds, self._refuse = app, seconds, refuse or _refusal
        self._room = room if callable(room) else lambda _scope: room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is bounded; another one with 413 or 408."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest, too_large = self._room(scope), self._too_large(self._room(scope))
        claimed = Headers(scope=scope).get("content-length", "")
        if claimed.isascii() and claimed.isdigit() and int(claimed) > largest:
            await too_large(scope, receive, send)
            return
        bounded = self._bounded(receive, largest)
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, bounded, noted)
        except BodyTooLargeError:
            if not begun:
                await too_large(scope, receive, send)
        except BodyTooSlowError:
            if not begun:
                await self._refuse(408, _TOO_SLOW)(scope, receive, send)

    def _too_large(self, largest: int) -> ASGIApp:
        if largest < MEGABYTE:
            return self._refuse(413, _TOO_LARGE)
        return self._refuse(413, f"请求的内容超过 {largest / MEGABYTE:.0f} MB，没有接收：请压缩或拆分后重试。")

    def _bounded(self, receive: Receive, largest: int) -> Receive:
        arrived, more = 0, True
        until = asyncio.get_running_loop().time() + self._seconds

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal arrived, more
            if not more:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError as error:
                raise BodyTooSlowError from error
            arrived += len(message.get("body", b""))
            more = bool(message.get("more_body", False))
            if arrived > largest:
                raise BodyTooLargeError
            return message

        return bounded


class OwnHost:
    """Refuses names that are not ours: another host's name that leads here gets nothing."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], refuse: Refusing | None = None) -> None:
        self._app, self._hosts, self._refuse = app, hosts, refuse or _refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that asks for us by name."""
        if scope["type"] == "http" and not self._ours(Headers(scope=scope).get("host", "")):
            await self._refuse(421, _NOT_OURS)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _ours(self, host: str) -> bool:
        named = _HOST.fullmatch(host)
        return named is not None and named[1].lower() in self._hosts


class OwnOrigin:
    """Refuses what another site, or another port of this host, makes a browser send."""

    def __init__(self, app: ASGIApp, refuse: Refusing | None = None) -> None:
        self._app, self._refuse = app, refuse or _refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that comes from our own pages, or asks for nothing to be changed."""
        changes = scope["type"] == "http" and scope["method"] not in _SAFE
        if changes and not same_origin(Headers(scope=scope), scope["scheme"]):
            await self._refuse(403, _NOT_FROM_HERE)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def same_origin(headers: Headers, scheme: str) -> bool:
    """Whether a request comes from a page of ours: the browser says so, and the origin is the host that is asked.

    Another port of the same host is `same-site`, and refused like any other site.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin"):
        return False
    if origin is not None:
        return origin.lower() == f"{scheme}://{headers.get('host', '')}".lower()
    return site == "same-origin"


def hosts_of(settings: Settings) -> frozenset[str]:
    """The names under which the desk may be asked: those of the settings, the address it listens on, this machine's."""
    named = [name.strip().lower() for name in (settings.desk_hosts or "").split(",") if name.strip()]
    return frozenset({*named, settings.desk_address.lower(), *_LOOPBACK})


def guarded(
    app: ASGIApp,
    settings: Settings,
    refuse: Refusing | None = None,
    takes_files: Callable[[str], bool] = lambda _path: True,
) -> ASGIApp:
    """An application behind all of these, which refuse as it says; a name that is not ours gets no page of it, files go
    to the addresses alone that take them, and the others, which are everybody's, take little."""
    files = settings.evidence_megabytes * MEGABYTE * 2 + FORM_BYTES

    def room(scope: Scope) -> int:
        if not takes_files(scope["path"]):
            return STRANGERS_BYTES
        return files if Headers(scope=scope).get("content-type", "").startswith("multipart/") else FORM_BYTES

    return SecurityHeaders(OwnHost(Limits(OwnOrigin(app, refuse), room, refuse=refuse), hosts_of(settings)))


def _refusal(status: int, sentence: str) -> ASGIApp:
    async def refusal(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        wanted = preferred(request.cookies.get(LANGUAGE), request.headers.get("accept-language", ""))
        text, language = said(sentence, wanted)
        headers = {"Connection": "close", "Content-Language": language}
        await PlainTextResponse(text, status, headers=headers)(scope, receive, send)

    return refusal
