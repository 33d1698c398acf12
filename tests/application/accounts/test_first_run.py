"""The first administrator: whoever holds the one link of the first run chooses who he is, once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from application.accounts.accounts import Accounts
from application.accounts.first_run import (
    first_run_link,
    must_be_first_run_link,
    nobody_can_sign_in,
    set_up_first_administrator,
)
from application.accounts.opening import MadeLink, listed_accounts
from application.accounts.signing_in import sign_in
from application.settings import Settings
from domain.accounts.refusals import UnusableLinkError, WeakPasswordError
from domain.directory.authority import NotAnAdministratorError
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.accounts import open_accounts
from tests.application.accounts.office import HOME, NOW, PASSWORD, later, populate, with_password


@pytest.fixture
def new(settings: Settings) -> Iterator[Accounts]:
    """The accounts of an installation without a directory."""
    with open_records(settings) as records, open_accounts(settings, records) as opened:
        yield opened


async def link_of(accounts: Accounts) -> MadeLink:
    """The link of the first run, which is there."""
    link = await first_run_link(accounts, NOW)
    assert link is not None
    return link


async def test_the_first_administrator_sets_himself_up(new: Accounts) -> None:
    """He becomes a person of the directory and its administrator, signs in, and no further link is made."""
    link = await link_of(new)
    await must_be_first_run_link(new, link.secret, NOW)
    assert await nobody_can_sign_in(new)
    account = await set_up_first_administrator(new, link.secret, "李红", "lihong", PASSWORD, "r1", NOW)
    login = await sign_in(new, account, PASSWORD, HOME, NOW)
    assert (login.who.name, login.who.roles) == ("李红", ("administrator",))
    assert await first_run_link(new, NOW) is None
    assert not await nobody_can_sign_in(new)
    with pytest.raises(UnusableLinkError):
        await set_up_first_administrator(new, link.secret, "王伟", "wangwei", PASSWORD, "r2", NOW)
    assert [(each.account, each.has_password) for each in await listed_accounts(new, NOW)] == [("lihong", True)]


async def test_of_two_who_use_the_link_at_once_one_is_the_first_administrator(new: Accounts) -> None:
    """The other hears that somebody uses it, or that it was used; one person stands in the directory."""
    link = await link_of(new)
    ended = await asyncio.gather(
        *(
            set_up_first_administrator(new, link.secret, name, f"first{at}", PASSWORD, f"r{at}", NOW)
            for at, name in enumerate(("李红", "王伟"))
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, str) for each in ended) == [False, True]
    assert len(new.directory().persons) == 1


async def test_a_link_that_is_made_again_is_the_only_one_and_ends_after_a_day(new: Accounts) -> None:
    """The one printed last counts, for 24 hours; one that was refused for another reason can be used again."""
    before, link = await link_of(new), await link_of(new)
    for secret, at in ((before.secret, NOW), (link.secret, later(hours=24)), ("guessed", NOW)):
        with pytest.raises(UnusableLinkError):
            await set_up_first_administrator(new, secret, "李红", "lihong", PASSWORD, "r1", at)
    with pytest.raises(WeakPasswordError):
        await set_up_first_administrator(new, link.secret, "李红", "lihong", "short", "r1", NOW)
    assert await set_up_first_administrator(new, link.secret, "李红", "lihong", PASSWORD, "r1", NOW) == "lihong"


async def test_where_there_are_administrators_the_link_is_for_one_of_them(new: Accounts) -> None:
    """An imported directory is not taken over: who is none of its administrators is refused, and the link stays."""
    await populate(new)
    link = await link_of(new)
    with pytest.raises(NotAnAdministratorError):
        await set_up_first_administrator(new, link.secret, "王伟", "wangwei", PASSWORD, "r1", NOW)
    assert await set_up_first_administrator(new, link.secret, "李红", "lihong", PASSWORD, "r1", NOW) == "lihong"
    assert len(new.directory().persons) == 2


async def test_a_link_is_worth_nothing_once_somebody_can_sign_in(accounts: Accounts) -> None:
    """A link of the first run that lies about is dead from the first password on, whoever set it."""
    link = await link_of(accounts)
    await with_password(accounts, "李红", "lihong")
    with pytest.raises(UnusableLinkError):
        await set_up_first_administrator(accounts, link.secret, "李红", "lihong2", PASSWORD, "r1", NOW)
