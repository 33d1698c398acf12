"""The machine's own clock: the only place that asks for the present instant."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The present instant, as the machine that runs Duban sees it."""

    def now(self) -> datetime:
        return datetime.now(UTC)
