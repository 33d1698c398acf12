"""The desk in a real browser: acts by keyboard alone, and what a print says."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator

import pdfplumber
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bench.patience import PATIENCE_SECONDS
from entrypoints.desk.act_forms import act_forms
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.served import Served, desk_in_a_browser
from tests.entrypoints.desk.small_office import PASSWORD, with_one_who_left

_FIELDS = "main form :is(input:not([type=hidden]), select, textarea, button)"
_STOPS_AT_ONCE = 8
_CALLED = "each => each.name || each.innerText.trim()"
_RADICALS = str.maketrans("⻔⻓⻆⻩⻚⻅⻉⻋⻘⻛⻜⻝⻢⻥⻦⻨⻬", "门长角黄页见贝车青风飞食马鱼鸟麦齐")
"""What a printed glyph is read back as, where a font has one for a character and its radical."""
_LONG_TABLE_ALONE = """document.body.replaceChildren(document.querySelector('table'));
    const rows = document.querySelector('tbody'); rows.innerHTML = rows.innerHTML.repeat(60)"""
_LISTEN = (
    f"window.reached = []; document.addEventListener('focusin', at => window.reached.push(({_CALLED})(at.target)))"
)


@pytest_asyncio.fixture(scope="module")
async def served(seen: Browsers) -> AsyncIterator[Served]:
    """The desk in a real browser."""
    async with desk_in_a_browser(seen) as served:
        yield served


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
        stops = 2 * await page.locator("a, button, input, select, textarea, summary, [tabindex]").count()
        missing = set(wanted)
        while missing and stops > 0:
            for _ in range(min(stops, _STOPS_AT_ONCE)):
                await page.keyboard.press("Tab")
            stops -= _STOPS_AT_ONCE
            missing -= set(await page.evaluate("window.reached"))
        if missing:
            missed[form.path] = missing
    assert missed == {}
    assert tried == {"operator": 24, "own": 12}[account]
    await context.close()


@pytest.mark.parametrize(
    ("account", "path"),
    [
        ("operator", "/register"),
        ("operator", "/projects/2018-05a"),
        ("operator", "/reports?of=2018-05"),
        ("own", "/duties/2018-05a-02"),
    ],
)
async def test_a_print_says_what_its_page_says(served: Served, account: str, path: str) -> None:
    """On A4, letter for letter: all that stands on the page but its menu, files and acts; heads on each sheet."""
    context = await served.context(account, locale="zh-CN")
    page = await context.new_page()
    await page.goto(path)
    await page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<a href=http://x>链接</a>')")
    await page.emulate_media(media="print")
    assert not await page.locator("header nav").is_visible()
    assert "xlsx" not in await page.inner_text("body")
    written = await page.eval_on_selector_all(
        "textarea", "all => all.filter(e => e.checkVisibility()).map(e => e.value)"
    )
    assert bool(written) == path.startswith("/reports")
    shown = _letters("".join([await page.inner_text("body"), *written]))
    printed = _letters("".join(await _sheets(page)))
    again = printed - shown
    for head in map(_letters, await page.locator("thead").all_inner_texts()):
        if not head - again:  # its table goes on on another sheet
            again -= head
    assert (shown - printed, again) == (Counter(), Counter())
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


async def test_a_print_of_a_list_s_doubts_has_the_readings_that_each_offers(served: Served) -> None:
    """What is ruled on is brought to a table on paper: the words stand there, without the buttons that choose them."""
    context = await served.context("operator", locale="zh-CN")
    page = await context.new_page()
    await page.goto("/plans/draft")
    await page.emulate_media(media="print")
    assert "只在本句时限内" in await page.locator("form.draft").inner_text()
    assert not await page.locator("form.draft input[type=radio]").first.is_visible()
    await context.close()


async def _sheets(page: Page) -> list[str]:
    with pdfplumber.open(io.BytesIO(await page.pdf(format="A4"))) as printed:
        assert all(abs(sheet.width - 595) < 2 and abs(sheet.height - 842) < 2 for sheet in printed.pages)
        texts = [sheet.extract_text() for sheet in printed.pages]
        numbers = [f"\n{number} / {len(texts)}" for number in range(1, len(texts) + 1)]
        assert [text for text, number in zip(texts, numbers, strict=True) if not text.endswith(number)] == []
        return [text.removesuffix(number) for text, number in zip(texts, numbers, strict=True)]


def _letters(text: str) -> Counter[str]:
    return Counter(unicodedata.normalize("NFKC", "".join(text.split())).translate(_RADICALS))


async def test_what_is_chosen_is_seen_in_the_reader_s_own_few_colours(served: Served) -> None:
    """High contrast has no grounds of ours: the page of the menu, a box and a circle show by their shape."""
    context = await served.context("operator", locale="zh-CN", forced_colors="active")
    page = await context.new_page()
    await page.goto("/register?light=red")
    for which in ("header nav a", "ul.lights a"):
        chosen = page.locator(f"{which}[aria-current]").first
        assert await chosen.evaluate("each => getComputedStyle(each).textDecorationLine") == "underline"
    for path, kind in (("/plans/draft", "radio"), ("/register", "checkbox")):
        await page.goto(path)
        box = page.locator(f"input[type={kind}]:visible").first
        before = await box.screenshot()
        await box.check()
        await page.focus("h1, a")
        assert await box.screenshot() != before, kind
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


@pytest.mark.parametrize(
    ("account", "place", "keys", "told"),
    [
        ("operator", "/projects/2018-06/acts/urge?milestone=2018-06-01", ("reason=请报进展", "催办"), "已办理"),
        ("leader", "/leader", ("批示", "text=请抓紧", "批示"), "已批示"),
        ("auditor", "/verification", ("核验全部记录",), "条记录，用时"),
        ("administrator", "/directory", ("name=钱多多", "role=审", "登记"), "钱多多"),
    ],
)
async def test_everybody_acts_by_keyboard_alone(
    fresh: Browsers, account: str, place: str, keys: tuple[str, ...], told: str
) -> None:
    """From a page to the act that stands on record, with Tab, typing and Enter: an act of each of the others."""
    await with_one_who_left(fresh.office)  # the directory has the administrator
    async with desk_in_a_browser(fresh) as served:
        context = await served.context(account, locale="zh-CN")
        page = await context.new_page()
        await page.goto(place)
        assert told not in await page.inner_text("main")
        for each in keys:
            name, _, typed = each.partition("=")
            await _tab_to(page, name)
            if not typed:
                await page.keyboard.press("Enter")
            elif await page.evaluate("document.activeElement.tagName") == "SELECT":
                while typed not in await page.evaluate("document.activeElement.selectedOptions[0].innerText"):
                    await page.keyboard.press("ArrowDown")
            else:
                await page.keyboard.type(typed)
        await expect(page.locator("main")).to_contain_text(told, timeout=PATIENCE_SECONDS * 1_000)
        await context.close()
