"""Servers that answer as none should: the state of the message is right, in time, and in little room."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.ports.channel import Answer, Message
from tests.adapters.channels.conftest import KINDS, http_channel
from tests.adapters.channels.test_email import ADDRESS, mail

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GOOD = {"feishu": b'{"code":0}', "webhook": b'{"delivered":true}'}


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    """A server that does as it is told with each connection; answers its port."""

    async def closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(closed, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def web(head: bytes, parts: Callable[[], list[bytes]], pause: float = 0.0) -> Serve:
    """A server that reads a request and sends an answer in parts, with a pause before each."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(asked.split("content-length: ")[1].split("\r\n")[0]))
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        for part in parts():
            await asyncio.sleep(pause)
            writer.write(part)
            await writer.drain()

    return serve


async def posted(kind: str, serve: Serve, folder: Path, message: Message) -> tuple[Answer, float]:
    """What a channel answers of such a server, and after how many seconds."""
    async with serving(serve) as port:
        channel = http_channel(kind, f"http://127.0.0.1:{port}", folder)
        began = time.monotonic()
        answer = await channel.send(message, None)
        await channel.close()
        return answer, time.monotonic() - began


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_that_drips_is_no_answer_in_time(kind: str, tmp_path: Path, message: Message) -> None:
    """Each byte comes before the patience for one silence ends, and the whole never does: it counts as cut."""
    serve = web(b"Content-Length: 40\r\n", lambda: [b" "] * 40, pause=0.4)
    answer, took = await posted(kind, serve, tmp_path, message)
    assert answer.outcome == ("failed_for_now" if kind == "webhook" else "unanswered")
    assert took < 4


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_without_end_is_not_read_to_its_end(kind: str, tmp_path: Path, message: Message) -> None:
    """Its beginning says all; the rest is left where it is."""
    sent: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await web(b"Content-Length: 60000000\r\n", list)(reader, writer)
        for _ in range(60):
            writer.write(b" " * 1_000_000)
            await writer.drain()
            sent.append(1)

    answer, _ = await posted(kind, serve, tmp_path, message)
    assert answer == Answer(outcome="failed_for_now", reason="answer:not_json")
    assert len(sent) < 30


@pytest.mark.parametrize("kind", KINDS)
async def test_a_good_answer_with_much_behind_it_is_good(kind: str, tmp_path: Path, message: Message) -> None:
    """As far as it is read, it is the chat's own."""
    good = GOOD.get(kind, b'{"errcode":0}') + b" " * 100_000
    answer, _ = await posted(kind, web(b"Content-Length: %d\r\n" % len(good), lambda: [good]), tmp_path, message)
    assert answer.outcome == ("delivered" if kind == "webhook" else "accepted")


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_that_cannot_be_unpacked_is_as_one_that_was_cut(
    kind: str, tmp_path: Path, message: Message
) -> None:
    """The message may have arrived; what is packed rightly is read though nobody asked for it so."""
    head = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n"
    broken, _ = await posted(kind, web(head % 4, lambda: [b"xxxx"]), tmp_path, message)
    assert (broken.outcome, broken.reason) == (
        "failed_for_now" if kind == "webhook" else "unanswered",
        "cut:DecodingError",
    )
    packed = gzip.compress(GOOD.get(kind, b'{"errcode":0}'))
    good, _ = await posted(kind, web(head % len(packed), lambda: [packed]), tmp_path, message)
    assert good.outcome == ("delivered" if kind == "webhook" else "accepted")


def smtp(said: Mapping[str, bytes | None]) -> Serve:
    """A mail server that answers a verb as told (none: it hangs up), and everything else rightly."""
    usual = {"EHLO": b"250-x\r\n250 SIZE 1000000", "DATA": b"354 go", ".": b"250 OK"}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = said.get("", b"220 x ESMTP")
        while answer is not None:
            writer.write(answer + b"\r\n")
            await writer.drain()
            line = await reader.readline()
            if line.startswith(b"DATA") and said.get("DATA", b"354").startswith(b"354"):  # type: ignore[union-attr]
                writer.write(b"354 go\r\n")
                while (await reader.readline()) not in (b".\r\n", b""):
                    pass
                line = b"."
            if not line:
                return
            verb = line.split()[0].decode().upper()
            answer = said[verb] if verb in said else usual.get(verb, b"250 OK")

    return serve


@pytest.mark.parametrize(
    ("said", "outcome", "reason", "address"),
    [
        ({"": b"421 busy"}, "failed_for_now", "smtp:421", False),
        ({"": b"554 not you"}, "failed_for_good", "smtp:554", False),
        ({"": None}, "failed_for_now", "connect:SMTPConnectError", False),
        ({"": b"HTTP/1.1 400 Bad Request"}, "failed_for_now", "smtp:-1", False),
        ({"EHLO": b"500 what"}, "accepted", "", False),
        ({"RCPT": b"451 4.7.1 greylisted"}, "failed_for_now", "smtp:451", False),
        ({"RCPT": b"550 no such user"}, "failed_for_good", "smtp:550", True),
        ({"RCPT": b"550 5.1.1 no such user"}, "failed_for_good", "smtp:550", True),
        ({"RCPT": b"550 5.7.1 relaying denied"}, "failed_for_good", "smtp:550", False),
        ({"RCPT": b"552 5.2.2 mailbox full"}, "failed_for_good", "smtp:552", False),
        ({"RCPT": b"530 5.7.0 authenticate first"}, "failed_for_good", "smtp:530", False),
        ({"DATA": b"554 no valid recipients"}, "failed_for_good", "smtp:554", False),
        ({".": None}, "failed_for_now", "connect:SMTPServerDisconnected", False),
        ({".": b"550 5.7.1 a virus"}, "failed_for_good", "smtp:550", False),
    ],
)
async def test_what_a_mail_server_says_at_each_step_decides(
    said: dict[str, bytes | None], outcome: str, reason: str, address: bool, tmp_path: Path, message: Message
) -> None:
    """Only what is said of the address itself makes it a refused one: a full box or a rule does not."""
    async with serving(smtp(said)) as port:
        answer = await mail(tmp_path, port).send(message, ADDRESS)
    assert (answer.outcome, answer.reason, answer.address_refused) == (outcome, reason, address)


async def test_starttls_that_is_taken_back_sends_nothing_in_the_clear(tmp_path: Path, message: Message) -> None:
    """Offered and then refused, or answered in the clear: nothing of the letter is said."""
    for answer in (b"454 not now", b"220 go\r\n250 in the clear"):
        heard: list[bytes] = []

        async def serve(
            reader: asyncio.StreamReader,
            writer: asyncio.StreamWriter,
            answer: bytes = answer,
            heard: list[bytes] = heard,
        ) -> None:
            writer.write(b"220 x\r\n")
            while line := await reader.readline():
                heard.append(line)
                writer.write((b"250-x\r\n250 STARTTLS" if line.startswith(b"EHLO") else answer) + b"\r\n")
                await writer.drain()

        async with serving(serve) as port:
            told = await mail(tmp_path, port, security="starttls").send(message, ADDRESS)
        assert told.outcome in ("failed_for_now", "failed_for_good")
        assert not [line for line in heard if line.startswith((b"MAIL", b"RCPT", b"DATA", b"AUTH"))]
