"""A person's own page of the directory: roles given and ended, a new name, that somebody leaves, each at the desk."""

from __future__ import annotations

import re

import pytest_asyncio

from application.office.directory import directory_of
from domain.directory.directory import Directory
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, with_one_who_left

TYPED = {"role": "", "department": "组织部", "new_department": "yes", "until_on": "2018-7-1"}
LI, ADMINISTRATOR = "/directory/persons/P0003", "/directory/persons/P0006"


@pytest_asyncio.fixture
async def office(fresh: Browsers) -> Browsers:
    """An office whose directory has those who may erase names, and one who has left."""
    await with_one_who_left(fresh.office)
    await fresh.office.office.register.follow()
    return fresh


async def _stands(office: Browsers) -> Directory:
    return await directory_of(office.office.office.records)


async def _roles(office: Browsers, number: str) -> list[str]:
    return [grant.role for grant in (await _stands(office)).roles_on(number, NOW.date())]


async def test_a_role_is_ended_at_once_from_the_page_of_its_person(office: Browsers) -> None:
    """The list leads to the person, whose roles each have a button; pressed a second time, it says that it was done."""
    browser = await office.of("administrator")
    assert f'href="{LI}"' in (await browser.get("/directory")).text
    ends = re.findall(rf'action="({LI}/roles/\d+/end)"', (await browser.get(LI)).text)
    assert len(ends) == len(await _roles(office, "P0003")) == 1
    told = await browser.get((await browser.post(ends[0])).headers["location"])
    assert "李四</span>，现在的角色是 还没有角色。" in told.text
    assert await _roles(office, "P0003") == []
    again = await browser.post(ends[0])
    assert (again.status_code, "这个角色已经终止" in again.text) == (400, True)


async def test_the_last_administrator_ends_his_own_role_neither_way(office: Browsers) -> None:
    """Ended or left: refused with a sentence, and he keeps it."""
    browser = await office.of("administrator")
    for path in (*re.findall(rf'action="({ADMINISTRATOR}/roles/\d+/end)"', (await browser.get(ADMINISTRATOR)).text),):
        assert (await browser.post(path)).status_code == 400
    assert (await browser.post(f"{ADMINISTRATOR}/leave")).status_code == 400
    assert "administrator" in await _roles(office, "P0006")


async def test_what_is_wrong_with_a_role_stands_where_it_was_typed(office: Browsers) -> None:
    """At the fields of this person's page, with what was typed into the others: not in the form for a new person."""
    browser = await office.of("administrator")
    page = (await browser.post(f"{LI}/roles", TYPED)).text
    assert "登记一位人员" not in page
    for fault in ('fault-role">.*请选择角色。', 'fault-until_on">.*看不懂这个日期'):
        assert re.search(fault, page), fault
    assert re.search(r'id="field-department"[^>]*value="组织部"', page)
    assert re.search(r'name="new_department"[^>]* checked', page)
    deputy = (await browser.post(f"{LI}/roles", {"role": "deputy"})).text
    assert "请写代谁办理。" in deputy
    assert "没有写日期" in deputy


async def test_a_deputy_s_role_is_given_with_whom_he_acts_for_and_until_when(office: Browsers) -> None:
    """By the principal's name; the page says for whom."""
    browser = await office.of("administrator")
    given = {"role": "deputy", "principal": "李四", "until_on": "2018-06-30"}
    assert (await browser.post("/directory/persons/P0006/roles", given)).status_code == 303
    page = (await browser.get("/directory/persons/P0006")).text
    assert re.search(r"代办人.*?李四.*?2018-06-30", page, re.DOTALL)
    assert (await _stands(office)).principals_of("P0006", NOW.date()) == ("P0003",)


async def test_a_person_is_renamed_and_leaves(office: Browsers) -> None:
    """Another name under the same number; gone from the list at once, or after a day that is told meanwhile."""
    browser = await office.of("administrator")
    assert (await browser.post(f"{LI}/name", {"name": ""})).status_code == 400
    renamed = await browser.get((await browser.post(f"{LI}/name", {"name": "李思"})).headers["location"])
    assert "李思</span>，现在的角色是 督查人员。" in renamed.text
    assert (await browser.post(f"{LI}/leave", {"last_on": "soon"})).status_code == 400
    later = await browser.get((await browser.post(f"{LI}/leave", {"last_on": "2018-06-30"})).headers["location"])
    assert "到 2018-06-30 离开。" in later.text
    assert "到 2018-06-30 离开。" in (await browser.get(LI)).text
    second = "/directory/persons/P0004"
    gone = await browser.get((await browser.post(f"{second}/leave")).headers["location"])
    assert re.search(r"已记入名册：<span[^>]*>[^<]+</span>已离开，角色和账号一并终止。", gone.text)
    assert f'href="{second}"' not in gone.text
    assert "现在不在岗" in (await browser.get(second)).text
    assert (await browser.get("/directory/persons/P7777")).status_code == 404
