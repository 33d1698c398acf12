"""How people prove that it is they: keys on their devices, and third parties, as the pages ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from application.accounts import own_keys, passkeys, third_party
from application.accounts.accounts import Accounts
from application.accounts.own_keys import KeysDesk
from application.accounts.signing_in import Entered, Knock
from application.accounts.stolen_keys import Suspicion, report_stolen
from application.accounts.third_party import Arrival, Departure
from application.office.attesting import Attestor, Giver
from domain.accounts.passkeys import Passkey
from domain.accounts.webauthn import Site
from domain.acts.act_digest import document_digest
from domain.acts.attestation import OwnKeyProof
from domain.directory.signed_in import SignedIn
from domain.ports.third_party import ThirdParty
from domain.record.stolen_keys import StolenKey

LET_GO: Final = "在督办台停用"


class AccountKeys:
    """The keys that an installation's accounts keep; `now` is the clock of the machine. Each answer of a browser counts
    once; `DubanError` where it does not."""

    def __init__(self, accounts: Accounts, attestor: Attestor, now: Callable[[], datetime]) -> None:
        self._accounts, self._now = accounts, now
        self._desk = KeysDesk(accounts, attestor)

    async def has_one(self, who: SignedIn) -> bool:
        """Whether somebody has a key that counts."""
        return await own_keys.has_own_key(self._accounts, who.person_id)

    async def held(self, account: str | None) -> Sequence[Passkey]:
        """The keys of one account, or of all."""
        return await passkeys.passkeys_of(self._accounts, account)

    async def begin_enrolment(self, who: SignedIn, site: Site) -> Mapping[str, Any]:
        """What a browser needs for making a key."""
        await own_keys.must_be_free_to_enrol(self._accounts, who)
        return await passkeys.begin_enrolment(self._accounts, who, site, self._now())

    async def change_to_sign(
        self, who: SignedIn, site: Site, *, made: Mapping[str, Any] | None = None, gone: str = "", why: str = LET_GO
    ) -> str | None:
        """The id of the act that enrols a key which was `made`, or lets one of that number be `gone`, where the key he
        has must sign it; none where he has none."""
        if not await self.has_one(who):
            return None
        if made is not None:
            return document_digest(own_keys.enrolment_of(who, site, made))
        if any(each.number == gone for each in await self.held(who.account)):
            return None
        return document_digest(await own_keys.removal_of(self._accounts, who, gone, why))

    async def enrol(
        self, who: SignedIn, site: Site, name: str, made: Mapping[str, Any], signed: Mapping[str, Any] | None
    ) -> None:
        """Keep the key that a browser made, and say so in the ledger; with what the key he has signed of that."""
        await own_keys.enrol_own_key(self._desk, who, site, name, made, self._now(), signed)

    async def let_go(self, number: str, by: SignedIn) -> None:
        """Let one's own key go."""
        await own_keys.let_go(self._desk, Giver(by, "desk"), number, LET_GO, by.account)

    async def let_go_of_others(self, number: str, by: SignedIn, site: Site, signed: Mapping[str, Any] | None) -> None:
        """Let anybody's key go, with what the administrator's own key signed of that."""
        told = own_keys.Signed(site, signed, self._now())
        await own_keys.let_go(self._desk, Giver(by, "desk"), number, LET_GO, None, told)

    async def report_stolen(
        self, by: SignedIn, suspicion: Suspicion, site: Site, signed: Mapping[str, Any] | None
    ) -> StolenKey:
        """Let a key go at once that may be stolen, with what the administrator's own key signed of that, and say in
        the ledger since when it is in doubt."""
        told = own_keys.Signed(site, signed, self._now())
        return await report_stolen(self._desk, Giver(by, "desk"), suspicion, told.now, told)

    async def begin_login(self, site: Site, account: str) -> Mapping[str, Any]:
        """What a browser needs for signing in with a key."""
        return await passkeys.begin_passkey_login(self._accounts, site, account or None, self._now())

    async def sign_in(self, site: Site, answer: Mapping[str, Any], knock: Knock) -> Entered:
        """Begin a session with what a device signed."""
        return await passkeys.finish_passkey_login(self._accounts, site, answer, knock, self._now())

    async def ask_for_acts(self, who: SignedIn, site: Site, act_ids: Sequence[str]) -> Mapping[str, Any]:
        """What a browser needs for signing acts, all at once."""
        return await own_keys.options_for_acts(self._accounts, who, site, act_ids)

    async def proof_of_acts(
        self, who: SignedIn, site: Site, acts: Sequence[Mapping[str, Any]], answer: Mapping[str, Any]
    ) -> OwnKeyProof:
        """What a device signed of acts, as it is kept with each of them."""
        return await own_keys.proof_of_acts(self._accounts, who, site, acts, answer, self._now())


class AccountElsewhere:
    """The third party of an installation's accounts."""

    def __init__(self, accounts: Accounts, party: ThirdParty, now: Callable[[], datetime]) -> None:
        self._accounts, self._party, self._now = accounts, party, now

    async def send_away(self, return_to: str, back: str) -> Departure:
        """Begin a login; `back` is our address to which the browser comes back."""
        return await third_party.begin_login(self._accounts, self._party, return_to, back, self._now())

    async def come_back(self, query: Mapping[str, str], browser: str | None, knock: Knock) -> Arrival:
        """Begin a session with what the browser brought."""
        return await third_party.finish_login(self._accounts, self._party, query, browser, knock, self._now())
