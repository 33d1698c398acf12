"""Signed messages to another program: a gateway of short messages, an OA.

The signature is that of the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, so that the other
side knows who sent it, when, and whether it has it already (`webhook-id` is the message's identity).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from adapters.channels.http_post import HttpPost, json_bytes
from adapters.channels.plain_text import harmless, text_of
from domain.papers.message_identity import webhook_identity
from domain.ports.channel import Answer, Message

_LONGEST_REFERENCE = 80
_LATE_SECONDS = 300


class SignedWebhook:
    """Posts a message as JSON; the other side may answer `{"delivered": true, "reference": "…"}`."""

    knows_repeats = True
    carries_files = False

    def __init__(
        self, url: str, secret: str, http: HttpPost, clock: Callable[[], datetime], most_characters: int
    ) -> None:
        self._url, self._secret, self._http, self._clock, self._most = url, secret, http, clock, most_characters

    async def send(self, message: Message, address: str | None) -> Answer:
        del address
        identity = webhook_identity(message.message_id)
        body = json_bytes(
            {
                "id": identity,
                "reader": message.reader,
                "subject": harmless(message.subject),
                "urgent": message.urgent,
                "text": text_of(message, most=self._most),
            }
        )
        stamp = str(int(self._clock().timestamp()))
        return await self._http.post(self._url, body, _read, signed_headers(self._secret, identity, stamp, body))

    async def close(self) -> None:
        await self._http.close()


def signed_headers(secret: str, identity: str, stamp: str, body: bytes) -> dict[str, str]:
    """The headers that prove a body: its identity, its instant, its signature."""
    digest = hmac.new(secret.encode(), f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether what the other side sends back proves itself as what we send does, and is no older than some minutes."""
    identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").encode()
    if not (identity and re.fullmatch(r"\d{1,11}", stamp)):
        return False
    said = signed_headers(secret, identity, stamp, body)["webhook-signature"].encode()
    # One header may bear several signatures, while a secret is being changed.
    proven = any(hmac.compare_digest(said, each) for each in given.split())
    return proven and abs(now.timestamp() - int(stamp)) <= _LATE_SECONDS


def _read(told: Mapping[str, Any]) -> Answer:
    reference = harmless(str(told.get("reference", "")))[:_LONGEST_REFERENCE]
    return Answer(outcome="delivered" if told.get("delivered") is True else "accepted", reference=reference)
