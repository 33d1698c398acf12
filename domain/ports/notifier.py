"""The way by which a digest reaches its addressee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.papers.mail import Digest
from domain.ports.vault import KeptFile


class Notifier(Protocol):
    """MUST use the digest's id as the idempotency key: the same digest again is delivered once."""

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> Sequence[KeptFile]:
        """Hand a digest over; `documents` gives the place of the document for each `paper_id` that has one. Answers the
        files that the delivery left, as they lie on the disk, named from the data folder."""
