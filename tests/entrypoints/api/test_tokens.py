"""The door of tokens over real accounts, and the desk's own door while somebody guesses passwords."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx2
import pytest

from application.accounts.accounts import Accounts, revoke_by_number
from application.accounts.opening import close_account
from application.accounts.tokens import AskedToken, IssuedToken, issue_token
from bench.patience import PATIENCE_SECONDS
from domain.accounts.tokens import ApiToken
from entrypoints.api.app import api_application
from entrypoints.api.callers import LONGEST_TOKEN, AccountTokens
from entrypoints.api.table import ROOT
from entrypoints.bootstrap import attestor_of
from entrypoints.bootstrap.accounts import open_accounts
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.app import desk_application
from tests.application.accounts.office import NOW, PASSWORD, asking, populate, with_password
from tests.entrypoints.api.conftest import BASE
from tests.entrypoints.desk.conftest import hidden
from tests.entrypoints.desk.small_office import SmallOffice, small_office


@dataclass
class Doors:
    """An office with real accounts, and an instant of the machine's clock that a test may move."""

    office: SmallOffice
    accounts: Accounts
    now: datetime = NOW

    @cached_property
    def app(self) -> Any:
        """The interface over these accounts."""
        return api_application(self.office.office, AccountTokens(self.accounts, lambda: self.now), self.accounts)

    def program(self, secret: str) -> httpx2.AsyncClient:
        """A program that shows a token."""
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url=BASE + ROOT, headers=headers)

    async def token(self, **bound: str) -> IssuedToken:
        """A token of the department's person, for a day."""
        until = NOW + timedelta(days=1)
        asked = AskedToken("wangwei", "业务系统", until, **bound)  # type: ignore[arg-type]  # a role is one of ours
        return await issue_token(self.accounts, asked, asking(), NOW)


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    """The office of the tests of accounts: an administrator, and one who acts for 组织部."""
    with small_office(tmp_path) as office, open_accounts(office.office.settings, office.office.records) as accounts:
        asyncio.run(_prepared(accounts))
        yield Doors(office, accounts)


async def _prepared(accounts: Accounts) -> None:
    await populate(accounts)
    await with_password(accounts, "P0002", "wangwei")


async def test_a_token_is_its_person_in_one_role_until_its_end(doors: Doors) -> None:
    """It reads and says for whom; when its time is over, it is nobody."""
    issued = await doors.token(department="组织部")
    async with doors.program(issued.secret) as program:
        told = (await program.get("/me")).json()
        assert (told["name"], told["departments"], told["how"]) == ("王伟", ["组织部"], "token")
        assert (await program.get("/directory")).status_code == 403
        doors.now = NOW + timedelta(days=1)
        _must_be_refused(await program.get("/me"))


async def test_a_token_ends_when_it_is_revoked_or_its_account_is_closed(doors: Doors) -> None:
    """At the next call, whatever the program goes on to show."""
    first, second = await doors.token(department="组织部"), await doors.token(department="组织部")
    await revoke_by_number(doors.accounts, ApiToken, first.token.number)
    _must_be_refused(await doors.program(first.secret).get("/me"))
    assert (await doors.program(second.secret).get("/me")).status_code == 200
    await close_account(doors.accounts, "wangwei", asking(), NOW)
    _must_be_refused(await doors.program(second.secret).get("/me"))


def _must_be_refused(answer: httpx2.Response) -> None:
    """A program learns that its token is at fault, and not that it showed none (RFC 6750)."""
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


async def test_what_is_not_a_whole_token_is_nobody(doors: Doors) -> None:
    """A letter changed, a part, its kept hash, its number, something very long, another alphabet: 401, and no fault."""
    issued = await doors.token(department="组织部")
    secret = issued.secret
    changed = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for shown in (changed, secret[:-1], issued.token.key, issued.token.number, secret + "x" * LONGEST_TOKEN, "duban_"):
        _must_be_refused(await doors.program(shown).get("/me"))
    async with doors.program(secret) as program:
        for header in (secret, f"Basic {secret}", f"Bearer  {secret} {secret}", "Bearer 令牌"):
            answer = await program.get("/me", headers={b"Authorization": header.encode()})
            assert answer.status_code == 401


async def test_five_hundred_wrong_passwords_do_not_keep_the_owner_out(doors: Doors) -> None:
    """Through the pages, from another address, while the owner signs in: he is in, none of the guesses is."""
    app = desk_application(
        doors.office.office,
        AccountsDoor(doors.accounts, attestor_of(doors.office.office.settings), lambda: doors.now),
        doors.accounts,
    )

    async def tried(address: str, password: str) -> int:
        transport = httpx2.ASGITransport(app, client=(address, 50_000))
        async with httpx2.AsyncClient(transport=transport, base_url=BASE) as browser:
            token = hidden(await browser.get("/sign-in"), "csrf")
            form = {"csrf": token, "account": "wangwei", "password": password}
            headers = {"Sec-Fetch-Site": "same-origin", "Origin": BASE}
            return (await browser.post("/sign-in", data=form, headers=headers)).status_code

    guesses = [asyncio.create_task(tried("203.0.113.9", f"guess {number}")) for number in range(500)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await tried("198.51.100.7", PASSWORD) == 303
        assert set(await asyncio.gather(*guesses)) == {403}
