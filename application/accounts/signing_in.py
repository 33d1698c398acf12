"""Signing in with a password, and what a login that goes on is afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.accounts.accounts import Accounts, hash_of, kept_of, new_secret
from application.accounts.tries import begin_try, end_try_right, hour_of, must_not_wait, note_in_the_hour
from domain.accounts.account import LocalAccount, login_key
from domain.accounts.lock_outs import Tries
from domain.accounts.passkeys import Passkey
from domain.accounts.passwords import LONGEST
from domain.accounts.refusals import AccountClosedError, LockedOutError, NoOwnKeyError, TooBusyError, WrongLoginError
from domain.accounts.rights import signed_in, signed_in_by_session
from domain.accounts.sessions import KnownDevice, Session, end_of, is_alive, seen
from domain.directory.ids import PersonId
from domain.directory.signed_in import LoginMethod, SignedIn
from domain.ports.accounts import AccountRows

_DEVICE_LASTS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Knock:
    """Where somebody knocks: from which address, which device he says it is, which session he had until now."""

    from_address: str
    device: str | None = field(default=None, repr=False)
    old_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody has proved: an account, how, and whose secret it was (a third party vouches for no person)."""

    account: str
    how: LoginMethod
    person_id: PersonId | None = None
    issuer: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    passkey: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A login: who he is, the token of the session for the cookie, and the device's own secret for another cookie."""

    who: SignedIn
    token: str = field(repr=False)
    device: str = field(repr=False)


async def sign_in(accounts: Accounts, name: str, password: str, knock: Knock, now: datetime) -> Entered:
    """Sign somebody in by account and password; the session that he had ends, the new one has a token of its own.

    Raises:
        WrongLoginError: the account or the password is wrong.
        LockedOutError: too many wrong tries came from there.
        AccountClosedError: the password is right, and the account is nobody's today.
        TooBusyError: too many sign in at once.
    """
    key = login_key(name)
    account, begun = await _begun(accounts, key, knock, now)
    hashed = account.password_hash if account is not None and account.has_password else None
    try:
        right = await accounts.passwords.matches(hashed, password[: LONGEST + 1])
    except TooBusyError:
        # Nobody looked at the password: the try was neither right nor wrong.
        await accounts.store.change(lambda rows: end_try_right(rows, list(begun)))
        raise
    if not right or account is None:
        await accounts.store.change(lambda rows: note_in_the_hour(rows, hour_of(now), now, failed=1))
        raise WrongLoginError
    proof = Proof(account.account, "password", account.person_id, password_hash=hashed)
    return await enter(accounts, proof, knock, now, begun=begun)


async def enter(
    accounts: Accounts, proof: Proof, knock: Knock, now: datetime, *, begun: Sequence[Tries] = ()
) -> Entered:
    """Let somebody in who has proved that an account is his.

    Raises:
        AccountClosedError: the account is nobody's today.
        WrongLoginError: the password was changed while it was looked at.
        NoOwnKeyError: the key was let go while its proof was looked at.
    """
    who, person_id = await _who(accounts, proof, now)
    key, token = login_key(proof.account), new_secret()
    session = Session(
        key=hash_of(token),
        owner=key,
        ends_at=end_of(now, now, accounts.limits),
        account=proof.account,
        person_id=person_id,
        how=proof.how,
        issuer=proof.issuer,
        logged_in_at=now,
        seen_at=now,
        from_address=knock.from_address,
    )

    def entered(rows: AccountRows) -> str:
        kept = rows.one(LocalAccount, key)
        if kept is not None and kept.closed_at is not None and _same_day(accounts, kept.closed_at, now):
            raise AccountClosedError(account=proof.account)
        if proof.password_hash is not None and (kept is None or kept.password_hash != proof.password_hash):
            raise WrongLoginError
        if proof.passkey is not None and rows.one(Passkey, proof.passkey) is None:
            raise NoOwnKeyError(why="这把密钥没有登记，或已停用")
        rows.remove_ended(now)
        end_try_right(rows, list(begun))
        _end(rows, knock.old_token)
        rows.put(session)
        return _device_of(rows, key, knock.device, now)

    device = await accounts.store.change(entered)
    return Entered(who, token, device)


