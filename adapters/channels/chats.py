"""Robots in groups of WeCom, DingTalk and Feishu: each refuses with a number inside a good HTTP status.

A robot cannot know a message that comes again: what was handed over and not answered is never repeated there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from adapters.channels.http_post import HttpPost, code_in, json_bytes, read_code
from adapters.channels.plain_text import text_of
from domain.ports.channel import Answer, Message

Clock = Callable[[], datetime]


class _Robot:
    """What all robots share: an address, and an answer whose number says whether the text was taken."""

    knows_repeats = False
    carries_files = False
    _number: tuple[str, ...] = ("errcode",)
    _limited: frozenset[int]
    _busy: frozenset[int]

    def __init__(self, url: str, http: HttpPost) -> None:
        self._url, self._http = url, http

    def _read(self, told: Mapping[str, Any]) -> Answer:
        return read_code(code_in(told, *self._number), self._limited, self._busy)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()


class _SigningRobot(_Robot):
    def __init__(self, url: str, secret: str | None, http: HttpPost, clock: Clock) -> None:
        super().__init__(url, http)
        self._secret, self._clock = secret, clock


class WeComRobot(_Robot):
    """A robot of WeCom: the key in its address is all that it asks for (2048 bytes of text)."""

    _limited, _busy = frozenset({45009, 45033}), frozenset({-1, 50001, 50002})

    async def send(self, message: Message, address: str | None) -> Answer:
        del address
        content = {"msgtype": "text", "text": {"content": text_of(message, most=2_048, in_bytes=True)}}
        return await self._http.post(self._url, json_bytes(content), self._read)


class DingTalkRobot(_SigningRobot):
    """A robot of DingTalk: signed over the instant, in the address (20,000 bytes of text)."""

    _limited, _busy = frozenset({130101, 130102, 410100}), frozenset({-1})

    async def send(self, message: Message, address: str | None) -> Answer:
        del address
        content = {
            "msgtype": "text",
            "text": {"content": text_of(message, most=18_000, in_bytes=True)},
            "at": {"isAtAll": False, "atMobiles": [], "atUserIds": []},
        }
        return await self._http.post(self._signed(), json_bytes(content), self._read)

    def _signed(self) -> str:
        if self._secret is None:
            return self._url
        stamp = str(int(self._clock().timestamp() * 1000))
        digest = hmac.new(self._secret.encode(), f"{stamp}\n{self._secret}".encode(), hashlib.sha256).digest()
        joint = "&" if "?" in self._url else "?"
        return f"{self._url}{joint}timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


class FeishuRobot(_SigningRobot):
    """A robot of Feishu: signed over the instant, in the body (20 KB)."""

    _number = ("code", "StatusCode")
    _limited, _busy = frozenset({11232, 99991400}), frozenset({-1, 11233})

    async def send(self, message: Message, address: str | None) -> Answer:
        """Post a text, in which `<at>` would mention people: no sign of it is left."""
        del address
        content: dict[str, Any] = {
            "msg_type": "text",
            "content": {"text": text_of(message, most=18_000, in_bytes=True)},
        }
        if self._secret is not None:
            stamp = str(int(self._clock().timestamp()))
            digest = hmac.new(f"{stamp}\n{self._secret}".encode(), b"", hashlib.sha256).digest()
            content |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
        return await self._http.post(self._url, json_bytes(content), self._read)
