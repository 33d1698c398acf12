"""Time stamps of heads, as the ledger tells of them."""

from __future__ import annotations

from typing import Final

from pydantic import AwareDatetime

from domain.bounds import Place
from domain.frozen import Frozen

STAMPS_STREAM: Final = "log/stamps"
"""The ledger's own stream of time stamps over its heads."""
HEAD_STAMPED: Final = "head.stamped"


class HeadStamp(Frozen):
    """A time stamp: over the head of which size and log, when, by which authority. Its bytes are kept as evidence."""

    origin: str
    size: Place
    at: AwareDatetime
    authority: str
