"""Signing in: who proves himself gets in, with the rights of that moment; who does not makes himself wait alone."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from application.accounts.accounts import Accounts, revoke_by_number
from application.accounts.accounts import kept_of as kept_things
from application.accounts.opening import close_account, make_link, open_account, set_password
from application.accounts.signing_in import (
    Knock,
    revoke_sessions,
    session_of,
    sessions_of,
    sign_in,
    sign_out,
)
from application.office.directory import AskedChange, change_directory
from application.settings import Settings
from domain.accounts.account import LocalAccount, login_key
from domain.accounts.desk_items import AskedSignature, CalendarAddress
from domain.accounts.kept import Kept
from domain.accounts.links import OneTimeLink
from domain.accounts.lock_outs import HourlySum, Tries
from domain.accounts.passkeys import Challenge
from domain.accounts.refusals import (
    AccountClosedError,
    LockedOutError,
    LookAlikeAccountError,
    ReservedAccountError,
    TooBusyError,
    UnknownAccountError,
    UnknownSessionError,
    UnusableLinkError,
    WeakPasswordError,
    WrongLoginError,
)
from domain.accounts.sessions import Session
from domain.accounts.third_party import BegunLogin
from domain.directory import changes
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.accounts import open_accounts
from tests.application.accounts.office import (
    ELSEWHERE,
    HOME,
    NOW,
    PASSWORD,
    asking,
    entered,
    kept_of,
    later,
    populate,
    with_password,
)


async def test_a_password_opens_a_session_with_the_rights_of_the_person(accounts: Accounts) -> None:
    """The login says who he is, by number, with his roles; the token does too, until he signs out."""
    await with_password(accounts, "王伟", "wangwei")
    login = await entered(accounts, " WangWei ")
    assert (login.who.account, login.who.person_id, login.who.name) == ("wangwei", "P0002", "王伟")
    assert (login.who.roles, login.who.departments, login.who.how) == (("department",), ("组织部",), "password")
    assert await session_of(accounts, login.token, later(minutes=5)) == login.who
    await sign_out(accounts, login.token)
    await sign_out(accounts, login.token)
    assert await session_of(accounts, login.token, later(minutes=5)) is None


@pytest.mark.parametrize("name", ["wangwei", "nobody", "lihong", "\ud800\0", ""])
async def test_a_wrong_login_says_nothing_of_what_was_wrong(accounts: Accounts, name: str) -> None:
    """A wrong password, an unknown account, one without a password and one no store can hold are refused alike."""
    await with_password(accounts, "王伟", "wangwei")
    await open_account(accounts, "李红", "lihong", asking(), NOW)
    with pytest.raises(WrongLoginError) as refused:
        await sign_in(accounts, name, "wrong " * 100_000, HOME, NOW)
    assert refused.value.text == WrongLoginError().text


async def test_a_role_that_was_taken_counts_at_once(accounts: Accounts) -> None:
    """A session keeps no rights: a role given or taken, and a person who left, count at the next request."""
    await with_password(accounts, "王伟", "wangwei")
    login = await entered(accounts, "wangwei")
    await change_directory(
        accounts.records, asking(), lambda draft: changes.give_role(draft, "P0002", "auditor", until_on=NOW.date())
    )
    with_both = await session_of(accounts, login.token, later(minutes=1))
    assert with_both is not None
    assert set(with_both.roles) == {"department", "auditor"}
    await change_directory(
        accounts.records, asking(), lambda draft: changes.take_role(draft, "P0002", "auditor", until_on=NOW.date())
    )
    with_one = await session_of(accounts, login.token, later(minutes=2))
    assert with_one is not None
    assert set(with_one.roles) == {"department"}
    await change_directory(accounts.records, asking(), lambda draft: changes.close_person(draft, "P0002", NOW.date()))
    assert await session_of(accounts, login.token, later(minutes=3)) is None
    with pytest.raises(AccountClosedError, match="wangwei"):
        await sign_in(accounts, "wangwei", PASSWORD, HOME, later(minutes=4))


async def test_many_who_ask_at_once_see_the_directory_whole(accounts: Accounts) -> None:
    """Sessions are asked about from many threads while the directory changes: each answer is whole."""
    await with_password(accounts, "王伟", "wangwei")
    login = await entered(accounts, "wangwei")
    for at in range(10):
        changed = change_directory(accounts.records, asking(), partial(changes.open_person, name=f"某{at}"))
        asked = [session_of(accounts, login.token, NOW) for _ in range(20)]
        _, *answers = await asyncio.gather(changed, *asked)
        assert answers == [login.who] * 20
    assert len(accounts.directory().persons) == 12


async def test_signing_in_again_gives_another_token_and_ends_the_one_before(accounts: Accounts) -> None:
    """A token that somebody planted before the login is worth nothing after it."""
    await with_password(accounts, "王伟", "wangwei")
    first = await entered(accounts, "wangwei")
    second = await entered(accounts, "wangwei", Knock(HOME.from_address, first.device, first.token))
    assert second.token != first.token
    assert second.device == first.device
    assert await session_of(accounts, first.token, NOW) is None
    assert await session_of(accounts, second.token, NOW) is not None
    planted = await entered(accounts, "wangwei", Knock(HOME.from_address, old_token="planted"))
    assert planted.token != "planted"
    assert await session_of(accounts, "planted", NOW) is None


async def test_sessions_end_when_idle_when_old_and_when_revoked(accounts: Accounts) -> None:
    """Use prolongs a session up to its absolute end; revoking one or all ends them at once."""
    await with_password(accounts, "王伟", "wangwei")
    login = await entered(accounts, "wangwei")
    for minutes in range(50, 12 * 60, 50):
        assert await session_of(accounts, login.token, later(minutes=minutes)) is not None, minutes
    assert await session_of(accounts, login.token, later(hours=12)) is None
    idle = await entered(accounts, "wangwei")
    assert await session_of(accounts, idle.token, later(minutes=60)) is None
    logins = [await entered(accounts, "wangwei") for _ in range(3)]
    numbers = {session.number for session in await sessions_of(accounts, "WANGWEI", NOW)}
    first = (await kept_of(accounts, logins[0])).number
    assert {(await kept_of(accounts, login)).number for login in logins} <= numbers
    await revoke_by_number(accounts, Session, first)
    assert await session_of(accounts, logins[0].token, NOW) is None
    with pytest.raises(UnknownSessionError):
        await revoke_by_number(accounts, Session, first)
    assert await revoke_sessions(accounts, "wangwei") >= 2
    assert await session_of(accounts, logins[2].token, NOW) is None


async def test_five_hundred_wrong_tries_do_not_keep_the_owner_out(accounts: Accounts) -> None:
    """While a stranger tries, the owner gets in from another address; the stranger waits, right password or not."""
    await with_password(accounts, "王伟", "wangwei")

    async def tried() -> str:
        try:
            await sign_in(accounts, "wangwei", "not his password", ELSEWHERE, NOW)
        except (WrongLoginError, LockedOutError) as refused:
            return type(refused).__name__
        return "in"

    tries = [asyncio.create_task(tried()) for _ in range(500)]
    login = await entered(accounts, "wangwei")
    outcomes = [await each for each in tries]
    assert await session_of(accounts, login.token, NOW) is not None
    assert (outcomes.count("WrongLoginError"), outcomes.count("LockedOutError")) == (5, 495)
    with pytest.raises(LockedOutError, match="秒再试"):
        await entered(accounts, "wangwei", ELSEWHERE)
    await entered(accounts, "wangwei")
    entries = [entry.type for entry in accounts.records.ledger.entries()]
    assert not any("Login" in kind or "Try" in kind for kind in entries)
    sums = await accounts.store.read(lambda rows: rows.every(HourlySum))
    assert [(each.failed, each.not_looked_at) for each in sums] == [(5, 496)]


async def test_a_password_that_nobody_had_time_to_look_at_was_no_wrong_one(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes again and again to a full door is not locked out of it."""
    await with_password(accounts, "王伟", "wangwei")

    async def full(*_: object) -> bool:
        raise TooBusyError

    with monkeypatch.context() as patch:
        patch.setattr(type(accounts.passwords), "matches", full)
        for _ in range(20):
            with pytest.raises(TooBusyError):
                await entered(accounts, "wangwei")
    await entered(accounts, "wangwei")


