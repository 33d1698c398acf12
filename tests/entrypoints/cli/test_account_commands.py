"""`duban account`: an administrator opens, lists, links and closes accounts, ends logins and issues tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from application.accounts.accounts import Accounts
from application.accounts.opening import set_password
from application.accounts.signing_in import Knock, session_of, sign_in
from application.accounts.tokens import token_of
from application.settings import Settings
from domain.accounts.refusals import LockedOutError, WrongLoginError
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.accounts import open_accounts
from tests.entrypoints.cli.conftest import Answer, Duban

Result = TypeVar("Result")
PASSWORD = "four unlikely words here"
OFFICE = """类别,编号,名称,别名,账号,角色,部门,代谁办理,自,至
部门,,组织部,,,,,,2018-01-01,
人员,,李红,,,,,,2018-01-01,
人员,,王伟,,,,,,2018-01-01,
任职,,李红,,,管理员,,,2018-01-01,
任职,,王伟,,,承办人,组织部,,2018-01-01,
"""


@pytest.fixture
def office(duban: Duban, somewhere: Path, tmp_path: Path) -> Duban:
    """Call a command of accounts on an installation with a directory."""
    sheet = tmp_path / "名册.csv"
    sheet.write_text(OFFICE, encoding="utf-8")
    assert duban("directory", "import", str(sheet), "--apply", "--by", "李红", "--data", str(somewhere)).status == 0

    def call(*arguments: str) -> Answer:
        return duban("account", *arguments, "--data", str(somewhere))

    return call


def at_the_door(data: Path, work: Callable[[Accounts, datetime], Coroutine[Any, Any, Result]]) -> Result:
    """What the desk does with the accounts of the installation."""
    settings = Settings(data=data)
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        return asyncio.run(work(accounts, datetime.now(UTC)))


def test_an_account_goes_from_its_link_to_its_end(office: Duban, somewhere: Path) -> None:
    """The link sets the password, the login is listed and revoked, and a closed account lets nobody in."""
    opened = office("open", "王伟", "wangwei", "--by", "李红", "--json").document
    listed = office("list", "--json").document["accounts"]
    assert [(each["account"], each["name"], each["has_password"]) for each in listed] == [("wangwei", "王伟", False)]

    async def entering(accounts: Accounts, now: datetime) -> str:
        await set_password(accounts, opened["secret"], PASSWORD, now)
        return (await sign_in(accounts, "wangwei", PASSWORD, Knock("192.0.2.7"), now)).token

    token = at_the_door(somewhere, entering)
    login = office("sessions", "--json").document["sessions"][0]
    assert (login["account"], login["how"], login["from_address"]) == ("wangwei", "password", "192.0.2.7")
    assert login["number"] in office("sessions", "wangwei").out
    assert office("revoke", login["number"], "--json").document == {"revoked": 1}
    assert at_the_door(somewhere, lambda accounts, now: session_of(accounts, token, now)) is None
    assert office("revoke", login["number"]).status == 1
    assert "已设" in office("list").out
    nothing = office("revoke", "--all-of", "wangwei").out
    assert nothing.startswith(
        "没有停用：这个账号现在没有正在进行的登录；通行密钥、令牌和账号都没有动，要关闭账号请用 duban "
    )
    assert "已关闭" in office("close", "wangwei", "--by", "李红").out
    again = office("link", "wangwei", "--by", "李红")
    assert (again.status, "账号 wangwei 没有在这里开设" in again.err) == (1, True)


def test_a_link_is_told_with_the_way_to_it(office: Duban) -> None:
    """For a person, the link is one line with what to do; another one is another secret."""
    opened = office("open", "王伟", "wangwei", "--by", "李红")
    linked = office("link", "wangwei", "--by", "李红")
    for answer in (opened, linked):
        assert "：http://127.0.0.1:8600/set-up/" in answer.out
        assert "交给本人" in answer.out
    assert opened.out != linked.out


def test_a_token_is_told_once_and_ends_as_it_was_told(office: Duban, somewhere: Path) -> None:
    """It has one department of its person; revoked by its number it is worth nothing."""
    office("open", "王伟", "wangwei", "--by", "李红")
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    asked = ("token", "wangwei", "报送程序", "--until", day, "--by", "李红")
    issued = office(*asked, "--department", "组织部", "--json").document
    who = at_the_door(somewhere, lambda accounts, now: token_of(accounts, issued["secret"], now))
    assert who is not None
    assert (who.name, who.departments) == ("王伟", ("组织部",))
    assert issued["secret"] not in office("sessions").out

    linked = office("link", "wangwei", "--by", "李红", "--json").document

    async def with_a_new_password(accounts: Accounts, now: datetime) -> object:
        await set_password(accounts, linked["secret"], PASSWORD, now)
        return await token_of(accounts, issued["secret"], now)

    # A new password does not end it, which the answer says, with its number.
    assert linked["still_valid"] == [issued["number"]]
    assert at_the_door(somewhere, with_a_new_password) is not None
    assert issued["number"] in office("link", "wangwei", "--by", "李红").out
    assert office("revoke", issued["number"]).status == 0
    assert office("link", "wangwei", "--by", "李红", "--json").document["still_valid"] == []
    assert at_the_door(somewhere, lambda accounts, now: token_of(accounts, issued["secret"], now)) is None
    told = office(*asked, "--department", "组织部")
    assert "只显示这一次" in told.out
    assert office(*asked, "--role", "审计人员").status == 1
    assert office(*asked, "--role", "承办人").status == 2
    assert office(*asked).status == 2


def test_wrong_tries_are_told_by_the_hour_and_without_their_accounts(office: Duban, somewhere: Path) -> None:
    """Nobody learns from the list whose password somebody tried; an address that has to wait is named."""

    async def trying(accounts: Accounts, now: datetime) -> None:
        for at in range(101):
            with suppress(WrongLoginError):
                await sign_in(accounts, f"guess-{at}", PASSWORD, Knock("192.0.2.7"), now)

    with pytest.raises(LockedOutError):
        at_the_door(somewhere, trying)
    told = office("tries", "--json").document
    assert [each["failed"] for each in told["hours"]] == [100]
    shown = office("tries").out
    assert "100" in shown
    assert "guess" not in shown + str(told)


@pytest.mark.parametrize("asked", [("open", "王伟", "wangwei"), ("close", "wangwei"), ("link", "wangwei")])
def test_only_an_administrator_gives_and_takes_accounts(office: Duban, asked: tuple[str, ...]) -> None:
    """Somebody of a department is refused, in a sentence, and nothing is changed."""
    office("open", "李红", "lihong", "--by", "李红")
    before = office("list", "--json").document
    refused = office(*asked, "--by", "王伟")
    assert refused.status == 1
    assert "管理员" in refused.err or "没有在这里开设" in refused.err
    assert office("list", "--json").document == before
