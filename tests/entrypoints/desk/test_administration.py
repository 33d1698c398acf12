"""An administrator's desk: routes with a trial to each, where messages are and why, logins and tokens to be ended."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from application.office.directory import directory_of
from application.office.readers_mail import MailBook
from domain.accounts.lock_outs import Tries
from domain.papers.delivery import MessageFailedForGood, MessageGathered
from domain.ports.channel import Answer, Message
from entrypoints.bootstrap import engine_now
from entrypoints.desk.app import desk_application
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import (
    NOW,
    at_the_door,
    projects,
    small_office,
    with_one_who_left,
    with_people,
)
from tests.entrypoints.desk.test_year_pages import exported, shown_rows

ROUTES = """channels:
  mail: {kind: email, host: 127.0.0.1, port: 25, security: none, sender: duban@example.org}
readers:
  张三: {reads: [组织部], to: [{channel: mail, address: zhangsan@example.org}]}
"""


@pytest_asyncio.fixture
async def with_routes(tmp_path: Path) -> AsyncIterator[Browsers]:
    """An office with a file of channels."""
    file = tmp_path / "channels.yaml"
    file.write_text(ROUTES, encoding="utf-8")
    with small_office(tmp_path, channels=str(file)) as office:
        with_people(office)
        await office.take(*projects())
        yield Browsers(office, desk_application(office.office, office.door, office.accounts))


class TakingChannel:
    """Takes every message, or none."""

    def __init__(self, outcome: Any) -> None:
        self.answer = Answer(outcome=outcome, reference="250 ok") if outcome == "accepted" else Answer(outcome=outcome)
        self.closed = False

    async def send(self, message: Message, address: str | None) -> Answer:
        assert message.message_id.startswith("trial/")
        assert address == "zhangsan@example.org"
        return self.answer

    async def close(self) -> None:
        self.closed = True


async def test_a_trial_says_of_each_way_whether_it_was_taken(
    with_routes: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The routes without any address; a trial to a reader by his ways; an unknown reader is said; nothing recorded."""
    channel = TakingChannel("accepted")
    monkeypatch.setattr("entrypoints.desk.channels.open_channels", lambda *_: {"mail": channel})
    browser = await with_routes.of("administrator")
    page = (await browser.get("/channels")).text
    assert "张三" in page
    assert "zhangsan@example.org" not in page
    before = len(list(with_routes.office.office.records.ledger.entries()))
    tried = await browser.post("/channels", {"reader": "张三"})
    assert shown_rows(tried.text, "试发结果")[1] == ["mail", "对方已收下", "250 ok"]
    assert channel.closed
    assert "没有这位收件人" in (await browser.post("/channels", {"reader": "王五"})).text
    assert len(list(with_routes.office.office.records.ledger.entries())) == before


async def test_deliveries_say_where_each_message_is_and_why(fresh: Browsers) -> None:
    """One that was refused for good, with why and what comes next; filtered; the table equals its export."""
    browser, book = await fresh.of("administrator"), MailBook(fresh.office.office.records, lambda: NOW)
    assert "没有这样的消息" in (await browser.get("/deliveries")).text
    gathered = {"message_id": "m1", "digests": ("d1",), "papers": 3, "urgent": False, "after": 0}
    await book.write("张三", MessageGathered, "gathered", **gathered)
    refused = {"message_id": "m1", "channel": "mail", "reason": "550 没有这个地址", "address_refused": True}
    await book.write("张三", MessageFailedForGood, "answered", **refused)
    page = (await browser.get("/deliveries")).text
    rows = await exported(browser, "/deliveries")
    assert shown_rows(page, "发送情况") == rows
    assert rows[1][0] == "张三"
    goes_on = "这个通道不再试，随即自动改用这位收件人的下一个通道，没有下一个的只能在督办平台看到，急的请另行通知收件人"
    assert rows[1][4:] == ["不能送达", "0", f"550 没有这个地址；{goes_on}"]
    assert len(await exported(browser, "/deliveries?state=accepted")) == 1
    assert len(await exported(browser, "/deliveries?reader=张三")) == 2


