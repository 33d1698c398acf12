"""A whole office in English: `duban run` on an English list, its people in a real browser, and all that goes out."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

from bench.patience import PATIENCE_SECONDS
from tests.entrypoints.desk.browser import a_browser, watched
from tests.entrypoints.installation import DUBAN, Home, apart, until

ENGLISH: Final = {
    "LC_ALL": "en_US.UTF-8",
    "DUBAN_PAPER_LANGUAGE": "en",
    "DUBAN_ISSUER": "Supervision Office of the City",
}
LIST: Final = """Key Projects of the City for 2018,,,,
Issued on 25 April 2018,,,,
No.,Project,Lead department,Participating departments,Schedule
1,Extend the riverside promenade,Public Works Department,Parks Department,March: survey the bank; May: issue the tender
2,Renew the bus stops,Parks Department,Public Works Department,by 15 May: choose them; every two months: report
"""
_PASSWORD: Final = "eleven quiet herons"
_OWN: Final = "Public Works Department"
_CHINESE: Final = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_TO_CHINESE: Final = "中文"


def test_an_english_office_works_in_english(home: Home) -> None:
    """From the list to an accepted completion: no page, paper, letter or line of the terminal is Chinese."""
    listed = home.folder / "list.csv"
    listed.write_text(LIST, encoding="utf-8")
    plan = home.folder / "plan.yaml"
    compiled = home.call("compile", str(listed), "-o", str(plan), **ENGLISH)
    assert compiled.returncode == 0, compiled.stderr
    run = home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25", **ENGLISH)
    run.shows("Stop with Ctrl-C")
    (link,) = re.findall(r"http://127\.0\.0\.1:\d+/set-up/\S+", run.said)
    said: list[str] = []
    seen: list[str] = []
    apart(lambda: asyncio.run(_day(link, said, seen)))
    assert said == []
    assert len(seen) > 20
    left = [line for page in seen for line in page.split("\n") if _CHINESE.search(line) and line.strip() != _TO_CHINESE]
    assert left == []
    # Two orders that reach a reader together make a list of them besides; one after the other they do not.
    until(lambda: len(list((home.data / "papers").rglob("*.docx"))) >= 2, "the papers")
    texts = list(_written(home.data))
    assert len(texts) >= 6
    assert [text for text in texts if _CHINESE.search(text)] == []
    assert [line for line in (run.said + compiled.stdout).split("\n") if _CHINESE.search(line)] == []


async def _day(link: str, said: list[str], seen: list[str]) -> None:
    base = "/".join(link.split("/")[:3])
    async with a_browser() as browser:
        first = await _somebody(browser, link, said, person="Ann Li", account="annli")
        await first.get_by_role("button", name="Make me a member of the supervision section").click()
        await first.get_by_role("button", name="Open an account for each").click()
        own = await _link(first, f"Clerk of {_OWN}")
        links = {}
        for name, account, role in (("Cleo", "cleo", "auditor"), ("Chen", "chen", "principal_leader")):
            await first.goto(f"{base}/directory")
            await _fill(first, name=name, account=account)
            await first.select_option("#field-role", role)
            await first.get_by_role("button", name="Enter", exact=True).click()
            links[account] = await _link(first, name)
        clerk = await _somebody(browser, own, said)
        await clerk.get_by_role("button", name="Sign all").click()
        seen.append(await clerk.inner_text("body"))
        done = {"text": "The bank is surveyed.", "done_on": "2018-04-10"}
        later = {"reason": "The survey is late.", "new_due_on": "2018-06-20", "progress": "Half is done."}
        for path, values in (("2018-01-01/request-completion", done), ("2018-01-02/request-extension", later)):
            await _look(clerk, [f"/duties/{path}"], seen)
            await _fill(clerk, **values)
            await clerk.click("main form button")
            await clerk.wait_for_url("**/confirmations/**")
            seen.append(await clerk.inner_text("body"))
        await _look(clerk, ["/today", "/duties/2018-01-02", "/papers", "/mine", "/calendar"], seen)
        acceptance = "/projects/2018-01/acts/accept-completion?milestone=2018-01-01"
        await _look(first, ["/register", "/waiting", acceptance], seen)
        assert "The bank is surveyed." in seen[-1]
        await first.click("main form button")
        await first.wait_for_url("**/confirmations/**")
        seen.append(await first.inner_text("body"))
        await _look(first, ["/projects/2018-01", "/coming", "/year", "/plans", "/reports?of=2018-04", "/health"], seen)
        auditor = await _somebody(browser, links["cleo"], said)
        await _look(
            auditor, ["/register", "/events", "/as-of?at=2018-04-25", "/projects/2018-01", "/verification"], seen
        )
        await auditor.get_by_role("button", name="Verify the whole record").click()
        seen.append(await auditor.inner_text("body"))
        await auditor.locator("#verdict").wait_for()
        seen.append(await auditor.inner_text("body"))
        await _look(await _somebody(browser, links["chen"], said), ["/leader"], seen)


async def _somebody(browser: Browser, link: str, said: list[str], **who: str) -> Page:
    context = await browser.new_context(locale="en-GB", base_url="/".join(link.split("/")[:3]))
    page = await watched(context, said)
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    await page.goto(link)
    await _fill(page, password=_PASSWORD, again=_PASSWORD, **who)
    await page.click("main button")
    await page.wait_for_url(lambda url: "set-up" not in url)
    return page


async def _link(page: Page, name: str) -> str:
    found = await page.locator(".callout tr").filter(has_text=name).get_by_role("link").first.get_attribute("href")
    assert found is not None
    return found


async def _look(page: Page, paths: list[str], seen: list[str]) -> None:
    for path in paths:
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        seen.append(await page.inner_text("body"))


async def _fill(page: Page, **values: Any) -> None:
    for name, value in values.items():
        await page.fill(f"#field-{name}", value)


def _written(data: Path) -> Iterator[str]:
    """What stands in each paper and each letter."""
    for path in sorted((data / "outbox").rglob("*")):
        if path.suffix in (".txt", ".eml"):
            yield path.read_text(encoding="utf-8")
    for path in sorted((data / "papers").rglob("*.docx")):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            yield re.sub("<[^>]+>", " ", archive.read("word/document.xml").decode())
