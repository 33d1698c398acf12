"""Who may write for the supervision: each worker has a mandate with a number of its own, and the oldest one leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import AwareDatetime

from domain.frozen import Frozen

HANDED_OVER_WITHIN_SECONDS = 5.0
"""What a leading worker did goes over to another one in less than this, however the first one went."""


class Mandate(Frozen):
    """What one worker holds: a number that no other one ever gets, where it runs, and since when."""

    number: int
    name: str
    since: AwareDatetime


class Mandates(Protocol):
    """The mandates over one ledger.

    The oldest mandate leads: its worker alone signs and keeps. A worker that is not heard of loses its mandate to the
    others; nothing it asks for is written from then on, and it must end, for what it knows is old.
    """

    def take(self, name: str) -> None:
        """Take a mandate under a new number, and be heard of until `leave`; blocks.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """

    def leave(self) -> None:
        """Give the mandate back, so that the next one leads at once. Repeatable; blocks."""

    @property
    def leads(self) -> bool:
        """Whether this worker is the one that signs and keeps, as far as it knows."""

    @property
    def lost(self) -> bool:
        """Whether the mandate was taken away."""

    def held(self) -> Sequence[Mandate]:
        """Every mandate whose worker is heard of, the leading one first; none where nobody needs one; blocks.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """

    @property
    def elects(self) -> bool:
        """Whether workers of this ledger need mandates at all."""
