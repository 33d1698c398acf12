"""A department's own page of the directory: another name, other names, an end; and who was entered twice."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from application.accounts import first_run
from application.accounts.signing_in import Knock
from application.office.directory import directory_of
from domain.directory.directory import Directory
from domain.given_values import UnusableTextError
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.desk.accounts_door import AccountsDoor
from tests.entrypoints.desk.conftest import Browser, Browsers
from tests.entrypoints.desk.small_office import NOW, OWN, PASSWORD, small_office, with_departments, with_one_who_left

FIRST, SECOND = "/directory/departments/D0001", "/directory/departments/D0002"
LONG = "长" * 81


@pytest_asyncio.fixture
async def office(fresh: Browsers) -> Browsers:
    """An office whose directory has the department that leads a project, and one without any duty."""
    await with_one_who_left(fresh.office)
    await with_departments(fresh.office, OWN, "后勤处")
    await fresh.office.office.register.follow()
    return fresh


async def _stands(office: Browsers) -> Directory:
    return await directory_of(office.office.office.records)


async def _done(browser: Browser, path: str, **given: str) -> str:
    answer = await browser.post(path, given)
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"])).text


async def test_a_department_is_renamed_at_the_desk_and_found_by_both_names(office: Browsers) -> None:
    """The list of persons leads to it; another one takes its former name on purpose only."""
    browser = await office.of("administrator")
    assert f'href="{FIRST}"' in (await browser.get("/directory")).text
    assert re.search(
        r"已记入名册：D0001 <span[^>]*>组织人事部</span>", await _done(browser, f"{FIRST}/name", name="组织人事部")
    )
    page = (await browser.get(FIRST)).text
    assert re.search(rf"曾用名：<span[^>]*>{OWN}</span>", page)
    for name in (OWN, "组织人事部"):
        assert (await _stands(office)).department_named(name, NOW.date()).one is not None
    again = await browser.post(f"{FIRST}/name", {"name": "组织人事部"})
    assert (again.status_code, "现在的名称就是" in again.text) == (400, True)
    taken = await browser.post(f"{SECOND}/name", {"name": OWN})
    assert (taken.status_code, "的名称，还有" in taken.text) == (400, True)
    await _done(browser, f"{SECOND}/name", name=OWN, takes_over="yes")


async def test_a_department_gets_and_loses_other_names(office: Browsers) -> None:
    """Each with a button of its own; one that is there already, or gone, is refused with a sentence."""
    browser = await office.of("administrator")
    assert (await browser.post(f"{SECOND}/aliases")).status_code == 400
    await _done(browser, f"{SECOND}/aliases", alias="后勤")
    assert (await browser.post(f"{SECOND}/aliases", {"alias": "后勤"})).status_code == 400
    assert (await browser.get(SECOND)).text.count('name="taken"') == 2
    await _done(browser, f"{SECOND}/aliases/take", taken="后勤")
    assert "不必取消" in (await browser.post(f"{SECOND}/aliases/take", {"taken": "后勤"})).text
    assert (await _stands(office)).departments["D0002"].aliases == ("后勤处简称",)


async def test_a_department_is_closed_and_whoever_closes_is_told_of_its_duties(office: Browsers) -> None:
    """How many run under its name stands above the button; a later day is told."""
    browser = await office.of("administrator")
    assert re.search(r"还有它的 \d+ 项任务", (await browser.get(FIRST)).text)
    assert "项任务" not in (await browser.get(SECOND)).text
    assert (await browser.post(f"{FIRST}/close", {"last_on": "soon"})).status_code == 400
    assert "到 2018-06-30 撤销。" in await _done(browser, f"{FIRST}/close", last_on="2018-06-30")
    assert "到 2018-06-30 撤销。" in (await browser.get(FIRST)).text
    await _done(browser, "/directory/persons/P0003/roles", role="head", department="后勤处")
    assert "到 2018-06-04 撤销。" in await _done(browser, f"{SECOND}/close")
    assert "head" not in [grant.role for grant in (await _stands(office)).roles_on("P0003", NOW.date())]
    office.office.now += timedelta(days=1)
    assert f'href="{SECOND}"' not in (await browser.get("/directory")).text
    assert "现在已经撤销" in (await browser.get(SECOND)).text
    assert (await browser.get("/directory/departments/D7777")).status_code == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/directory/persons/P0003/name", "name"),
        ("/directory/persons", "name"),
        ("/directory/persons", "department"),
        (f"{FIRST}/name", "name"),
        (f"{FIRST}/aliases", "alias"),
    ],
)
async def test_what_no_name_can_be_is_refused_in_words(office: Browsers, path: str, field: str) -> None:
    """Too long, or the words that stand in an erased name's place: a sentence in the form, and no fault of the desk."""
    browser = await office.of("administrator")
    given = {"name": "周七", "role": "department", "department": "后勤处", "new_department": "yes", field: LONG}
    answer = await browser.post(path, given)
    assert (answer.status_code, "不能用，请改正：最多 80 字" in answer.text) == (400, True), answer.text
    if field == "name" and "persons" in path:
        erased = await browser.post(path, {**given, "name": "已依令删除"})
        assert (erased.status_code, "不能作姓名" in erased.text) == (400, True)


