"""Deputies: who may act for whom, for a period."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event


class DeputyAppointed(Event):
    """`deputy` may act on behalf of `principal` in this project from the first to the last day, both included."""

    type: Literal["DeputyAppointed"] = "DeputyAppointed"
    principal: str
    deputy: str
    from_on: date
    until_on: date
    reason: str


class DeputyDismissed(Event):
    """A deputy may no longer act on behalf of a principal."""

    type: Literal["DeputyDismissed"] = "DeputyDismissed"
    principal: str
    deputy: str
    reason: str
