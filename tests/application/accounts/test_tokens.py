"""Tokens of programs: bound to one thing that a person has, told once, dead at their end or when he loses it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from application.accounts.accounts import Accounts, revoke_by_number
from application.accounts.opening import close_account, open_account
from application.accounts.tokens import AskedToken, issue_token, token_of, tokens_of
from application.office.directory import change_directory
from application.settings import Settings
from domain.accounts.refusals import (
    AccountClosedError,
    BeyondRightsError,
    UnknownSessionError,
    UnusableEndError,
)
from domain.accounts.tokens import ApiToken
from domain.directory import changes
from domain.directory.authority import NotAnAdministratorError
from tests.application.accounts.office import NOW, asking, later

END = NOW + timedelta(days=90)


async def test_a_token_has_one_department_of_its_person_and_nothing_else(
    accounts: Accounts, settings: Settings
) -> None:
    """A person of two departments gives a program one of them; the secret is told once and not kept."""
    await change_directory(
        accounts.records,
        asking(),
        lambda draft: changes.give_role(
            draft, "P0002", "department", department_id=changes.open_department(draft, "宣传部")
        ),
    )
    await open_account(accounts, "王伟", "wangwei", asking(), NOW)
    issued = await issue_token(accounts, AskedToken("wangwei", "报送程序", END, "组织部"), asking(), NOW)
    who = await token_of(accounts, issued.secret, later(days=1))
    assert who is not None
    assert (who.how, who.person_id, who.roles, who.departments) == ("token", "P0002", ("department",), ("组织部",))
    assert await token_of(accounts, issued.secret, END) is None
    assert await token_of(accounts, issued.secret + "x", NOW) is None
    assert issued.secret not in repr(issued)
    kept = settings.accounts_file.read_bytes() + settings.accounts_file.with_name("accounts.db-wal").read_bytes()
    assert issued.token.key.encode() in kept
    assert issued.secret.encode() not in kept


async def test_a_token_never_has_more_than_its_person(accounts: Accounts) -> None:
    """It is not issued for what he has not, and is dead from the day on which he loses it."""
    await open_account(accounts, "李红", "lihong", asking(), NOW)
    with pytest.raises(BeyondRightsError, match="审计人员"):
        await issue_token(accounts, AskedToken("lihong", "审计", END, role="auditor"), asking(), NOW)
    with pytest.raises(BeyondRightsError, match="组织部的承办人"):
        await issue_token(accounts, AskedToken("lihong", "报送", END, "组织部"), asking(), NOW)
    issued = await issue_token(accounts, AskedToken("lihong", "大屏", END, role="operator"), asking(), NOW)
    who = await token_of(accounts, issued.secret, NOW)
    assert who is not None
    assert who.roles == ("operator",)
    await change_directory(accounts.records, asking(), lambda draft: changes.take_role(draft, "P0001", "operator"))
    assert await token_of(accounts, issued.secret, later(days=1)) is None


async def test_tokens_are_listed_and_revoked(accounts: Accounts) -> None:
    """A revoked one does not hold any more; a closed account takes its tokens with it."""
    await open_account(accounts, "李红", "lihong", asking(), NOW)
    asked = AskedToken("lihong", "大屏", END, role="operator")
    first, second = [await issue_token(accounts, asked, asking(), NOW) for _ in range(2)]
    listed = {token.number for token in await tokens_of(accounts, "lihong", NOW)}
    assert listed == {first.token.number, second.token.number}
    await revoke_by_number(accounts, ApiToken, first.token.number)
    assert await token_of(accounts, first.secret, NOW) is None
    with pytest.raises(UnknownSessionError):
        await revoke_by_number(accounts, ApiToken, first.token.number)
    await close_account(accounts, "lihong", asking(), NOW)
    assert await token_of(accounts, second.secret, NOW) is None


async def test_a_token_needs_an_end_an_account_and_an_administrator(accounts: Accounts) -> None:
    """Without an end within a year, for an account of nobody, or asked for by anybody else, none is issued."""
    await open_account(accounts, "李红", "lihong", asking(), NOW)
    for ends_at in (NOW, NOW + timedelta(days=400)):
        with pytest.raises(UnusableEndError):
            await issue_token(accounts, AskedToken("lihong", "大屏", ends_at, role="operator"), asking(), NOW)
    with pytest.raises(AccountClosedError):
        await issue_token(accounts, AskedToken("nobody", "大屏", END, role="operator"), asking(), NOW)
    with pytest.raises(NotAnAdministratorError):
        await issue_token(accounts, AskedToken("lihong", "大屏", END, role="operator"), asking("王伟"), NOW)
