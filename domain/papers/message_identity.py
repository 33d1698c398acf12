"""By what the other sides know a message that comes again."""

from __future__ import annotations

from hashlib import sha256

_LETTERS = 40


def webhook_identity(message_id: str) -> str:
    """The `webhook-id` of a message."""
    return sha256(message_id.encode()).hexdigest()


def mail_identity(message_id: str) -> str:
    """The part before the `@` of a letter's Message-ID."""
    return sha256(message_id.encode()).hexdigest()[:_LETTERS]
