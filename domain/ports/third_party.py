"""A third party at which people sign in: where they are sent, and what it says of the one who comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime

from domain.frozen import Frozen


class SentAway(Frozen):
    """Where a browser is sent, and what has to be shown again when it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str


class Vouched(Frozen):
    """What a third party said of the one who came back, and was proved by its key."""

    issuer: str
    subject: str
    name: str | None = None
    authenticated_at: AwareDatetime | None = None


class ThirdParty(Protocol):
    """MUST take nothing for true that its key has not signed, for us, for this very login, and not long ago."""

    async def must_answer(self) -> None:
        """Ask it who it is, and sign nobody in.

        Raises:
            ThirdPartyError: it does not answer, is another one than the settings name, or nobody could sign in there.
        """

    async def send_away(self, redirect_uri: str) -> SentAway:
        """Begin a login.

        Raises:
            ThirdPartyError: it does not answer, or is another one than the settings name.
        """

    async def come_back(self, sent: SentAway, query: Mapping[str, str], now: datetime) -> Vouched:
        """End a login with what the browser brought.

        Raises:
            ThirdPartyError: what was brought does not hold; the sentence says what.
        """
