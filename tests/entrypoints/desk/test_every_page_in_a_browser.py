"""Every page in a real browser, by language, window, colours and scripts: its console, its width, what axe finds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page
from starlette.routing import compile_path

from entrypoints.desk.pages import PAGES as ROUTES
from tests.entrypoints.desk.browser import findings, overflow, watched, with_axe
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.served import Served, desk_in_a_browser
from tests.entrypoints.desk.small_office import with_departments, with_one_who_left

THE_PAPER: Final = "/papers/one"
PAGES = {
    "own": (
        "/today",
        "/mine",
        "/mine?role=participant&light=green",
        "/papers",
        THE_PAPER,
        "/answers",
        "/deputies",
        "/own-score?period=2018-05",
        "/own-score/bulletin?period=2018-05",
        "/calendar",
        "/duties/2018-05a-01",
        "/duties/2018-05a-02/report-progress",
        "/duties/2018-05a-02/request-extension",
        "/duties/2018-06-02",
        "/keys",
    ),
    "operator": (
        "/register",
        "/register?light=green",
        "/projects/2018-05a",
        "/projects/2018-05a/milestones/2018-05a-02",
        "/projects/2018-05a/papers/1",
        "/projects/2018-05a/acts/rule-on-extension?milestone=2018-05a-02",
        "/projects/2018-05a/acts/check-rectification?milestone=2018-05a-02",
        "/waiting",
        "/coming",
        "/coming?days=60&to=nobody",
        "/year",
        "/year-end",
        "/whole-lists?what=withdrawal&year=2018",
        "/hand-over?department=宣传部&to=组织部",
        "/directory/erasures",
        "/scores?period=2018-05",
        "/scores?period=2018-05&department=组织部",
        "/scores/bulletin?period=2018-05",
        "/scores/false-reports?record=2018-05a%231",
        "/reports?of=2018-06",
        "/reports?of=2018",
        "/plans",
        "/plans/draft",
        "/plans/draft/rehearsal",
        "/register?view=watched",
        "/many?act=silence-notices&item=2018-05a&item=2018-06",
        "/projects/2018-05a/acts/assess-confidence?milestone=2018-05a-02",
        "/events",
        "/deputies",
        "/confirmations/2018-05a/1?act=urge",
        "/guide",
        "/today",
    ),
    "second": ("/keys", "/signatures/asked", "/signatures/unknown"),
    "auditor": ("/as-of", "/as-of?at=2018-05-10", "/verification", "/verification/receipt"),
    "leader": ("/leader", "/calendar"),
    "deputy": ("/standing-in",),
    "administrator": (
        "/directory",
        "/directory/persons/P0003",
        "/directory/departments/D0001",
        "/health",
        "/channels",
        "/deliveries",
        "/logins",
        "/stolen-keys",
        "/keys",
    ),
    "": ("/sign-in", "/set-up/first", "/set-up/of-a-person", "/set-up/unknown", "/sign-in/key", "/feeds/unknown.ics"),
}
NO_PAGES: Mapping[str, str] = {
    "/": "leads on to the first page of one's role",
    "/opened/{identity}": "leads on to what a message is about",
    "/sign-in/elsewhere": "leads to a third party",
    "/sign-in/elsewhere/back": "leads on from there",
    "/alive": "is for programs",
    "/static/{name}": "is a style sheet or a script",
    "/projects/{project_id}/evidence/{sha256}": "is a file to take away",
    "/duties/{milestone_id}/evidence/{sha256}": "is a file to take away",
}
"""What nobody looks at, and why; nor what has an ending: tables and bundles to take away, feeds, the icon."""
_DESKTOP, _PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 740}
_SHEET = {"width": 687, "height": 1000}
"""What is left of A4 (210 mm) between the margins of 14 mm that a print has, at 96 to the inch."""
LOADS: dict[str, dict[str, Any]] = {
    "zh": {"locale": "zh-CN", "color_scheme": "light"},
    "en": {"locale": "en-GB", "color_scheme": "dark"},
    "zh without scripts": {"locale": "zh-CN", "java_script_enabled": False, "viewport": _PHONE},
    "en without scripts": {"locale": "en-GB", "java_script_enabled": False, "viewport": _PHONE},
}
"""How often a page is fetched: with scripts it is then turned from desktop to phone (and in Chinese to dark) where it
stands, for no page has a script that asks how it looks. So each is seen in both languages on a desktop, on a phone, in
the dark and without scripts; English is dark throughout, for colours change no width."""
_AXE: Mapping[str, tuple[str, ...]] = {
    "zh": (),
    "en": ("color-contrast", "target-size", "scrollable-region-focusable", "button-name", "link-name", "label"),
}
"""Where axe looks, on a phone: by every rule; in English, in the dark, by what other words and colours change."""
_DRAWN_IN_BLACK = """[...document.querySelectorAll('main svg text, main svg rect')]
    .some(each => getComputedStyle(each).fill === 'rgb(0, 0, 0)')"""
"""Whether something is drawn that no style gives a colour: black, which nobody sees in the dark."""
_BARE_ON_PAPER = """[...document.querySelectorAll('main :is(h2, h3, details)')].filter(e => {
    if (!e.checkVisibility()) return false;
    if (e.matches('details')) return ![...e.children].slice(1).some(each => each.checkVisibility());
    let next = e.nextElementSibling;
    while (next && !next.checkVisibility()) next = next.nextElementSibling;
    return !next || next.matches(e.matches('h2') ? 'h2' : 'h2, h3');
}).map(e => e.innerText)"""
"""What has nothing under it when it is printed: a heading of acts alone, what is folded."""
SAID_ANYWAY = tuple(f"the server responded with a status of {status}" for status in (400, 403, 404))
"""What a browser says of a page that is refused, which some of these are on purpose."""


@pytest_asyncio.fixture(scope="module")
async def served(seen: Browsers) -> AsyncIterator[Served]:
    """The desk in a real browser; the directory has the person and the department whose pages are looked at."""
    await with_one_who_left(seen.office)
    await with_departments(seen.office, "教务处")
    async with desk_in_a_browser(seen, drawn=False) as served:
        yield served


def test_every_page_that_a_route_leads_to_is_looked_at() -> None:
    """A new page fails here until it is among those below, or says why nobody looks at it."""
    looked_at = [path.partition("?")[0] for paths in PAGES.values() for path in paths]
    routes = {route.path: compile_path(route.path)[0] for route in ROUTES if route.method == "GET"}
    pages = {path for path in routes if "." not in path} - NO_PAGES.keys()
    assert {path for path in pages if not any(map(routes[path].match, looked_at))} == set()
    assert routes.keys() >= NO_PAGES.keys()


@pytest.mark.parametrize("load", LOADS)
async def test_every_page_is_whole_in_every_look(served: Served, load: str) -> None:
    """Nothing on the console, from elsewhere, too wide, black on dark or bare on paper; nothing serious for axe."""
    said: list[str] = []
    wrong: list[str] = []
    seen = 0
    # One window for everybody's pages: each further one has a process that takes as much as two pages.
    context = await served.browser.new_context(base_url=served.address, **LOADS[load])
    page = await watched(await with_axe(context) if load in _AXE else context, said, served.address)
    for account, paths in PAGES.items():
        await served.sign_in(context, account)
        for path in paths:
            answer = await page.goto(served.paper if path == THE_PAPER else path)
            assert answer is not None
            assert answer.status < 500, path
            wrong += await (_turned(page, load) if load in _AXE else _without_scripts(page))
            seen += 1
    await context.close()
    assert [line for line in said if not any(known in line for known in SAID_ANYWAY)] == []
    assert wrong == []
    assert seen == sum(map(len, PAGES.values()))


async def test_a_page_that_is_too_wide_for_a_phone_is_found_without_scripts(served: Served) -> None:
    """What does not fit counts, though the page's own box is as wide as the window."""
    context = await served.browser.new_context(**LOADS["zh without scripts"])
    page = await context.new_page()
    for width, found in ((320, 0), (321, 1)):
        await page.goto(f"data:text/html,<body style='margin:0'><div style='width:{width}px'>x</div>")
        assert len(await _without_scripts(page)) == found
    await context.close()


async def _turned(page: Page, load: str) -> list[str]:
    """What is wrong with a page on paper, on a desktop, on a phone and in the dark."""
    wrong: list[str] = []
    await page.set_viewport_size(_SHEET)  # type: ignore[arg-type]  # a window's size
    await page.emulate_media(media="print", color_scheme=LOADS[load]["color_scheme"])
    if await overflow(page) > 0:
        wrong.append(f"{page.url} is wider than a sheet of paper")
    wrong += [f"{page.url}: nothing under {bare} on paper" for bare in await page.evaluate(_BARE_ON_PAPER)]
    await page.emulate_media(media="screen")
    for width in (_DESKTOP, _PHONE):
        await page.set_viewport_size(width)  # type: ignore[arg-type]  # as above
        if await overflow(page) > 0:
            wrong.append(f"{page.url} is wider than {width['width']}")
    wrong += await findings(page, _AXE[load])
    if load == "zh":
        await page.emulate_media(color_scheme="dark")
    if await page.evaluate(_DRAWN_IN_BLACK):
        wrong.append(f"{page.url}: black in the dark")
    return wrong


async def _without_scripts(page: Page) -> list[str]:
    return [f"{page.url} is wider than a phone"] if await overflow(page) > 0 else []
