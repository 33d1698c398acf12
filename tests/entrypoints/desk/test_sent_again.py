"""The same act sent again from a form that was opened anew: in a real browser by Back, and as a form alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import pytest
import pytest_asyncio

from application.office.sent_again import JUST_NOW
from domain.ports.register import DutyPage, DutyQuery
from tests.entrypoints.desk.browser import pressed
from tests.entrypoints.desk.conftest import Browser, Browsers, hidden, opened
from tests.entrypoints.desk.served import Served, desk_in_a_browser

DUTY: Final = "/duties/2018-05a-02"
FORM: Final = f"{DUTY}/report-progress"


@pytest_asyncio.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """The desk in a real browser."""
    async for browsers in opened(tmp_path_factory.mktemp("again")):
        async with desk_in_a_browser(browsers) as served:
            yield served


def _reports(browsers: Browsers) -> int:
    return sum(each.type == "ProgressReported" for each in browsers.office.office.records.ledger.entries())


def _entries(browsers: Browsers) -> int:
    return len(list(browsers.office.office.records.ledger.entries()))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_back_and_sent_again_is_the_same_act(served: Served, scripts: bool) -> None:
    """The browser keeps his words and draws the form anew: the same button has the same answer, other words another."""
    context = await served.context("own", locale="zh-CN", java_script_enabled=scripts)
    page, before = await context.new_page(), _reports(served.browsers)
    await page.goto(DUTY)
    await page.goto(FORM)
    words = f"办了三场，{scripts}"
    await page.fill("#field-text", words)
    await pressed(page, "main form button")
    first = page.url
    await page.go_back()
    assert "内容相同的再交，仍是这一项" in await page.inner_text("main")
    assert await page.input_value("#field-text") == words
    await pressed(page, "main form button")
    assert (page.url, _reports(served.browsers)) == (first, before + 1)
    await page.go_back()
    await page.fill("#field-text", f"{words}，又办了一场")
    await pressed(page, "main form button")
    assert _reports(served.browsers) == before + 2
    await context.close()


async def _sent(browser: Browser, path: str, **words: str) -> str:
    """Open a form and send it: where its answer is."""
    page = await browser.get(path)
    values = {**words, "request_id": hidden(page, "request_id"), "seen": hidden(page, "seen")}
    answer = await browser.post(path, values)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_what_happened_since_makes_the_same_words_another_act(fresh: Browsers) -> None:
    """Somebody else's act about the same duty, or more than a while between: what is said again is meant again."""
    own, operator, said = await fresh.of("own"), await fresh.of("operator"), {"text": "办了三场"}
    first = await _sent(own, FORM, **said)
    assert await _sent(own, FORM, **said) == first
    await _sent(operator, "/projects/2018-05a/acts/urge?milestone=2018-05a-01", reason="请抓紧")
    assert await _sent(own, FORM, **said) == first, "it was about something else"
    await _sent(operator, "/projects/2018-05a/acts/urge?milestone=2018-05a-02", reason="请抓紧")
    second = await _sent(own, FORM, **said)
    assert second != first
    fresh.office.now += JUST_NOW + timedelta(seconds=1)
    assert await _sent(own, FORM, **said) not in (first, second)


async def test_what_was_given_before_another_act_of_the_same_person_is_asked_about_and_never_swallowed(
    fresh: Browsers,
) -> None:
    """Two tabs, and the first thing again: he is told, and may give it once more; the form itself stays its act."""
    own, first, second = await fresh.of("own"), {"text": "办了三场"}, {"text": "办了四场"}
    page = await own.get(FORM)
    drawn = {"request_id": hidden(page, "request_id"), "seen": hidden(page, "seen")}
    answers = [(await own.post(FORM, {**first, **drawn})).headers["location"], await _sent(own, FORM, **second)]
    page = await own.get(FORM)
    anew = {**first, "request_id": hidden(page, "request_id"), "seen": hidden(page, "seen")}
    asked = await own.post(FORM, anew)
    assert (asked.status_code, _reports(fresh)) == (400, 2)
    assert "已经办理过内容完全相同的一项，随后又办了别的，这次没有重复办理" in asked.text
    assert (await own.post(FORM, {**first, **drawn})).headers["location"] == answers[0]
    assert _reports(fresh) == 2
    once_more = await own.post(FORM, {**anew, "once_more": hidden(asked, "once_more")})
    assert once_more.headers["location"] not in answers
    assert _reports(fresh) == 3
    assert (await own.post(FORM, anew)).headers["location"] == once_more.headers["location"]
    assert _reports(fresh) == 3


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_back_and_sent_again_is_the_same_for_many(served: Served, scripts: bool) -> None:
    """Urged together, and a deputy in all projects: after Back the same button answers the same, other words anew."""
    urged = "/many?act=urge&item=2018-05a&item=2018-06"
    fields = {"deputy_department": "办公室", "from_on": "2018-06-10", "until_on": "2018-06-20"}
    for account, path, filled_in, reason in (
        ("operator", urged, {}, f"请抓紧，{scripts}"),
        ("own", "/deputies", fields, f"出差，{scripts}"),
    ):
        context = await served.context(account, locale="zh-CN", java_script_enabled=scripts)
        page = await context.new_page()
        await page.goto("/")
        await page.goto(path)
        for name, value in {**filled_in, "reason": reason}.items():
            await page.fill(f"#field-{name}", value)
        button, before = "main form.narrow button", _entries(served.browsers)
        await pressed(page, button)
        told, once = await page.inner_text("main table"), _entries(served.browsers)
        assert once > before
        await page.go_back()
        assert await page.input_value("#field-reason") == reason
        await pressed(page, button)
        assert (await page.inner_text("main table"), _entries(served.browsers)) == (told, once)
        await page.go_back()
        await page.fill("#field-reason", f"{reason}，再次")
        await pressed(page, button)
        assert _entries(served.browsers) > once
        await context.close()


