"""An HTTP server that a test starts: it takes what is posted and answers as it is told, or not at all."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """One request that came."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """What was posted."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What the server says; where it hangs it says nothing, where it cuts it hangs up after it has read."""

    status: int = HTTPStatus.OK
    content: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False
    cuts: bool = False


@dataclass
class HttpServer:
    """The server: `reply` decides, `came` has every request in order."""

    url: str
    reply: Callable[[Request], Reply]
    came: list[Request] = field(default_factory=list)
    takes_seconds: Callable[[], float] = float
    """How long an answer takes, from when the request is there."""


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(first.split(" ")[1])
    return Request(parts.path, parse_qs(parts.query), headers, body)


@asynccontextmanager
async def http_server(
    reply: Callable[[Request], Reply], tls: ssl.SSLContext | None = None
) -> AsyncIterator[HttpServer]:
    """A server on a port of this machine, as long as the block lasts; with `tls` it speaks nothing else."""
    hanging = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            server.came.append(request)
            told = server.reply(request)
            await asyncio.sleep(server.takes_seconds())
            if told.hangs:
                await hanging.wait()
            elif not told.cuts:
                content = told.content if isinstance(told.content, bytes) else json.dumps(told.content).encode()
                lines = {"Content-Length": str(len(content)), "Connection": "close", **told.headers}
                head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
                writer.write(f"HTTP/1.1 {int(told.status)} x\r\n{head}\r\n".encode() + content)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    server = HttpServer(f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}", reply)
    try:
        yield server
    finally:
        hanging.set()
        listening.close()
        await listening.wait_closed()
