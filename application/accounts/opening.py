"""Accounts opened, closed and listed, and the one-time links by which a person chooses his password himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.accounts.accounts import Accounts, hash_of, new_secret
from application.accounts.signing_in import forget_logins
from application.office.directory import AskedChange, change_directory
from domain.accounts.account import RESERVED, LocalAccount, login_key
from domain.accounts.desk_items import CalendarAddress
from domain.accounts.links import LINK_LASTS, OneTimeLink
from domain.accounts.passkeys import Passkey
from domain.accounts.passwords import must_be_strong
from domain.accounts.refusals import LookAlikeAccountError, ReservedAccountError, UnknownAccountError, UnusableLinkError
from domain.accounts.tokens import ApiToken
from domain.directory import changes
from domain.directory.directory import Person
from domain.directory.draft import Draft
from domain.directory.ids import PersonId
from domain.ports.accounts import AccountRows


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A one-time link as it is told once: its secret, for which account, until when."""

    secret: str = field(repr=False)
    account: str | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account of the directory on this day, and how it can be proved here."""

    account: str
    person_id: str
    name: str
    has_password: bool
    passkeys: int
    tokens: int


async def open_account(accounts: Accounts, person: str, account: str, asking: AskedChange, now: datetime) -> MadeLink:
    """Let a login name a person of the directory, and make the link by which he chooses its password.

    An account that names him already only gets a link.

    Raises:
        ReservedAccountError: somebody else vouches for such a login.
        RejectedError: the directory refuses it, or the one who asks may not.
    """
    must_be_own(accounts, account)
    opened_for: list[PersonId] = []

    def given(draft: Draft) -> None:
        found = changes.person_in(draft.directory, person, draft.today)
        opened_for.append(found.person_id)
        _give_on(draft, found, account)

    await change_directory(accounts.records, asking, given)
    await accounts.store.change(lambda rows: keep_open(rows, account, opened_for[-1], now))
    return await make_link(accounts, account, asking, now)


def _give_on(draft: Draft, person: Person, account: str) -> None:
    """Let a login name a person from now on; one that was taken from him today goes on tomorrow."""
    tomorrow = draft.today + timedelta(days=1)
    if draft.directory.person_of_account(account, tomorrow) != person:
        his_today = draft.directory.person_of_account(account, draft.today) == person
        changes.give_account(draft, person.person_id, account, tomorrow if his_today else None)


async def make_link(accounts: Accounts, account: str, asking: AskedChange, now: datetime) -> MadeLink:
    """Make the one-time link for an open account's password; the links made before do not count any more.

    Raises:
        UnknownAccountError: no such account is open.
        RejectedError: the one who asks is no administrator.
    """
    await change_directory(accounts.records, asking, lambda _: None)
    secret, key = new_secret(), login_key(account)

    def made(rows: AccountRows) -> MadeLink:
        kept = rows.one(LocalAccount, key)
        if kept is None or kept.closed_at is not None:
            raise UnknownAccountError(account=account)
        for link in rows.every(OneTimeLink, key):
            rows.remove(link)
        ends_at = now + LINK_LASTS
        rows.put(OneTimeLink(key=hash_of(secret), owner=key, ends_at=ends_at, purpose="password", made_at=now))
        return MadeLink(secret, kept.account, ends_at)

    return await accounts.store.change(made)


async def account_of_link(accounts: Accounts, secret: str, now: datetime) -> str:
    """For which account a link is; nothing is used up.

    Raises:
        UnusableLinkError: it was used, has ended, or never was.
    """
    return (await accounts.store.read(lambda rows: _of_link(rows, secret, now)[1])).account


async def set_password(accounts: Accounts, secret: str, password: str, now: datetime) -> str:
    """Set a password by a one-time link, and end every session of the account; answer the account.

    Raises:
        UnusableLinkError: it was used, has ended, or never was.
        WeakPasswordError: a stranger would try it first; the link can still be used.
    """
    account = await account_of_link(accounts, secret, now)
    must_be_strong(password, account)
    hashed = await accounts.passwords.hashed(password)

    def kept(rows: AccountRows) -> str:
        link, account = _of_link(rows, secret, now)
        rows.remove(link)
        rows.put(account.having(password_hash=hashed, password_set_at=now))
        forget_logins(rows, account.key)
        return account.account

    return await accounts.store.change(kept)


async def close_account(accounts: Accounts, account: str, asking: AskedChange, now: datetime) -> None:
    """Take a login from its person: the directory tells it until today, and it lets nobody in from now on.

    Its sessions, tokens, keys, links and calendar addresses end at once.

    Raises:
        UnknownAccountError: it is nobody's.
        RejectedError: the one who asks may not.
    """

    held_by: list[PersonId] = []

    def taken(draft: Draft) -> None:
        known = draft.directory
        # Whoever has left has the login no more, and what lets in by it here must go all the same.
        holder = known.person_of_account(account, draft.today) or known.last_holder(account, draft.today)
        if holder is None:
            raise UnknownAccountError(account=account)
        held_by.append(holder.person_id)
        if known.person_of_account(account, draft.today) is not None:
            changes.take_account(draft, holder.person_id, account)

    await change_directory(accounts.records, asking, taken)

    def closed(rows: AccountRows) -> None:
        key = login_key(account)
        _forget_all(rows, key)
        # Kept where somebody else vouches for the login as well: the directory has it until the day is over.
        kept = rows.one(LocalAccount, key) or LocalAccount(
            key=key, owner=key, account=account, person_id=held_by[-1], opened_at=now
        )
        rows.put(kept.having(closed_at=now, password_hash=None))

    await accounts.store.change(closed)


async def listed_accounts(accounts: Accounts, now: datetime) -> Sequence[ListedAccount]:
    """The accounts of this day, as the directory has them, and how each can be proved here."""
    day = accounts.office_time(now).date()
    directory = accounts.directory()

    def listed(rows: AccountRows) -> list[ListedAccount]:
        found = []
        for person in directory.persons.values():
            for held in person.accounts:
                if held.period.covers(day):
                    key = login_key(held.account)
                    kept = rows.one(LocalAccount, key)
                    passkeys, tokens = len(rows.every(Passkey, key)), len(rows.every(ApiToken, key))
                    has_password = kept is not None and kept.has_password
                    found.append(
                        ListedAccount(
                            held.account, person.person_id, person.name_on(day), has_password, passkeys, tokens
                        )
                    )
        return found

    return await accounts.store.read(listed)


def must_be_own(accounts: Accounts, account: str) -> None:
    """Refuse a login that somebody else vouches for, and one that is told from another only by how it is typed.

    Raises:
        ReservedAccountError: somebody else vouches for it.
        LookAlikeAccountError: another one, now or once, looks like it.
    """
    key = login_key(account)
    if key.startswith(RESERVED):
        raise ReservedAccountError(account=account)
    for person in accounts.directory().persons.values():
        for held in person.accounts:
            if held.account != account and login_key(held.account) == key:
                raise LookAlikeAccountError(account=account, other=held.account)


def keep_open(rows: AccountRows, account: str, person_id: PersonId, now: datetime) -> LocalAccount:
    """Keep an account open; one that is open for the same person stays as it is, of another one nothing is left."""
    key = login_key(account)
    kept = rows.one(LocalAccount, key)
    if kept is None or kept.closed_at is not None or kept.person_id != person_id:
        _forget_all(rows, key)
        kept = LocalAccount(key=key, owner=key, account=account, person_id=person_id, opened_at=now)
        rows.put(kept)
    return kept


def _forget_all(rows: AccountRows, key: str) -> None:
    forget_logins(rows, key)
    for kind in (OneTimeLink, ApiToken, Passkey, CalendarAddress):
        for thing in rows.every(kind, key):
            rows.remove(thing)


def _of_link(rows: AccountRows, secret: str, now: datetime) -> tuple[OneTimeLink, LocalAccount]:
    link = rows.one(OneTimeLink, hash_of(secret))
    account = rows.one(LocalAccount, link.owner) if link is not None else None
    if link is None or account is None or link.has_ended(now) or link.purpose != "password" or account.closed_at:
        raise UnusableLinkError
    return link, account
