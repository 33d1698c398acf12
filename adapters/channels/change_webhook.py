"""Changes of the record to another system: signed as messages are, under the identity of their part of the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from adapters.channels.http_post import HttpPost
from adapters.channels.signed_webhook import signed_headers
from domain.ports.channel import Answer

_SECONDS = 10.0


class ChangeWebhook:
    """Posts parts of the record; the other side knows a repeat by its identity."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._http = HttpPost(_SECONDS, knows_repeats=True)

    async def post(self, url: str, secret: str, identity: str, body: bytes) -> Answer:
        stamp = str(int(self._clock().timestamp()))
        headers = signed_headers(secret, identity, stamp, body)
        return await self._http.post(url, body, lambda _told: Answer(outcome="accepted"), headers)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()
