"""A mail server that a test starts: it takes letters, refuses, delays, or does not speak; with TLS where it is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass
class MailServer:
    """The server: what it answers to the recipient and to the letter, and the letters that it took."""

    host: str
    port: int
    rcpt: str = "250 OK"
    data: str = "250 OK"
    hangs: bool = False
    took: list[EmailMessage] = field(default_factory=list)
    takes_seconds: Callable[[], float] = float
    """How long an answer takes, from when the letter is there."""


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_RCPT(self, smtp: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - the library's name
        if self._server.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self._server.rcpt

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self._server.hangs:
            await asyncio.sleep(30)
        if self._server.data.startswith("2"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            self._server.took.append(letter)
            await asyncio.sleep(self._server.takes_seconds())
        return self._server.data


def _authenticator(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.password == b"right"
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, *, login: bool = False, at_once: bool = False, most_bytes: int = 33_554_432
) -> Iterator[MailServer]:
    """A mail server on a port of this machine; with `tls` it offers STARTTLS, `at_once` it speaks nothing else. It
    announces how large a letter it takes."""
    server = MailServer("127.0.0.1", 0)
    options: dict[str, Any] = {"authenticator": _authenticator, "auth_require_tls": False} if login else {}
    options["data_size_limit"] = most_bytes
    if at_once:
        options["ssl_context"] = tls
    elif tls is not None:
        options |= {"tls_context": tls, "require_starttls": True}
    controller = Controller(_Handler(server), hostname=server.host, port=_free_port(), **options)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


def _free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
