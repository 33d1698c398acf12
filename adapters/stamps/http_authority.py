"""A time stamp authority over HTTP, as RFC 3161 has it."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import httpx2

from domain.ports.stamp_authority import AuthorityUnreachableError

# At its usual level the library logs every address, which may have a name and a password in it.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)

_SECONDS: Final = 30.0
_LARGEST: Final = 65_536
_ASKS, _ANSWERS = "application/timestamp-query", "application/timestamp-reply"


class HttpStampAuthority:
    """The port `StampAuthority` at a URL."""

    def __init__(self, url: str, seconds: float = _SECONDS) -> None:
        self._url, self._seconds = url, seconds

    @property
    def name(self) -> str:
        return urlsplit(self._url).hostname or "?"

    async def ask(self, request: bytes) -> bytes:
        headers = {"Content-Type": _ASKS, "Accept": _ANSWERS}
        try:
            async with httpx2.AsyncClient(timeout=self._seconds, follow_redirects=False, trust_env=False) as client:
                answer = await client.post(self._url, content=request, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise self._silent(type(error).__name__) from error
        if answer.status_code != HTTPStatus.OK:
            raise self._silent(f"HTTP {answer.status_code}")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _ANSWERS or len(answer.content) > _LARGEST:
            raise self._silent("不是时间戳的答复")
        return answer.content

    def _silent(self, why: str) -> AuthorityUnreachableError:
        text = f"时间戳机构 {self.name} 没有应答（{why}）：请核对 DUBAN_STAMP_URL 和网络；督办照常进行，之后会再取。"
        return AuthorityUnreachableError(text)
