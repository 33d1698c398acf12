"""Every page in a real browser: by language, window and colours; its console, what axe finds, the keyboard."""

from __future__ import annotations

import asyncio
import io
import re
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from application.desk_work.draft_plans import HandedIn, hand_in
from application.examples import file_or_example
from entrypoints.desk.act_forms import act_forms
from entrypoints.desk.plans import FILES
from entrypoints.desk.serving import address_of, listening, serving
from tests.entrypoints.desk.browser import a_browser, findings, overflow, watched
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, PASSWORD

PAGES = {
    "own": (
        "/today",
        "/mine",
        "/mine?role=participant&light=green",
        "/papers",
        "/answers",
        "/deputies",
        "/own-score?period=2018-05",
        "/calendar",
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
        "/whole-lists?what=withdrawal&year=2018",
        "/directory/erasures",
        "/scores?period=2018-05",
        "/scores?period=2018-05&department=组织部",
        "/reports?of=2018-06",
        "/reports?of=2018",
        "/plans",
        "/plans/draft",
        "/plans/draft/rehearsal",
        "/register?view=watched",
        "/many?act=silence-notices&item=2018-05a&item=2018-06",
        "/projects/2018-05a/acts/assess-confidence?milestone=2018-05a-02",
        "/events",
        "/confirmations/2018-05a/1?act=urge",
        "/today",
    ),
    "auditor": ("/as-of", "/as-of?at=2018-05-10", "/verification", "/verification/receipt"),
    "leader": ("/leader", "/calendar"),
    "administrator": ("/directory", "/health", "/channels", "/deliveries", "/logins", "/stolen-keys"),
    "": ("/sign-in", "/set-up/first", "/set-up/of-a-person", "/set-up/unknown"),
}
LOOKS: dict[str, dict[str, Any]] = {
    "zh desktop": {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}},
    "zh phone": {"locale": "zh-CN", "viewport": {"width": 360, "height": 740}},
    "en dark": {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "en phone": {"locale": "en-GB", "viewport": {"width": 360, "height": 740}, "java_script_enabled": False},
}
AXE: dict[str, tuple[str, ...]] = {"zh phone": (), "en dark": ("color-contrast", "target-size")}
"""Where axe looks: by every rule on a narrow page; in the dark by what colours and another language's length change."""
_DRAWN_IN_BLACK = """[...document.querySelectorAll('main svg text, main svg rect')]
    .some(each => getComputedStyle(each).fill === 'rgb(0, 0, 0)')"""
"""Whether something is drawn that no style gives a colour: black, which nobody sees in the dark."""
_FIELDS = "main form :is(input:not([type=hidden]), select, textarea, button)"
_CALLED = "each => each.name || each.innerText.trim()"
_RADICALS = str.maketrans("⻔⻓⻆⻩⻚⻅⻉⻋⻘⻛⻜⻝⻢⻥⻦⻨⻬", "门长角黄页见贝车青风飞食马鱼鸟麦齐")
"""What a printed glyph is read back as, where a font has one for a character and its radical."""
_LONG_TABLE_ALONE = """document.body.replaceChildren(document.querySelector('table'));
    const rows = document.querySelector('tbody'); rows.innerHTML = rows.innerHTML.repeat(60)"""
_LISTEN = (
    f"window.reached = []; document.addEventListener('focusin', at => window.reached.push(({_CALLED})(at.target)))"
)
SAID_ANYWAY = tuple(f"the server responded with a status of {status}" for status in (400, 403, 404))
"""What a browser says of a page that is refused, which some of these are on purpose."""


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
    accounts, person = seen.office.accounts, door.people["operator"]
    real = file_or_example(Path("examples/2018-key-projects.txt")).read_bytes()
    draft = await hand_in(accounts, FILES, HandedIn("通知.txt", real), person, NOW)
    await accounts.store.change(lambda rows: rows.put(draft.model_copy(update={"key": "draft"})))
    bound = listening(seen.office.office.settings.model_copy(update={"desk_port": 0}))
    async with serving(seen.app, bound), a_browser() as browser:
        yield Served(seen, browser, address_of(bound))


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_is_whole_in_every_look(served: Served, look: str) -> None:
    """Nothing on the console, from elsewhere, wider than the window or black on dark; nothing serious for axe."""
    said: list[str] = []
    wide: list[str] = []
    unstyled: list[str] = []
    found: list[str] = []
    seen = 0

    async def looked_at(account: str, paths: tuple[str, ...]) -> None:
        nonlocal seen
        context = await served.context(account, **LOOKS[look])
        page = await watched(context, said)
        for path in paths:
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status < 500, path
            if await _overflows(page, look):
                wide.append(path)
            if look == "en dark" and await page.evaluate(_DRAWN_IN_BLACK):
                unstyled.append(path)
            if look in AXE:
                found.extend(await findings(page, AXE[look]))
            seen += 1
        await context.close()

    await _side_by_side(looked_at)
    assert [line for line in said if not line.endswith(SAID_ANYWAY) and not any(s in line for s in SAID_ANYWAY)] == []
    assert wide == []
    assert unstyled == []
    assert found == []
    assert seen == sum(map(len, PAGES.values()))


