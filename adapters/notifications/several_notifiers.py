"""Delivers a digest by several ways."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.mail import Digest
from domain.ports.notifier import Notifier


class SeveralNotifiers:
    """Delivers by every way, also where one of them fails: the repeat that follows finds the others done."""

    def __init__(self, notifiers: Sequence[Notifier]) -> None:
        self._notifiers = tuple(notifiers)

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> None:
        """Deliver by each way in turn; the first failure is raised once all were tried."""
        outcomes = await asyncio.gather(
            *(notifier.deliver(digest, documents, sent_at) for notifier in self._notifiers), return_exceptions=True
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
