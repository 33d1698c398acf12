"""The first administrator: where nobody has a password yet, one link lets the one who runs Duban choose his own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from application.accounts.accounts import Accounts, hash_of, new_secret
from application.accounts.opening import MadeLink, keep_open, must_be_own
from application.office.attesting import Attestor, Giver
from application.office.directory import AskedChange, Attest, change_directory
from application.office.office_acts import attested_office_act
from domain.accounts.account import LocalAccount
from domain.accounts.links import LINK_LASTS, OneTimeLink
from domain.accounts.passkeys import Passkey
from domain.accounts.passwords import must_be_strong
from domain.accounts.refusals import LinkInUseError, UnusableLinkError
from domain.directory import changes
from domain.directory.directory import Person
from domain.directory.draft import Draft
from domain.directory.events import DIRECTORY_STREAM
from domain.directory.ids import PersonId
from domain.directory.signed_in import SignedIn
from domain.evidence import EvidenceFile
from domain.ports.accounts import AccountRows

_PURPOSE = "first-administrator"


async def first_run_link(accounts: Accounts, now: datetime) -> MadeLink | None:
    """A new link for the first administrator, in the place of the one before; none where somebody can sign in."""
    secret = new_secret()

    def made(rows: AccountRows) -> MadeLink | None:
        if _somebody_can_sign_in(rows):
            return None
        for link in rows.every(OneTimeLink):
            if link.purpose == _PURPOSE and not link.is_claimed(now):
                rows.remove(link)
        ends_at = now + LINK_LASTS
        rows.put(OneTimeLink(key=hash_of(secret), ends_at=ends_at, purpose="first-administrator", made_at=now))
        return MadeLink(secret, None, ends_at)

    return await accounts.store.change(made)


async def nobody_can_sign_in(accounts: Accounts) -> bool:
    """Whether the first administrator is still to set himself up."""
    return not await accounts.store.read(_somebody_can_sign_in)


async def must_be_first_run_link(accounts: Accounts, secret: str, now: datetime) -> None:
    """Refuse a link that cannot set up the first administrator; nothing is used up.

    Raises:
        UnusableLinkError: it was used, has ended, or never was.
    """
    await accounts.store.read(lambda rows: _link(rows, secret, now))


async def set_up_first_administrator(
    accounts: Accounts,
    secret: str,
    person: str,
    account: str,
    password: str,
    request_id: str,
    now: datetime,
    attestor: Attestor | None = None,
) -> str:
    """Let the bearer of the link choose who he is and how he signs in; answer the account.

    Without an administrator in the directory he becomes its first person and administrator. Where the directory has
    administrators already, he must be one of them.

    Raises:
        UnusableLinkError: the link was used, has ended, or never was.
        LinkInUseError: somebody else uses it at this moment.
        WeakPasswordError: a stranger would try the password first.
        RejectedError: the directory refuses it. In all cases but the first the link can still be used.
    """
    await must_be_first_run_link(accounts, secret, now)
    must_be_own(accounts, account)
    must_be_strong(password, account)
    hashed = await accounts.passwords.hashed(password)
    link = await accounts.store.change(lambda rows: _claimed(rows, secret, now))
    attest = _by_the_link(attestor, account, now) if attestor is not None else None
    asking = AskedChange(person, accounts.office_time(now), request_id, attest)
    given_to: list[PersonId] = []
    try:
        await change_directory(accounts.records, asking, lambda draft: given_to.append(_given(draft, person, account)))
    except BaseException:
        await accounts.store.change(lambda rows: rows.put(link))
        raise

    def kept(rows: AccountRows) -> str:
        rows.remove(link)
        opened = keep_open(rows, account, given_to[-1], now)
        rows.put(opened.having(password_hash=hashed, password_set_at=now))
        return opened.account

    return await accounts.store.change(kept)


def _by_the_link(attestor: Attestor, account: str, now: datetime) -> Attest:
    async def attest(person: Person, command: dict[str, Any], nonce: str) -> EvidenceFile:
        by = SignedIn(
            account=account,
            person_id=person.person_id,
            name=person.name,
            roles=("administrator",),
            how="link",
            logged_in_at=now,
        )
        return await attested_office_act(attestor, Giver(by, "desk"), DIRECTORY_STREAM, command, nonce)

    return attest


def _given(draft: Draft, person: str, account: str) -> PersonId:
    if draft.directory.holders("administrator", draft.today):
        found = changes.person_in(draft.directory, person, draft.today)
    else:
        named = draft.directory.person_named(person, draft.today).one
        number = named.person_id if named is not None else changes.open_person(draft, person)
        changes.give_role(draft, number, "administrator")
        found = draft.directory.persons[number]
    if draft.directory.person_of_account(account, draft.today) != found:
        changes.give_account(draft, found.person_id, account)
    return found.person_id


def _claimed(rows: AccountRows, secret: str, now: datetime) -> OneTimeLink:
    link = _link(rows, secret, now)
    if link.is_claimed(now):
        raise LinkInUseError
    rows.put(link.having(claimed_at=now))
    return link


def _link(rows: AccountRows, secret: str, now: datetime) -> OneTimeLink:
    link = rows.one(OneTimeLink, hash_of(secret))
    if link is None or link.has_ended(now) or link.purpose != _PURPOSE or _somebody_can_sign_in(rows):
        raise UnusableLinkError
    return link


def _somebody_can_sign_in(rows: AccountRows) -> bool:
    return any(account.has_password for account in rows.every(LocalAccount)) or bool(rows.every(Passkey))