async def test_a_directive_sent_again_is_the_one_that_was_given(fresh: Browsers) -> None:
    """Its form is drawn anew by Back, under another id: the same words are given once, other ones are another one."""
    leader, said = await fresh.of("leader"), {"project": "2018-05a", "seen": "0", "answer_by": ""}
    for number, (text, given) in enumerate((("请抓紧", 1), ("请抓紧", 1), ("请抓紧，再报", 2))):
        answer = await leader.post("/leader/directives", {**said, "text": text, "request_id": f"desk-{number}"})
        assert answer.headers["location"] == "/leader?done=2018-05a#told"
        assert _directives(fresh) == given


def _directives(browsers: Browsers) -> int:
    return sum(each.type == "DirectiveIssued" for each in browsers.office.office.records.ledger.entries())


async def test_a_bulletin_sent_again_is_the_one_that_was_published(fresh: Browsers) -> None:
    """Its form is drawn anew by Back: the answer is the same, and no refusal that it was published before."""
    operator = await fresh.of("operator")
    said = {"kind-1": "criticism", "about-1": "组织部", "text-1": "反馈不及时", "project-1": "2018-05a"}
    said |= {"of": "2018-05", "publish-1": "yes"}
    page = await operator.get("/reports?of=2018-05")
    answers = [
        await operator.post("/reports/publish", {**said, "request_id": f"{hidden(page, 'request_id')}-{number}"})
        for number in range(2)
    ]
    assert [each.status_code for each in answers] == [303, 303]
    assert len({each.headers["location"] for each in answers}) == 1
    assert sum(each.type == "BulletinPublished" for each in fresh.office.office.records.ledger.entries()) == 1


async def test_a_deputy_is_dismissed_once_however_often_the_same_form_is_sent(fresh: Browsers) -> None:
    """After a second click, or Back, the answer is the same; where somebody appointed him since, it is another act."""
    own = await fresh.of("own")
    days = {"from_on": "2018-06-10", "until_on": "2018-06-20", "reason": "出差"}
    whom = {"department": "组织部", "deputy_department": "办公室"}
    await own.post("/deputies", {**whom, **days, "request_id": "desk-1"})
    once = await own.post("/deputies/dismiss", {**whom, "request_id": "desk-2"})
    entries = _entries(fresh)
    clicked = await own.post("/deputies/dismiss", {**whom, "request_id": "desk-2"})
    again = await own.post("/deputies/dismiss", {**whom, "request_id": "desk-3"})
    assert "2 个都已办理" in once.text
    assert _main(clicked.text) == _main(again.text) == _main(once.text)
    assert _entries(fresh) == entries
    await own.post("/deputies", {**whom, **days, "reason": "再次出差", "request_id": "desk-4"})
    between = _entries(fresh)
    assert "2 个都已办理" in (await own.post("/deputies/dismiss", {**whom, "request_id": "desk-5"})).text
    assert _entries(fresh) == between + between - entries
    fresh.office.now += JUST_NOW + timedelta(seconds=1)
    assert "没有可以办理的项目" in (await own.post("/deputies/dismiss", {**whom, "request_id": "desk-6"})).text


def _main(page: str) -> str:
    return page.partition("<main")[2]


async def test_all_signed_by_a_second_click_is_signed_once(fresh: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """It finds the list as it was before the first one, and is told what that did: nothing is called refused."""
    own, register = await fresh.of("own"), fresh.office.office.register
    unsigned = await register.duties(DutyQuery(department="组织部", open=True, signed=False))
    first, once = await own.post("/today/sign", {"department": "组织部"}), _entries(fresh)

    async def not_followed(*_asked: object) -> DutyPage:
        return unsigned

    monkeypatch.setattr(type(register), "duties", not_followed)
    again = await own.post("/today/sign", {"department": "组织部"})
    assert "已签收 6 项：2 个项目中的 2 个。" in first.text
    assert "已签收 6 项：2 个项目中的 2 个。" in again.text
    assert _entries(fresh) == once


async def test_another_person_s_same_words_are_his_own_act(fresh: Browsers) -> None:
    """A colleague of the same department writes the same: two acts, each under its own name."""
    fresh.office.door.person("colleague", "赵四", "department", departments=("组织部",))
    own, colleague, before = await fresh.of("own"), await fresh.of("colleague"), _reports(fresh)
    assert await _sent(own, FORM, text="办了三场") != await _sent(colleague, FORM, text="办了三场")
    assert _reports(fresh) == before + 2