async def session_of(accounts: Accounts, token: str, now: datetime) -> SignedIn | None:
    """Who a session's token is now, with the roles of this moment; none where it does not hold (any more)."""
    key = hash_of(token)
    session = await accounts.store.read(lambda rows: rows.one(Session, key))
    if session is None or not is_alive(session, accounts.limits, now):
        return None
    later = seen(session, accounts.limits, now)
    if later is not None:
        # Only what is still there is noted: it may have been revoked a moment ago.
        await accounts.store.change(lambda rows: rows.put(later) if rows.one(Session, key) is not None else None)
    return await asyncio.to_thread(
        lambda: signed_in_by_session(accounts.directory(), session, accounts.office_time(now))
    )


async def sign_out(accounts: Accounts, token: str) -> None:
    """End a session. Repeatable."""
    await accounts.store.change(lambda rows: _end(rows, token))


async def sessions_of(accounts: Accounts, name: str | None, now: datetime) -> Sequence[Session]:
    """The sessions that go on (of one account)."""
    found = await kept_of(accounts, Session, name)
    return [session for session in found if is_alive(session, accounts.limits, now)]


async def revoke_sessions(accounts: Accounts, name: str) -> int:
    """End every session of an account, and forget its devices; answer how many sessions there were."""
    return await accounts.store.change(lambda rows: forget_logins(rows, login_key(name)))


async def end_logins_by_key(accounts: Accounts, name: str, by: SignedIn) -> None:
    """End the sessions of an account that a key opened, but for the one from which that is asked."""

    def ended(rows: AccountRows) -> None:
        for session in rows.every(Session, login_key(name)):
            is_asking = (session.account, session.logged_in_at) == (by.account, by.logged_in_at)
            if session.how == "passkey" and not is_asking:
                rows.remove(session)

    await accounts.store.change(ended)


def forget_logins(rows: AccountRows, key: str) -> int:
    """End every session of an account, and forget its devices; answer how many sessions there were."""
    for device in rows.every(KnownDevice, key):
        rows.remove(device)
    return sum(rows.remove(session) for session in rows.every(Session, key))


async def _begun(
    accounts: Accounts, key: str, knock: Knock, now: datetime
) -> tuple[LocalAccount | None, Sequence[Tries]]:
    def begin(rows: AccountRows) -> tuple[LocalAccount | None, Sequence[Tries]]:
        return rows.one(LocalAccount, key), begin_try(rows, key, knock.from_address, knock.device, now)

    try:
        await accounts.store.read(lambda rows: must_not_wait(rows, key, knock.from_address, knock.device, now))
        begun = await accounts.store.change(begin)
    except LockedOutError:
        accounts.not_looked_at[hour_of(now)] += 1
        raise
    await _note_the_unseen(accounts, now)
    return begun


async def _note_the_unseen(accounts: Accounts, now: datetime) -> None:
    for hour, count in list(accounts.not_looked_at.items()):
        del accounts.not_looked_at[hour]

        def noted(rows: AccountRows, hour: str = hour, count: int = count) -> None:
            note_in_the_hour(rows, hour, now, not_looked_at=count)

        await accounts.store.change(noted)


async def _who(accounts: Accounts, proof: Proof, now: datetime) -> tuple[SignedIn, PersonId]:
    def asked() -> SignedIn | None:
        at = accounts.office_time(now)
        return signed_in(accounts.directory(), proof.account, proof.how, now, at, issuer=proof.issuer)

    who = await asyncio.to_thread(asked)
    if who is None or who.person_id is None or proof.person_id not in (None, who.person_id):
        raise AccountClosedError(account=proof.account)
    return who, who.person_id


def _same_day(accounts: Accounts, one: datetime, other: datetime) -> bool:
    return accounts.office_time(one).date() == accounts.office_time(other).date()


def _end(rows: AccountRows, token: str | None) -> None:
    session = rows.one(Session, hash_of(token)) if token else None
    if session is not None:
        rows.remove(session)


def _device_of(rows: AccountRows, key: str, device: str | None, now: datetime) -> str:
    known = rows.one(KnownDevice, hash_of(device)) if device else None
    secret = device if known is not None and known.owner == key and device is not None else new_secret()
    rows.put(KnownDevice(key=hash_of(secret), owner=key, ends_at=now + _DEVICE_LASTS))
    return secret
