"""How people come in: accounts, sessions and one-time links, as the pages ask for them. Nothing blocks the loop."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from application.accounts import first_run, opening, signing_in
from application.accounts.accounts import Accounts
from application.accounts.opening import ListedAccount
from application.accounts.signing_in import Entered, Knock
from application.office.attesting import Attestor, Giver
from application.office.directory import AskedChange, by_giver
from domain.accounts.refusals import UnusableLinkError
from domain.directory.signed_in import SignedIn
from domain.given_values import as_typed


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link that lets a person choose a password: for which account; none for the first administrator."""

    account: str | None


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A one-time link as it is told once."""

    secret: str = field(repr=False)
    account: str
    name: str
    ends_at: datetime


class AccountsDoor:
    """Lets people in by the accounts that an installation keeps; `now` is the clock of the machine, `attestor` attests
    what is changed of the directory here."""

    def __init__(self, accounts: Accounts, attestor: Attestor, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._attestor = attestor
        self._now = now
        self._is_new = True

    async def sign_in(self, account: str, password: str, knock: Knock) -> Entered:
        """Begin a session; `DubanError` where the login is not accepted."""
        return await signing_in.sign_in(self._accounts, account, password, knock, self._now())

    async def session_of(self, secret: str) -> SignedIn | None:
        """Who is signed in under a secret; nobody where it is unknown, over or revoked."""
        return await signing_in.session_of(self._accounts, secret, self._now())

    async def sign_out(self, secret: str) -> None:
        """End a session; one that is over already stays so."""
        await signing_in.sign_out(self._accounts, secret)

    async def invitation_of(self, link: str) -> Invitation | None:
        """For whom a one-time link is; none where it is unknown, used or over."""
        try:
            return Invitation(await opening.account_of_link(self._accounts, link, self._now()))
        except UnusableLinkError:
            pass
        try:
            await first_run.must_be_first_run_link(self._accounts, link, self._now())
        except UnusableLinkError:
            return None
        return Invitation(None)

    async def set_up(self, link: str, password: str, knock: Knock) -> Entered:
        """Choose the password by a one-time link, and begin a session; `DubanError` where either will not do."""
        account = await opening.set_password(self._accounts, link, password, self._now())
        return await self.sign_in(account, password, knock)

    async def set_up_first(self, link: str, person: str, account: str, password: str, knock: Knock) -> Entered:
        """Become the first administrator by a one-time link, and begin a session; `DubanError` where it is refused."""
        request_id = f"desk-{uuid.uuid4()}"
        with as_typed():
            opened = await first_run.set_up_first_administrator(
                self._accounts, link, person, account, password, request_id, self._now(), self._attestor
            )
        return await self.sign_in(opened, password, knock)

    def must_be_own(self, account: str) -> None:
        """Refuse a login that cannot be opened here, before anything is changed (raises as `opening.must_be_own`)."""
        opening.must_be_own(self._accounts, account)

    async def open_account(self, person_id: str, account: str, by: SignedIn) -> MadeLink:
        """Let an account name a person, and make a one-time link for its password; `DubanError` where it is refused."""
        now = self._now()
        attest = by_giver(self._attestor, Giver(by, "desk"))
        asking = AskedChange(by.person_id or by.name, self._accounts.office_time(now), f"desk-{uuid.uuid4()}", attest)
        link = await opening.open_account(self._accounts, person_id, account, asking, now)
        name = self._accounts.directory().persons[person_id].name
        return MadeLink(link.secret, link.account or account, name, link.ends_at)

    async def accounts(self) -> Sequence[ListedAccount]:
        """The accounts of this day."""
        return await opening.listed_accounts(self._accounts, self._now())

    async def is_new(self) -> bool:
        """Whether nobody can sign in yet: the first administrator has still to set himself up."""
        # Strangers open the login: who set himself up once is not looked for again.
        self._is_new = self._is_new and await first_run.nobody_can_sign_in(self._accounts)
        return self._is_new

    async def first_link(self) -> str | None:
        """The secret of a new link for the first administrator; none where somebody can sign in."""
        link = await first_run.first_run_link(self._accounts, self._now())
        return None if link is None else link.secret