async def test_a_known_device_gets_in_through_the_address_of_a_stranger(accounts: Accounts) -> None:
    """Whoever tries from the office's own address does not make those wait who signed in from their device before."""
    await with_password(accounts, "王伟", "wangwei")
    login = await entered(accounts, "wangwei")
    for _ in range(5):
        with pytest.raises(WrongLoginError):
            await sign_in(accounts, "wangwei", "not his password", HOME, NOW)
    with pytest.raises(LockedOutError):
        await entered(accounts, "wangwei")
    again = await entered(accounts, "wangwei", Knock(HOME.from_address, login.device))
    assert again.who.account == "wangwei"
    with pytest.raises(LockedOutError):
        await entered(accounts, "wangwei", Knock(HOME.from_address, "a device that nobody knows"))


async def test_a_lock_out_and_a_session_survive_a_restart(settings: Settings) -> None:
    """What is kept is kept in the store: another process goes on where the first one was."""
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        await populate(accounts)
        await with_password(accounts, "王伟", "wangwei")
        login = await entered(accounts, "wangwei")
        for _ in range(5):
            with pytest.raises(WrongLoginError):
                await sign_in(accounts, "wangwei", "not his password", ELSEWHERE, NOW)
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        assert await session_of(accounts, login.token, later(minutes=1)) == login.who
        with pytest.raises(LockedOutError):
            await entered(accounts, "wangwei", ELSEWHERE)
        await entered(accounts, "wangwei", ELSEWHERE, later(minutes=1))
        kept = await accounts.store.read(lambda rows: rows.every(Tries))
        assert [tries.subject for tries in kept] == ["address"]
    assert oct(settings.accounts_file.stat().st_mode & 0o777) == "0o600"


