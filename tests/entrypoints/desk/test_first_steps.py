"""The first minutes of somebody who follows the pages alone: where to begin, what was done, what to mend, how back."""

from __future__ import annotations

import re

import pytest

from domain.accounts.passwords import SHORTEST
from domain.directory.directory import Directory
from entrypoints.core_sentences import is_chinese
from entrypoints.desk import directory as directory_page
from entrypoints.desk.act_forms import ActForm, act_forms
from entrypoints.desk.pages import PAGES
from entrypoints.desk.routing import Page
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import OWN, PEOPLE, with_one_who_left
from tests.entrypoints.desk.test_access import name_of, path_of

_SHOWN = {page.path for page in PAGES if page.method == "GET"}
SENT_TO = [page for page in PAGES if page.method == "POST" and page.path not in _SHOWN]
_OF_A_FIELD = re.compile(r'class="fault" id="fault-([\w-]+)">(.*?)</(?:p|span)>\s*(?:<|$)', re.DOTALL)


async def test_the_login_of_a_new_desk_says_where_its_first_link_is(fresh: Browsers) -> None:
    """As long as nobody can come in: no administrator is there who could be asked for a link."""
    assert "还没有人能登录" not in (await fresh.new().get("/sign-in")).text
    fresh.office.door.passwords.clear()
    assert "是最后一行" in (await fresh.new().get("/sign-in")).text


async def test_what_was_entered_in_the_directory_is_said_on_the_page(fresh: Browsers) -> None:
    """After a role and after a person without a login: who has which roles now."""
    await with_one_who_left(fresh.office)
    browser = await fresh.of("administrator")
    answer = await browser.post("/directory/persons", {"name": "周七", "role": "auditor"})
    page = await browser.get(answer.headers["location"])
    assert re.search(r"已记入名册：<span[^>]*>周七</span>，现在的角色是 审计人员。", page.text)
    number = answer.headers["location"].rpartition("=")[2]
    answer = await browser.post(f"/directory/persons/{number}/roles", {"role": "operator"})
    page = await browser.get(answer.headers["location"])
    assert "现在的角色是 审计人员、督查人员。" in page.text
    assert "已记入名册" not in (await browser.get("/directory?changed=P9999")).text


async def test_of_two_buttons_of_the_first_page_one_comes_first(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is the section, then the departments' accounts; where one of them is left it bears no number."""
    administrator, section = await fresh.of("administrator"), list[str]()

    async def somebody(*_asked: object) -> list[str]:
        return ["没有人的部门"]

    monkeypatch.setattr(directory_page, "_without_anybody", somebody)
    monkeypatch.setattr(Directory, "holders", lambda *_asked: section)
    both = (await administrator.get("/directory")).text
    section.append("P1")
    alone = (await administrator.get("/directory")).text
    places = [both.index(each) for each in ("第一步：还没有督查人员", "<button>由我兼任督查人员", "第二步：给清单里的")]
    assert places == sorted(places)
    assert '<button class="plain">为这 1 个部门各开一个账号' in both
    assert "<button>为这 1 个部门各开一个账号" in alone
    assert ("第一步：" in alone, "第二步：" in alone) == (False, False)


async def test_a_receipt_is_asked_for_with_its_day_and_confirmed_with_its_duty(fresh: Browsers) -> None:
    """Until when to sign stands where one signs; what was signed, and the way back to it, where one has signed."""
    browser = await fresh.of("own")
    limit = next(each for each in (await fresh.office.known("2018-05a")).limits.values() if each.kind == "receipt")
    assert f"最早的签收时限 <strong>{limit.due_on}" in (await browser.get("/today")).text
    assert f"签收时限 {limit.due_on}" in (await browser.get("/duties/2018-05a-02")).text
    answer = await browser.post("/duties/2018-05a-02/sign-receipt", {"request_id": "desk-one"})
    page = (await browser.get(answer.headers["location"])).text
    milestone = (await fresh.office.known("2018-05a")).issued("2018-05a-02")
    assert "2018-05a-02</span>" in page
    assert milestone.description in page
    assert "签收其余2个节点" in page
    assert 'href="/duties/2018-05a-02?department=' in page


@pytest.mark.parametrize("form", act_forms().values(), ids=lambda form: form.path)
async def test_what_is_wrong_with_a_field_stands_beside_it_in_the_language_of_the_page(
    seen: Browsers, form: ActForm
) -> None:
    """Every act's form, sent empty in English."""
    path, ours = form.path, form.of_a_department
    browser = await seen.of("own" if ours else "operator")
    browser.client.cookies.set("duban-language", "en", domain="127.0.0.1")
    address = f"/duties/2018-05a-02/{path}" if ours else f"/projects/2018-05a/acts/{path}?milestone=2018-05a-02"
    answer = await browser.post(address, {"request_id": f"desk-{path}", "department": OWN if ours else ""})
    for _name, fault in _OF_A_FIELD.findall(answer.text):
        assert not is_chinese(fault), fault


async def test_a_login_that_fails_says_so_beside_the_field(seen: Browsers) -> None:
    """And so do the pages on which a password is chosen and a person is entered."""
    browser = seen.new()
    wrong = await browser.post("/sign-in", {"account": "own", "password": "wrong wrong wrong"})
    assert 'id="fault-account"' in wrong.text
    seen.office.door.links["short"] = "own"
    short = await browser.post("/set-up/short", {"password": "short"})
    assert 'id="fault-password"' in short.text
    assert f"至少 {SHORTEST} 个字符" in short.text
    nameless = await (await seen.of("administrator")).post("/directory/persons", {"role": "head"})
    assert 'id="fault-name"' in nameless.text
    assert 'id="fault-department"' in nameless.text


@pytest.mark.parametrize("page", SENT_TO, ids=name_of)
async def test_an_address_to_which_a_form_is_sent_leads_to_a_page(seen: Browsers, page: Page) -> None:
    """Who takes it from the address bar, changes the language there or comes back by a login finds the page above."""
    for account in PEOPLE:
        browser = await seen.of(account)
        answer = await browser.get(path_of(page))
        assert answer.status_code == 303
        above = await browser.client.get(answer.headers["location"], follow_redirects=True)
        assert above.status_code in (200, 403, 404)
        assert answer.headers["location"] != path_of(page)


async def test_who_was_signed_out_while_he_wrote_is_led_to_the_login_and_back(seen: Browsers) -> None:
    """What was sent without a session is refused, with the way in and back to the form's page."""
    answer = await seen.new().client.post("/duties/2018-05a-02/report-progress", data={}, headers=seen.new().headers)
    assert answer.status_code == 401
    assert 'href="/sign-in?next=%2Fduties%2F2018-05a-02%2Freport-progress"' in answer.text
