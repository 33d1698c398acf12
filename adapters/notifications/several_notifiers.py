"""Delivers a digest by several ways."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.papers.mail import Digest
from domain.ports.notifier import Notifier
from domain.ports.vault import KeptFile


class SeveralNotifiers:
    """Delivers by every way, also where one of them fails: the repeat that follows finds the others done."""

    def __init__(self, notifiers: Sequence[Notifier]) -> None:
        self._notifiers = tuple(notifiers)

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> list[KeptFile]:
        """Deliver by each way in turn; the first failure is raised once all were tried."""
        outcomes = await asyncio.gather(
            *(notifier.deliver(digest, documents, sent_at) for notifier in self._notifiers), return_exceptions=True
        )
        files: list[KeptFile] = []
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            files += outcome
        return files
