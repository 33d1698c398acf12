"""The first administrator: whoever holds the one link of the first run chooses who he is, once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

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
from application.office.attesting import Giver
from application.office.directory import AskedChange, Change, by_giver, change_directory
from application.settings import Settings
from domain.accounts.refusals import UnusableLinkError, WeakPasswordError
from domain.directory import changes
from domain.directory.authority import NotAnAdministratorError
from domain.directory.draft import Draft
from domain.directory.signed_in import LoginMethod, SignedIn
from entrypoints.bootstrap import attestor_of, engine_now, open_records
from entrypoints.bootstrap.accounts import open_accounts
from tests.application.accounts.office import HOME, NOW, PASSWORD, later, populate, with_password
from verifier.bundle import bundle_at
from verifier.verify import verify


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


async def test_the_verifier_accuses_nobody_from_the_first_link_to_a_handing_over(
    new: Accounts, settings: Settings, tmp_path: Path
) -> None:
    """The link's own change gives its account; a role ends on the day, its person leaves, the next one is renamed."""
    attestor = attestor_of(settings)

    async def change(person: str, number: str, how: LoginMethod, request: str, changed: Change) -> None:
        issuer = "https://id.example.gov.cn" if how == "oidc" else None
        by = SignedIn(account=person, person_id=number, name=person, how=how, issuer=issuer, logged_in_at=NOW)
        asked = AskedChange(number, engine_now(), request, by_giver(attestor, Giver(by, "desk")))
        await change_directory(new.records, asked, changed)

    def hand_over(draft: Draft) -> None:
        changes.give_account(draft, changes.open_person(draft, "王伟"), "王伟")
        changes.give_role(draft, "P0002", "administrator")
        changes.take_role(draft, "P0001", "administrator", until_on=draft.today)

    link = await first_run_link(new, engine_now())
    assert link is not None
    await set_up_first_administrator(new, link.secret, "李红", "李红", PASSWORD, "r1", engine_now(), attestor)
    await change("李红", "P0001", "password", "r2", hand_over)
    await change("王伟", "P0002", "oidc", "r3", lambda draft: changes.close_person(draft, "P0001", draft.today))
    await change("王伟", "P0002", "oidc", "r4", lambda draft: changes.rename_person(draft, "P0002", "王苇"))
    await change("王伟", "P0002", "oidc", "r5", lambda draft: changes.open_department(draft, "组织部"))
    await new.records.log.seal()
    await asyncio.to_thread(new.records.log.export, str(tmp_path / "bundle.tar"), {})
    with closing(bundle_at(tmp_path / "bundle.tar")) as bundle:
        assert verify(bundle).codes() == set()


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