async def test_the_first_administrator_is_told_what_no_name_can_be(tmp_path: Path) -> None:
    """The link still lets him in with another name."""
    with small_office(tmp_path) as office:
        secret = await first_run.first_run_link(office.accounts, engine_now())
        assert secret is not None
        door = AccountsDoor(office.accounts, attestor_of(office.office.settings), engine_now)
        for name, refused in ((LONG, True), ("李红", False)):
            with pytest.raises(UnusableTextError) if refused else nullcontext():
                await door.set_up_first(secret.secret, name, "lihong", PASSWORD, Knock("192.0.2.7"))


async def test_a_person_who_is_sent_twice_is_entered_once(office: Browsers) -> None:
    """The same form again leads to who is there; another person of the name is entered where that is said."""
    browser, given = await office.of("administrator"), {"name": "王新", "role": "auditor"}
    first = await browser.post("/directory/persons", given)
    again = await browser.post("/directory/persons", {**given, "account": "wangxin"})
    number = first.headers["location"].rpartition("=")[2]
    assert (again.status_code, f"名册里已有王新（{number}）" in again.text) == (400, True)
    assert [each.name for each in (await _stands(office)).persons.values()].count("王新") == 1
    await _done(browser, "/directory/persons", **given, namesake="yes")
    assert (await browser.post("/directory/persons", given)).status_code == 400
    assert [each.name for each in (await _stands(office)).persons.values()].count("王新") == 2


async def test_a_last_day_that_was_entered_is_brought_forward_and_never_put_off(office: Browsers) -> None:
    """Of a person and a department: what ends with them ends sooner too; a later day is refused, and stays typed."""
    browser, li = await office.of("administrator"), "/directory/persons/P0003"
    await _done(browser, "/directory/persons/P0004/roles", role="department", department=OWN)
    for place, form in ((li, "leave"), (FIRST, "close")):
        await _done(browser, f"{place}/{form}", last_on="2018-06-30")
        assert "只能提前：请写更早的一天" in (await browser.get(place)).text
        later = await browser.post(f"{place}/{form}", {"last_on": "2018-07-31"})
        assert (later.status_code, "已登记到 2018-06-30 离开或撤销，只能提前" in later.text) == (400, True)
        assert 'value="2018-07-31"' in later.text
        await _done(browser, f"{place}/{form}", last_on="2018-06-15")
    found = await _stands(office)
    assert {each.period.until_on for each in found.grants if each.person_id == "P0003"} == {date(2018, 6, 15)}
    assert {each.period.until_on for each in found.grants if each.department_id == "D0001"} == {date(2018, 6, 15)}
    await _done(browser, f"{li}/leave")
    assert not (await _stands(office)).persons["P0003"].is_there(NOW.date())
