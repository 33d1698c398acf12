"""Chats and webhooks by TLS, against real servers: whom they trust, and what a fault of TLS makes of a message."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from adapters.channels.http_post import HttpPost
from adapters.channels.registry import UnreadableSecretError
from domain.ports.channel import Answer, Message
from tests.adapters.channels.conftest import KINDS, http_channel
from tests.adapters.channels.test_strange_servers import serving
from tests.other_sides import chat_sides
from tests.other_sides.certificates import WRONG, certificate, wrong_certificate
from tests.other_sides.http_server import http_server


@pytest.mark.parametrize("kind", KINDS)
async def test_a_message_goes_by_tls(kind: str, tmp_path: Path, message: Message) -> None:
    """To a server whose certificate is trusted by the file that the office names."""
    context, trusted = certificate(tmp_path)
    async with http_server(getattr(chat_sides, kind), context) as server:
        channel = http_channel(kind, server.url, tmp_path, ca_file=trusted.name)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer.outcome == ("delivered" if kind == "webhook" else "accepted")
    assert len(server.came) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", [*WRONG, "not named"])
async def test_a_wrong_certificate_gets_no_message(
    kind: str, wrong: str, tmp_path: Path, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    """One that nobody vouches for, of another host, or over: for good, before anything is said; no secret is logged."""
    caplog.set_level(logging.DEBUG)
    context, trusted = wrong_certificate(tmp_path, "unknown" if wrong == "not named" else wrong)
    named = {} if wrong == "not named" else {"ca_file": trusted.name}
    async with http_server(getattr(chat_sides, kind), context) as server:
        channel = http_channel(kind, server.url, tmp_path, secret="very-secret", key="very-secret", **named)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer == Answer(outcome="failed_for_good", reason="certificate")
    assert server.came == []
    assert "very-secret" not in caplog.text


async def _hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def _speaks_no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def _says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("serve", [_hangs_up, _speaks_no_tls, _says_nothing])
async def test_tls_that_does_not_come_about_fails_for_now(
    kind: str,
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    tmp_path: Path,
    message: Message,
) -> None:
    """Nothing was handed over, so that a robot too may be tried again."""
    _, trusted = certificate(tmp_path)
    async with serving(serve) as port:
        channel = http_channel(kind, f"https://127.0.0.1:{port}", tmp_path, ca_file=trusted.name)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer.outcome == "failed_for_now"
    assert answer.reason.startswith("connect:")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_file_that_is_no_certificate_is_named(kind: str, content: str | None, tmp_path: Path) -> None:
    """Where the channels are opened, with its place."""
    if content is not None:
        (tmp_path / "own.pem").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableSecretError, match=r"ca_file（.*own\.pem）"):
        http_channel(kind, "https://127.0.0.1", tmp_path, ca_file="own.pem")


def test_whom_the_machine_trusts_is_read_once_for_all_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading takes longer than many messages."""
    HttpPost(1, knows_repeats=False)

    def read_again(*_: object, **__: object) -> None:
        pytest.fail("read again")

    for reading in ("load_verify_locations", "load_default_certs"):
        monkeypatch.setattr(ssl.SSLContext, reading, read_again)
    HttpPost(1, knows_repeats=False)
