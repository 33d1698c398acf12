"""The machine's own clock: the only place that asks for the present instant."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, as the machine sees it; it MAY go back: whoever keeps instants guards against that."""
    return datetime.now(UTC)
