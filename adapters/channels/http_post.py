"""One POST of JSON and what came of it: what every channel over HTTP has in common."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx2

from adapters.channels.tls_faults import tls_fault
from domain.ports.channel import Answer

# At its usual level the library logs every address, and a robot's address is a secret.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)

_LONGEST_REST = timedelta(hours=6)
_MOST_ANSWER = 65_536
_WHOLE = 1.5
"""How often the patience for one silence an answer may take in all: each of its bytes may come just in time."""
Read = Callable[[Mapping[str, Any]], Answer]
"""How a channel reads the JSON that came with a good status."""


class HttpPost:
    """Posts to one other side; no answer of its is followed elsewhere, and none is kept but a status and a number."""

    def __init__(self, timeout_seconds: float, *, knows_repeats: bool, tls: ssl.SSLContext | None = None) -> None:
        self._client = httpx2.AsyncClient(
            timeout=timeout_seconds, follow_redirects=False, trust_env=False, verify=tls or _trusted()
        )
        self._whole = timeout_seconds * _WHOLE
        self._knows_repeats = knows_repeats

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def post(self, url: str, body: bytes, read: Read, headers: Mapping[str, str] | None = None) -> Answer:
        """Post bytes of JSON; a good status is read by `read`, and of its answer no more than a beginning."""
        said = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity", **(headers or {})}
        try:
            async with (
                asyncio.timeout(self._whole),
                self._client.stream("POST", url, content=body, headers=said) as came,
            ):
                return _answer_of(came, await _beginning(came), read)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            return tls_fault(error) or Answer(outcome="failed_for_now", reason=f"connect:{_cause(error)}")
        except (httpx2.TransportError, httpx2.DecodingError, TimeoutError) as error:
            # It may have arrived: only a side that knows a repeat gets it again.
            reason = f"cut:{type(error).__name__}"
            return Answer(outcome="failed_for_now" if self._knows_repeats else "unanswered", reason=reason)
        except (httpx2.InvalidURL, ValueError):
            return Answer(outcome="failed_for_good", reason="url")


@cache
def _trusted() -> ssl.SSLContext:
    """Whom the machine trusts: read once for all channels, for a reading takes longer than many messages."""
    return httpx2.create_ssl_context(trust_env=False)


async def _beginning(response: httpx2.Response) -> bytes:
    """The beginning of a good answer; of another one the status says all."""
    found = bytearray()
    if response.is_success:
        async for part in response.aiter_bytes():
            found += part
            if len(found) >= _MOST_ANSWER:
                break
    return bytes(found[:_MOST_ANSWER])


def _answer_of(response: httpx2.Response, content: bytes, read: Read) -> Answer:
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Answer(outcome="failed_for_now", reason="http:429", again_after=_rest(response) or timedelta(minutes=1))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Answer(outcome="failed_for_now", reason=f"http:{status}", again_after=_rest(response))
    if not response.is_success:
        return Answer(outcome="failed_for_good", reason=f"http:{status}")
    try:
        told = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        # A page of a proxy comes with a good status too.
        return Answer(outcome="failed_for_now", reason="answer:not_json")
    return read(told)


def code_in(told: Mapping[str, Any], *names: str) -> int | None:
    """The number under the first of these names; none where there is no number."""
    return next((told[name] for name in names if type(told.get(name)) is int), None)


def read_code(code: int | None, limited: frozenset[int], busy: frozenset[int]) -> Answer:
    """What a chat's number says: nought alone is good, whatever status it comes with."""
    if code == 0:
        return Answer(outcome="accepted")
    if code is None:
        return Answer(outcome="failed_for_now", reason="answer:no_code")
    if code in limited:
        return Answer(outcome="failed_for_now", reason=f"limited:{code}", again_after=timedelta(minutes=1))
    return Answer(outcome="failed_for_now" if code in busy else "failed_for_good", reason=f"code:{code}")


def _rest(response: httpx2.Response) -> timedelta | None:
    asked = response.headers.get("Retry-After", "")
    return min(timedelta(seconds=int(asked)), _LONGEST_REST) if asked.isdecimal() and len(asked) < 7 else None


def _cause(error: Exception) -> str:
    return "timeout" if isinstance(error, httpx2.TimeoutException) else type(error).__name__


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8, the same bytes for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(errors="replace")