async def test_no_secret_stands_in_the_store_or_the_ledger(accounts: Accounts, settings: Settings) -> None:
    """Neither the password nor a token, a link or a device's secret can be read from what is kept."""
    link = await open_account(accounts, "王伟", "wangwei", asking(), NOW)
    await set_password(accounts, link.secret, PASSWORD, NOW)
    login = await entered(accounts, "wangwei")
    with pytest.raises(WrongLoginError):
        await sign_in(accounts, "my secret as a name", "x", HOME, NOW)
    beside = [settings.accounts_file, settings.accounts_file.with_name("accounts.db-wal"), settings.ledger_file]
    kept = b"".join(file.read_bytes() for file in beside if file.exists())
    assert b"wangwei" in kept
    for secret in (PASSWORD, link.secret, login.token, login.device, "my secret as a name"):
        assert secret.encode() not in kept
        assert secret not in repr((link, login))


async def test_one_link_sets_one_password(accounts: Accounts) -> None:
    """Of two who use one link at once, one wins; the other is told, and the winner's password holds."""
    link = await open_account(accounts, "王伟", "wangwei", asking(), NOW)
    passwords = ["one of two passwords", "two of two passwords"]
    ended = await asyncio.gather(
        *(set_password(accounts, link.secret, each, NOW) for each in passwords), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in ended) == ["UnusableLinkError", "str"]
    winner = passwords[[isinstance(each, str) for each in ended].index(True)]
    assert (await sign_in(accounts, "wangwei", winner, HOME, NOW)).who.name == "王伟"


async def test_a_weak_password_is_refused_and_its_link_stays(accounts: Accounts) -> None:
    """Short ones, well-known ones and the account's own name are refused in a sentence; then a good one is taken."""
    link = await open_account(accounts, "王伟", "wangwei2026", asking(), NOW)
    for weak in ("short", "aaaaaaaaaaaa", "1234567890", "password2026", "wangwei2026", "x" * 201):
        with pytest.raises(WeakPasswordError, match="另选"):
            await set_password(accounts, link.secret, weak, NOW)
    assert await set_password(accounts, link.secret, PASSWORD, NOW) == "wangwei2026"


async def test_a_link_of_a_clock_that_ran_ahead_counts_no_longer_than_others(accounts: Accounts) -> None:
    """Nobody knows how old it is once the clock was set right; neither is one in use for ever."""
    link = await open_account(accounts, "王伟", "wangwei", asking(), later(hours=24 * 365))
    with pytest.raises(UnusableLinkError):
        await set_password(accounts, link.secret, PASSWORD, NOW)
    in_use = OneTimeLink(
        key="k", ends_at=later(hours=24), purpose="first-administrator", made_at=NOW, claimed_at=later(hours=9)
    )
    assert (in_use.is_claimed(NOW), in_use.is_claimed(later(hours=9))) == (False, True)


@pytest.mark.parametrize("kind", [OneTimeLink, Challenge, BegunLogin, AskedSignature])
def test_what_lasts_minutes_lasts_no_year_where_a_clock_ran_ahead(kind: type[Kept]) -> None:
    """A challenge, a login that was begun, a signature that was asked for: each ends as soon as the clock is right."""
    assert kind.lasts is not None
    honest = kind.model_construct(key="k", ends_at=later(minutes=5) + kind.lasts)
    ahead = kind.model_construct(key="k", ends_at=later(minutes=6) + kind.lasts)
    assert (honest.has_ended(NOW), ahead.has_ended(NOW)) == (False, True)


async def test_links_end_and_a_new_password_ends_the_sessions(accounts: Accounts) -> None:
    """A link lasts a day and counts until the next one is made; who lost his password loses his sessions with it."""
    link = await open_account(accounts, "王伟", "wangwei", asking(), NOW)
    with pytest.raises(UnusableLinkError):
        await set_password(accounts, link.secret, PASSWORD, later(hours=24))
    newer = await make_link(accounts, "wangwei", asking(), NOW)
    with pytest.raises(UnusableLinkError):
        await set_password(accounts, link.secret, PASSWORD, NOW)
    await set_password(accounts, newer.secret, PASSWORD, NOW)
    login = await entered(accounts, "wangwei")
    newest = await make_link(accounts, "wangwei", asking(), NOW)
    await set_password(accounts, newest.secret, PASSWORD + "!", NOW)
    assert await session_of(accounts, login.token, NOW) is None


