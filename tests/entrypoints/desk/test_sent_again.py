"""The same act sent again from a form that was opened anew: in a real browser by Back, and as a form alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import pytest
import pytest_asyncio

from application.office.sent_again import JUST_NOW
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


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_back_and_sent_again_is_the_same_act(served: Served, scripts: bool) -> None:
    """The browser keeps his words and draws the form anew: the same button has the same answer, other words another."""
    context = await served.context("own", locale="zh-CN", java_script_enabled=scripts)
    page, before = await context.new_page(), _reports(served.browsers)
    await page.goto(DUTY)
    await page.goto(FORM)
    words = f"办了三场，{scripts}"
    await page.fill("#field-text", words)
    await page.click("main form button")
    await page.wait_for_load_state()
    first = page.url
    await page.go_back()
    assert "内容相同的再交，仍是这一项" in await page.inner_text("main")
    assert await page.input_value("#field-text") == words
    await page.click("main form button")
    assert (page.url, _reports(served.browsers)) == (first, before + 1)
    await page.go_back()
    await page.fill("#field-text", f"{words}，又办了一场")
    await page.click("main form button")
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


async def test_another_person_s_same_words_are_his_own_act(fresh: Browsers) -> None:
    """A colleague of the same department writes the same: two acts, each under its own name."""
    fresh.office.door.person("colleague", "赵四", "department", departments=("组织部",))
    own, colleague, before = await fresh.of("own"), await fresh.of("colleague"), _reports(fresh)
    assert await _sent(own, FORM, text="办了三场") != await _sent(colleague, FORM, text="办了三场")
    assert _reports(fresh) == before + 2
