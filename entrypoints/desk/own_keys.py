"""How people prove that it is they: keys on their devices, and third parties; what the pages ask of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from application.accounts.stolen_keys import Suspicion
from domain.accounts.webauthn import Site
from domain.acts.attestation import OwnKeyProof
from domain.directory.signed_in import SignedIn
from domain.record.stolen_keys import StolenKey
from entrypoints.desk.signing_in import Entered, Knock

LET_GO: Final = "在督办台停用"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key as its person, or an administrator, sees it."""

    number: str
    account: str
    name: str
    made_at: datetime
    used_at: datetime | None


class OwnKeys(Protocol):
    """Keys as the desk needs them; each answer of a browser counts once; `DubanError` where it does not."""

    async def has_one(self, who: SignedIn) -> bool:
        """Whether somebody has a key that counts."""
        ...

    async def held(self, account: str | None) -> Sequence[KeyLine]:
        """The keys of one account, or of all."""
        ...

    async def begin_enrolment(self, who: SignedIn, site: Site) -> Mapping[str, Any]:
        """What a browser needs for making a key."""
        ...

    async def change_to_sign(
        self, who: SignedIn, site: Site, *, made: Mapping[str, Any] | None = None, gone: str = "", why: str = LET_GO
    ) -> str | None:
        """The id of the act that enrols a key which was `made`, or lets somebody else's of that number be `gone`, where
        the key he has must sign it; none where he has none."""
        ...

    async def enrol(
        self, who: SignedIn, site: Site, name: str, made: Mapping[str, Any], signed: Mapping[str, Any] | None
    ) -> None:
        """Keep the key that a browser made, and say so in the ledger; with what the key he has signed of that."""
        ...

    async def let_go(self, number: str, by: SignedIn) -> None:
        """Let one's own key go."""
        ...

    async def let_go_of_others(self, number: str, by: SignedIn, site: Site, signed: Mapping[str, Any] | None) -> None:
        """Let anybody's key go, with what the administrator's own key signed of that."""
        ...

    async def report_stolen(
        self, by: SignedIn, suspicion: Suspicion, site: Site, signed: Mapping[str, Any] | None
    ) -> StolenKey:
        """Let a key go at once that may be stolen, with what the administrator's own key signed of that, and say in the
        ledger since when it is in doubt."""
        ...

    async def begin_login(self, site: Site, account: str) -> Mapping[str, Any]:
        """What a browser needs for signing in with a key."""
        ...

    async def sign_in(self, site: Site, answer: Mapping[str, Any], knock: Knock) -> Entered:
        """Begin a session with what a device signed."""
        ...

    async def ask_for_acts(self, who: SignedIn, site: Site, act_ids: Sequence[str]) -> Mapping[str, Any]:
        """What a browser needs for signing acts, all at once."""
        ...

    async def proof_of_acts(
        self, who: SignedIn, site: Site, act_ids: Sequence[str], answer: Mapping[str, Any]
    ) -> OwnKeyProof:
        """What a device signed of acts, as it is kept with each of them."""
        ...


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser goes to sign in elsewhere, and the secret that it must show when it comes back."""

    address: str
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back from elsewhere, and the page to which he wanted to go."""

    entered: Entered
    return_to: str


class Elsewhere(Protocol):
    """A third party at which people sign in. Both raise `DubanError` where the login does not hold."""

    async def send_away(self, return_to: str, back: str) -> Departure:
        """Begin a login; `back` is our address to which the browser comes back."""
        ...

    async def come_back(self, query: Mapping[str, str], browser: str | None, knock: Knock) -> Arrival:
        """Begin a session with what the browser brought."""
        ...
