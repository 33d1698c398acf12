from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from adapters.notifications.several_notifiers import SeveralNotifiers
from domain.papers.mail import Digest
from domain.ports.vault import KeptFile
from tests.adapters.notifications.conftest import MORNING


class Way:
    """A way of delivery that may be broken."""

    def __init__(self, broken: str | None = None) -> None:
        self.broken = broken
        self.delivered: list[str] = []

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> list[KeptFile]:
        if self.broken:
            raise OSError(self.broken)
        self.delivered.append(digest.digest_id)
        return []


async def test_every_way_gets_the_digest(digest: Digest) -> None:
    """One delivery, as many ways as there are."""
    ways = [Way(), Way()]

    await SeveralNotifiers(ways).deliver(digest, {}, MORNING)

    assert [way.delivered for way in ways] == [[digest.digest_id]] * 2


async def test_a_broken_way_is_told_and_does_not_stop_the_others(digest: Digest) -> None:
    """The failure is raised so that the delivery is tried again, and the ways after it were served."""
    ways = [Way(), Way(broken="mail server is away"), Way()]

    with pytest.raises(OSError, match="mail server is away"):
        await SeveralNotifiers(ways).deliver(digest, {}, MORNING)

    assert [len(way.delivered) for way in ways] == [1, 0, 1]
