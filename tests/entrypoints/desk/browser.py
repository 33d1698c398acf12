"""A real browser for tests of the desk: Debian's, driven by the playwright wheel; installed where that may be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

PROGRAMS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGES: Final = ("chromium-headless-shell", "fonts-wqy-microhei")
_AXE: Final = Path(__file__).parent / "axe" / "axe.min.js"
_UNDRAWN: Final = "--disable-threaded-compositing"
_INSTALLS_WITHIN: Final = 600


class NoBrowserError(Exception):
    """There is no browser, and none can be installed here."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"测试督办台需要浏览器（{why}）：请安装 Debian 的 {' 和 '.join(PACKAGES)}，或把 chromium 放进 PATH。"
        )


@cache
def program() -> str:
    """The browser's program; installed from Debian where we may.

    Raises:
        NoBrowserError: there is none.
    """
    if (found := _found()) is not None:
        return found
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise NoBrowserError("这里不能用 apt 安装")
    for step in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        quiet = subprocess.DEVNULL
        subprocess.run([apt, "-qq", *step], check=False, stdout=quiet, stderr=quiet, timeout=_INSTALLS_WITHIN)
    if (found := _found()) is None:
        raise NoBrowserError("apt 没有装上")
    return found


def _found() -> str | None:
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@asynccontextmanager
async def a_browser(*, drawn: bool = True) -> AsyncIterator[Browser]:
    """A browser, as long as the block lasts; one that lays pages out and draws none takes a fourth less, but clicks
    wait for a drawing."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=program(), args=["--no-sandbox", *([] if drawn else [_UNDRAWN])]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def watched(context: BrowserContext, said: list[str], host: str = "http://127.0.0.1:") -> Page:
    """A page that notes what the browser's console says, and every request that leaves the host."""
    page = await context.new_page()
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda request: said.extend(_leaves(request.url, host)))
    return page


async def pressed(page: Page, button: str) -> None:
    """Press a button, and wait until the page that answers is there whole.

    A click alone returns while its page is still on the way: what is read next, or a way back, may meet either page.
    """
    async with page.expect_navigation():
        await page.click(button, no_wait_after=True)


def _leaves(url: str, host: str) -> Sequence[str]:
    return [] if url.startswith((host, "data:", "blob:")) else [f"leaves the host: {url}"]


async def with_axe(context: BrowserContext) -> BrowserContext:
    """Have axe on each page of a window: from the browser, for the policy of the pages lets no script in by a tag."""
    await context.add_init_script(path=_AXE)
    return context


async def findings(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds serious or critical on a page of a window with axe; by some of its rules, or by all."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found: Any = await page.evaluate("options => axe.run(options)", options)
    return [
        f"{page.url}: {each['id']} ({each['impact']}): {each['nodes'][0]['html'][:200]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


async def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    width: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