async def test_a_login_is_ended_and_a_token_revoked(fresh: Browsers) -> None:
    """Each stands in its list without its secret, and is gone afterwards; one that is gone already is said."""
    await at_the_door(fresh.office.accounts)
    browser = await fresh.of("administrator")
    page = (await browser.get("/logins")).text
    for told in ("10.0.0.7", "办公系统", "审计人员"):
        assert told in page
    assert "a" * 64 not in page
    ends = re.findall(r'action="(/(?:logins|tokens)/[^"]+)"', page)
    assert len(ends) == 2
    for path in ends:
        assert (await browser.post(path)).status_code == 303
        assert (await browser.post(path)).status_code == 400
    page = (await browser.get("/logins")).text
    assert "没有人在登录" in page
    assert "没有令牌" in page


async def test_the_addresses_that_have_to_wait_are_taken_away_as_they_are_shown(fresh: Browsers) -> None:
    """After too many wrong passwords from one address: a table, and the same as a file."""

    now = engine_now()
    hour = now + timedelta(hours=1)
    many = Tries(key="address 10.9.9.9", ends_at=hour, subject="address", count=1_000, last_at=now)
    await fresh.office.accounts.store.change(lambda rows: rows.put(many))
    browser = await fresh.of("administrator")
    rows = await exported(browser, "/logins/waiting")
    assert rows == [["来自"], ["10.9.9.9"]]
    assert shown_rows((await browser.get("/logins")).text, "密码试错太多、须等一会儿的地址") == rows


async def test_a_department_of_a_role_is_known_or_said_to_be_new(fresh: Browsers) -> None:
    """A slip of the pen opens no department: the page asks, with the near name; said to be new, it is taken in."""
    await with_one_who_left(fresh.office)
    await fresh.office.office.register.follow()
    browser = await fresh.of("administrator")

    async def departments() -> list[str]:
        return [each.name for each in (await directory_of(fresh.office.office.records)).departments.values()]

    slip = {"name": "周七", "role": "head", "department": "组识部"}
    for path in ("/directory/persons", "/directory/persons/P0003/roles"):
        answer = await browser.post(path, slip)
        assert (answer.status_code, "名称相近的有“组织部”" in answer.text) == (400, True), answer.text
        assert await departments() == []
    running = await browser.post("/directory/persons", {**slip, "department": "组织部"})
    assert running.status_code == 303, running.text
    new = await browser.post("/directory/persons/P0003/roles", {**slip, "new_department": "yes"})
    assert new.status_code == 303, new.text
    assert await departments() == ["组织部", "组识部"]


async def test_nothing_that_is_written_beside_a_role_is_left_out_without_a_word(fresh: Browsers) -> None:
    """An auditor of a department, a clerk who acts for somebody: neither is what was meant; what was typed stays."""
    await with_one_who_left(fresh.office)
    browser = await fresh.of("administrator")
    for path in ("/directory/persons", "/directory/persons/P0003/roles"):
        answer = await browser.post(path, {"name": "周七", "role": "auditor", "department": "组织部"})
        assert (answer.status_code, "这个角色不属于哪个部门" in answer.text) == (400, True), answer.text
        assert 'value="组织部"' in answer.text
    answer = await browser.post("/directory/persons/P0003/roles", {"role": "deputy", "principal": "李红"})
    assert (answer.status_code, "没有写日期" in answer.text, "看不懂" in answer.text) == (400, True, False)
    given = {"role": "operator", "principal": "李红"}
    answer = await browser.post("/directory/persons/P0003/roles", given)
    assert (answer.status_code, "只有代办人写代谁办理" in answer.text) == (400, True)
    assert 'value="李红"' in answer.text
