"""Who asks the engine for work now, also where this machine's clock is not the engine's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from temporalio.api.taskqueue.v1 import PollerInfo

_LATELY = timedelta(seconds=75)
"""A worker asks for work at least once a minute."""
_REMEMBERED = timedelta(minutes=6)
"""The engine remembers one that died for five minutes: whom it names, asked no longer ago than that by its clock."""


def asked_lately(pollers: Iterable[PollerInfo], now: datetime) -> Sequence[PollerInfo]:
    """Those that are there at an instant of this machine's clock; where the clocks differ, beside the newest one."""
    asked = [(poller.last_access_time.ToDatetime(UTC), poller) for poller in pollers]
    if not asked:
        return []
    newest = max(at for at, _ in asked)
    by = newest if _apart(newest, now) else now
    return [poller for at, poller in asked if at > by - _LATELY]


def clock_ahead(pollers: Iterable[PollerInfo], now: datetime) -> timedelta:
    """By how much this machine's clock is before the engine's, about, or behind it (below nought); nought where nothing
    shows that they differ."""
    newest = max((poller.last_access_time.ToDatetime(UTC) for poller in pollers), default=now)
    return now - newest if _apart(newest, now) else timedelta()


def _apart(newest: datetime, now: datetime) -> bool:
    return not now - _REMEMBERED < newest < now + _LATELY
