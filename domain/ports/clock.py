"""The clock: what time it is, for those who may ask (a workflow asks the engine, never this)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """MUST answer an aware instant; MAY go back (a machine's clock does): whoever keeps instants guards against it."""

    def now(self) -> datetime:
        """The present instant."""