async def test_a_closed_account_lets_nobody_in(accounts: Accounts) -> None:
    """Closing it ends its sessions and its password at once; the directory keeps that it was his."""
    await with_password(accounts, "王伟", "wangwei")
    login = await entered(accounts, "wangwei")
    await close_account(accounts, "wangwei", asking(), NOW)
    assert await session_of(accounts, login.token, NOW) is None
    with pytest.raises(WrongLoginError):
        await entered(accounts, "wangwei")
    entries = [entry.type for entry in accounts.records.ledger.entries("directory")]
    assert entries[-2:] == ["AccountGiven", "AccountTaken"]


async def test_the_account_of_one_who_has_left_is_closed_too(accounts: Accounts) -> None:
    """His login names nobody any more; its password goes all the same, and a second time changes nothing."""
    await with_password(accounts, "王伟", "wangwei")
    await change_directory(accounts.records, asking(), lambda draft: changes.close_person(draft, "P0002", NOW.date()))
    day_after = later(days=1)
    for _ in range(2):
        await close_account(accounts, "wangwei", AskedChange("李红", day_after, "r2"), day_after)
        kept = await accounts.store.read(lambda rows: rows.one(LocalAccount, login_key("wangwei")))
        assert kept is not None
        assert (kept.closed_at, kept.password_hash) == (day_after, None)
    with pytest.raises(UnknownAccountError):
        await close_account(accounts, "nobody", AskedChange("李红", day_after, "r3"), day_after)


async def test_who_gets_a_login_after_another_gets_nothing_of_his(accounts: Accounts) -> None:
    """A login that the directory takes from one and gives to another: password and session of the first are dead."""
    await with_password(accounts, "王伟", "service")
    login = await entered(accounts, "service")
    await change_directory(
        accounts.records, asking(), lambda draft: changes.take_account(draft, "P0002", "service", NOW.date())
    )
    day_after = later(days=1)
    again = AskedChange("李红", day_after, "r2")
    await change_directory(accounts.records, again, lambda draft: changes.give_account(draft, "P0001", "service"))
    prolonged = (await kept_of(accounts, login)).model_copy(
        update={"ends_at": later(days=9), "logged_in_at": day_after}
    )
    await accounts.store.change(lambda rows: rows.put(prolonged.model_copy(update={"seen_at": day_after})))
    assert await session_of(accounts, login.token, day_after) is None
    with pytest.raises(AccountClosedError):
        await entered(accounts, "service", HOME, day_after)
    await open_account(accounts, "李红", "service", again, day_after)
    with pytest.raises(WrongLoginError):
        await entered(accounts, "service", HOME, day_after)


async def test_a_login_that_looks_like_another_is_not_opened(accounts: Accounts) -> None:
    """Its bearer would get into the account of the other, whose key is the same."""
    await with_password(accounts, "王伟", "wangwei")
    with pytest.raises(LookAlikeAccountError, match="wangwei"):
        await open_account(accounts, "李红", "WangWei", asking(), NOW)


async def test_a_closed_account_can_be_opened_again_on_the_same_day(accounts: Accounts) -> None:
    """It has a new password then, none of its calendars, and goes on at once; the directory tells both times."""
    await with_password(accounts, "王伟", "wangwei")
    calendar = CalendarAddress(key="known elsewhere", owner="wangwei", account="wangwei", made_at=NOW)
    await accounts.store.change(lambda rows: rows.put(calendar))
    await close_account(accounts, "wangwei", asking(), NOW)
    await with_password(accounts, "王伟", "wangwei", PASSWORD + "!")
    assert await kept_things(accounts, CalendarAddress, "wangwei") == []
    for at in (NOW, later(days=1)):
        with pytest.raises(WrongLoginError):
            await entered(accounts, "wangwei", HOME, at)
        assert (await sign_in(accounts, "wangwei", PASSWORD + "!", HOME, at)).who.name == "王伟"
    held = accounts.directory().persons["P0002"].accounts
    assert [str(each.period.until_on) for each in held] == ["2026-03-02", "None"]
    assert [each.period.from_on for each in held] == [NOW.date(), NOW.date()]


@pytest.mark.parametrize("account", ["os:wangwei", "OIDC:1", "ｏｓ:wangwei"])
async def test_a_login_that_others_vouch_for_gets_no_password(accounts: Accounts, account: str) -> None:
    """Nobody can open, with a password, the login of an operating system's user or of a third party."""
    with pytest.raises(ReservedAccountError):
        await open_account(accounts, "王伟", account, asking(), NOW)
