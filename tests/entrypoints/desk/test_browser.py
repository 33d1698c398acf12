"""Every page in a real browser: by language, window and colours; its console, what axe finds, the keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from entrypoints.desk.serving import address_of, listening, serving
from tests.entrypoints.desk.browser import a_browser, findings, overflow, watched
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import PASSWORD

PAGES = {
    "own": (
        "/today",
        "/mine",
        "/mine?role=participant&light=green",
        "/duties/2018-05a-01",
        "/duties/2018-05a-02/report-progress",
        "/duties/2018-05a-02/request-extension",
        "/duties/2018-06-02",
    ),
    "operator": (
        "/register",
        "/register?light=green",
        "/projects/2018-05a",
        "/projects/2018-05a/milestones/2018-05a-02",
        "/projects/2018-05a/acts/rule-on-extension?milestone=2018-05a-02",
        "/projects/2018-05a/acts/check-rectification?milestone=2018-05a-02",
        "/waiting",
        "/coming",
        "/coming?days=60&to=nobody",
        "/year",
        "/year-end",
        "/events",
        "/confirmations/2018-05a/1?act=urge",
        "/today",
    ),
    "auditor": ("/as-of", "/as-of?at=2018-05-10"),
    "administrator": ("/directory", "/health"),
    "": ("/sign-in", "/set-up/first", "/set-up/of-a-person", "/set-up/unknown"),
}
LOOKS: dict[str, dict[str, Any]] = {
    "zh desktop": {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}},
    "zh phone": {"locale": "zh-CN", "viewport": {"width": 360, "height": 740}},
    "en dark": {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "en phone": {"locale": "en-GB", "viewport": {"width": 360, "height": 740}, "java_script_enabled": False},
}
SAID_ANYWAY = ("the server responded with a status of 403", "the server responded with a status of 404")
"""What a browser says of a page that is refused, which two of these are on purpose."""


@dataclass
class Served:
    """The desk on a port, and a browser."""

    browsers: Browsers
    browser: Browser
    address: str

    async def context(self, account: str, **look: Any) -> BrowserContext:
        """A window in which somebody is signed in."""
        context = await self.browser.new_context(base_url=self.address, **look)
        if account:
            secret = f"session-of-{account}"
            self.browsers.office.door.sessions[secret] = account
            await context.add_cookies([{"name": "duban-session", "value": secret, "url": self.address}])
        return context


@pytest_asyncio.fixture(scope="module")
async def served(seen: Browsers) -> AsyncIterator[Served]:
    """The desk on any free port, in a real browser."""
    door = seen.office.door
    door.links |= {"first": None, "of-a-person": "own"}
    bound = listening(seen.office.office.settings.model_copy(update={"desk_port": 0}))
    async with serving(seen.app, bound), a_browser() as browser:
        yield Served(seen, browser, address_of(bound))


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_is_whole_in_every_look(served: Served, look: str) -> None:
    """No word on the console, no request that leaves the host, nothing wider than the window."""
    said: list[str] = []
    wide, seen = [], 0
    for account, paths in PAGES.items():
        context = await served.context(account, **LOOKS[look])
        page = await watched(context, said)
        for path in paths:
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status < 500, path
            if await _overflows(page, look):
                wide.append(path)
            seen += 1
        await context.close()
    assert [line for line in said if not line.endswith(SAID_ANYWAY) and not any(s in line for s in SAID_ANYWAY)] == []
    assert wide == []
    assert seen == sum(map(len, PAGES.values()))


async def _overflows(page: Page, look: str) -> bool:
    if not LOOKS[look].get("java_script_enabled", True):
        # Without scripts the width is the picture's: a page that is wider makes a wider one.
        box = await page.locator("html").bounding_box()
        return box is not None and box["width"] > LOOKS[look]["viewport"]["width"]
    return await overflow(page) > 0


@pytest.mark.parametrize("look", ["zh phone", "en dark"])
async def test_axe_finds_nothing_serious(served: Served, look: str) -> None:
    """Names, roles, contrast, order: in light and dark, wide and narrow."""
    found: list[str] = []
    for account, paths in PAGES.items():
        context = await served.context(account, **LOOKS[look])
        page = await context.new_page()
        for path in paths:
            await page.goto(path)
            found += await findings(page)
        await context.close()
    assert found == []


async def test_a_receipt_is_signed_by_keyboard_alone(served: Served) -> None:
    """From the login to the confirmation with Tab, typing and Enter; the first Tab is the way past the menu."""
    context = await served.browser.new_context(base_url=served.address, locale="zh-CN")
    page = await context.new_page()
    await page.goto("/sign-in?next=/duties/2018-05a-03/sign-receipt")
    await page.keyboard.press("Tab")
    assert await _focused(page) == "跳到正文"
    await _tab_to(page, "account")
    await page.keyboard.type("own")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("^[^?]*/sign-receipt$"))
    await _tab_to(page, "签收")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/confirmations/**")
    assert "已办理" in await page.inner_text("h1")
    await context.close()


async def test_a_page_prints_without_its_menu_and_forms(served: Served) -> None:
    """The register on paper: its table, no menu, no filters."""
    context = await served.context("operator", locale="zh-CN")
    page = await context.new_page()
    await page.goto("/register")
    await page.emulate_media(media="print")
    assert await page.locator("table").is_visible()
    assert not await page.locator("form.filters").is_visible()
    assert not await page.locator("header nav").is_visible()
    assert (await page.pdf(format="A4"))[:5] == b"%PDF-"
    await context.close()


async def _focused(page: Page) -> str:
    told: str = await page.evaluate("document.activeElement.name || document.activeElement.innerText.trim()")
    return told


async def _tab_to(page: Page, wanted: str) -> None:
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await _focused(page) == wanted:
            return
    raise AssertionError(f"no Tab reaches {wanted}")