async def _side_by_side(look_at: Callable[[str, tuple[str, ...]], Awaitable[None]]) -> None:
    """Look at everybody's pages, those of two persons at once: a browser has a process for each of them."""
    gate = asyncio.Semaphore(2)

    async def one(account: str, paths: tuple[str, ...]) -> None:
        async with gate:
            await look_at(account, paths)

    half = len(PAGES["operator"]) // 2
    parts = [(account, paths) for account, paths in PAGES.items() if account != "operator"]
    parts += [("operator", PAGES["operator"][:half]), ("operator", PAGES["operator"][half:])]
    await asyncio.gather(*(one(*part) for part in parts))


async def _overflows(page: Page, look: str) -> bool:
    if not LOOKS[look].get("java_script_enabled", True):
        # Without scripts the width is the picture's: a page that is wider makes a wider one.
        box = await page.locator("html").bounding_box()
        return box is not None and box["width"] > LOOKS[look]["viewport"]["width"]
    return await overflow(page) > 0


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


@pytest.mark.parametrize("account", ["operator", "own"])
async def test_every_act_s_form_is_filled_in_by_keyboard_alone(served: Served, account: str) -> None:
    """Tab reaches each field and the button of every form that the section, or a department, has."""
    place = "/projects/2018-05a/acts/{}?milestone=2018-05a-02" if account == "operator" else "/duties/2018-05a-02/{}"
    context = await served.context(account, locale="zh-CN")
    page = await context.new_page()
    tried, missed = 0, {}
    for form in act_forms().values():
        answer = await page.goto(place.format(form.path))
        assert answer is not None
        if answer.status != 200:
            continue
        tried += 1
        wanted = await page.eval_on_selector_all(_FIELDS, f"all => all.map({_CALLED})")
        await page.evaluate(_LISTEN)
        # A day has a stop for each of its parts.
        for _ in range(2 * await page.locator("a, button, input, select, textarea, summary, [tabindex]").count()):
            await page.keyboard.press("Tab")
        if missing := set(wanted) - set(await page.evaluate("window.reached")):
            missed[form.path] = missing
    assert missed == {}
    assert tried == {"operator": 24, "own": 12}[account]
    await context.close()


@pytest.mark.parametrize(
    ("account", "path"), [("operator", "/register"), ("operator", "/projects/2018-05a"), ("own", "/duties/2018-05a-02")]
)
async def test_a_print_says_what_its_page_says(served: Served, account: str, path: str) -> None:
    """On A4, letter for letter: all that stands on the page but its menu and forms, each table's head on each sheet."""
    context = await served.context(account, locale="zh-CN")
    page = await context.new_page()
    await page.goto(path)
    await page.emulate_media(media="print")
    assert not await page.locator("header nav").is_visible()
    shown, printed = _letters(await page.inner_text("body")), _letters("".join(await _sheets(page)))
    assert (shown - printed, printed - shown) == (Counter(), Counter())
    assert shown.total() > 200
    heads = await page.locator("table").first.locator("thead").inner_text()
    await page.evaluate("document.body.replaceChildren(document.querySelector('table'))")
    await page.evaluate(
        "document.querySelector('tbody').innerHTML = document.querySelector('tbody').innerHTML.repeat(60)"
    )
    sheets = await _sheets(page)
    assert len(sheets) > 2
    assert [sheet for sheet in sheets if _letters(heads) - _letters(sheet)] == []
    await context.close()


async def _sheets(page: Page) -> list[str]:
    with pdfplumber.open(io.BytesIO(await page.pdf(format="A4"))) as printed:
        assert all(abs(sheet.width - 595) < 2 and abs(sheet.height - 842) < 2 for sheet in printed.pages)
        return [sheet.extract_text() for sheet in printed.pages]


def _letters(text: str) -> Counter[str]:
    return Counter(unicodedata.normalize("NFKC", "".join(text.split())).translate(_RADICALS))


async def _focused(page: Page) -> str:
    told: str = await page.evaluate("document.activeElement.name || document.activeElement.innerText.trim()")
    return told


async def _tab_to(page: Page, wanted: str) -> None:
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await _focused(page) == wanted:
            return
    raise AssertionError(f"no Tab reaches {wanted}")
