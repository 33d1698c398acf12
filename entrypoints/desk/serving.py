"""The desk on a port: a server that closes what is slow, and runs as long as a block of the process lasts."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final, cast

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from application.settings import Settings
from domain.errors import InputError
from domain.os_faults import os_fault
from entrypoints.desk.guards import SECURITY_HEADERS
from entrypoints.desk.languages import later as _
from entrypoints.desk.languages import said

HEAD_SECONDS: Final = 20.0
"""How long the head of a request may take to arrive."""
MOST_HEAD_BYTES: Final = 32_768
MOST_CONNECTIONS: Final = 256
UNREADABLE_HEAD: Final = _(
    "请求的地址或 Cookie 太长，或者写法不对，没有办理：请从首页重新打开督办台；还是这样的，清除本站的 Cookie 再试。"
)
_IDLE_SECONDS: Final = 15
_FORWARDED: Final = b"x-forwarded-for"
_PORTS_TRIED: Final = 100
_STOPS_WITHIN: Final = 5
_BACKLOG: Final = 2_048


class PortTakenError(InputError, rule="free_port"):
    """The desk cannot listen where the settings say."""


class UnusableProxiesError(InputError, rule="usable_proxies"):
    """The proxies are named by something else than their addresses."""


class Addresses:
    """How many connections each address has open; those of `proxies` are not counted: behind them are many people."""

    def __init__(self, most: int, proxies: str = "") -> None:
        self._most = most
        self._proxies = None if proxies.strip() == "*" else [_network(each.strip()) for each in proxies.split(",")]
        self._open: Counter[str] = Counter()

    def admit(self, address: str) -> bool:
        """Whether one more connection of an address is taken; it counts then."""
        if self._is_counted(address) and self._open[address] >= self._most:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """One connection of an address is over."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]

    def _is_counted(self, address: str) -> bool:
        with suppress(ValueError):
            return self._proxies is not None and not any(ip_address(address) in each for each in self._proxies)
        return True


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        # The server below would take it for a name that nobody has, and every form of a browser would be refused.
        raise UnusableProxiesError(
            f"设置 DUBAN_DESK_PROXIES 的“{text}”不是地址，也不是网段：请写代理的地址（如 10.0.0.5）"
            "或网段（如 10.0.0.0/16），几个之间用逗号，或只写一个 *。"
        ) from error


class PromptHeads(H11Protocol):
    """Closes a connection whose request has not begun to be answered in time: the server itself waits for ever; and one
    of an address that has too many already."""

    head_seconds = HEAD_SECONDS
    addresses: Addresses | None = None
    _waiting: asyncio.TimerHandle | None = None
    _address: str | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the server has it
        """Begin to wait for a head."""
        if self.addresses is not None:
            peer = transport.get_extra_info("peername")
            address = str(peer[0]) if peer else ""
            if not self.addresses.admit(address):
                self._refused = True
                transport.close()
                return
            self._address = address
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what arrived, and stop or go on waiting for the head."""
        if self._refused:
            return
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        if self._refused:
            return
        if self.addresses is not None and self._address is not None:
            self.addresses.leave(self._address)
            self._address = None
        self._stop_waiting()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Take the end of what arrives."""
        if not self._refused:
            super().eof_received()

    def send_400_response(self, msg: str) -> None:
        """Say in both languages what to do: nobody can read in which one a head asks that cannot be read."""
        del msg
        arrived, _closed = self.conn.trailing_data
        status = 431 if len(arrived) >= MOST_HEAD_BYTES else 400
        body = f"{UNREADABLE_HEAD}\n{said(UNREADABLE_HEAD, 'en')[0]}\n".encode()
        headers = {**SECURITY_HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        events = (
            h11.Response(status_code=status, headers=list(headers.items())),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        for event in events:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """A server whose process handles the signals itself."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def listening(settings: Settings) -> socket.socket:
    """A socket at the desk's address: at the first free port from the one that is set, or (0) at any.

    Raises:
        PortTakenError: none is free, or the address is not this machine's.
    """
    first = settings.desk_port
    family = socket.AF_INET6 if ":" in settings.desk_address else socket.AF_INET
    for port in range(first, min(first + _PORTS_TRIED, 65_536)) if first else (0,):
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((settings.desk_address, port))
        except OSError as error:
            bound.close()
            if error.errno != errno.EADDRINUSE:
                raise PortTakenError(
                    f"督办台不能在 {settings.desk_address}:{port} 上服务（{os_fault(error)}）："
                    "请改 DUBAN_DESK_ADDRESS 或 DUBAN_DESK_PORT。"
                ) from error
            continue
        bound.listen(_BACKLOG)
        return bound
    raise PortTakenError(f"督办台的端口从 {first} 起都被占用：请改 DUBAN_DESK_PORT，0 为任一空闲端口。")


def address_of(bound: socket.socket) -> str:
    """The address that a browser opens."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def told_by(proxies: str, app: ASGIApp) -> ASGIApp:
    """An application that takes its proxies' word on the scheme and the client's address.

    Of whoever reaches it (`*`) the nearest one's word alone: what stands before it in the header a browser may have
    sent, and with another address for each try nobody would ever wait.
    """
    believing = cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", app), proxies))

    async def nearest(scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope.get("headers", [])
        told = [value.rpartition(b",")[2].strip() for name, value in headers if name == _FORWARDED]
        others = [pair for pair in headers if pair[0] != _FORWARDED]
        await believing({**scope, "headers": [*others, *((_FORWARDED, each) for each in told[-1:])]}, receive, send)

    return nearest if proxies == "*" else believing


@asynccontextmanager
async def serving(
    app: ASGIApp,
    bound: socket.socket,
    proxies: str = "127.0.0.1",
    connections: int = MOST_CONNECTIONS,
    *,
    is_behind: bool = True,
) -> AsyncIterator[None]:
    """Serve an application on a socket as long as the block lasts; `proxies` may say what scheme and client it is,
    where it is behind any.

    Each address has at most so many `connections` at once, but for the proxies' own.

    Raises:
        UnusableProxiesError: `proxies` are no addresses.
    """
    bounded = type("Bounded", (PromptHeads,), {"addresses": Addresses(connections, proxies)})
    config = uvicorn.Config(
        told_by(proxies.strip(), app) if is_behind else app,
        http=bounded,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        date_header=True,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_STOPS_WITHIN,
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
    )
    server = _Server(config)
    served = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield
    finally:
        server.should_exit = True
        await served
        bound.close()
