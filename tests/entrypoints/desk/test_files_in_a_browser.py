"""Files in a real browser: chosen, dragged onto the form, and too large."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page

from entrypoints.desk.guards import MEGABYTE
from tests.entrypoints.desk.conftest import opened
from tests.entrypoints.desk.served import Served, desk_in_a_browser

FORM: Final = "/duties/2018-05a-02/report-progress"
_DUTY: Final = "/duties/2018-05a-02"


@pytest_asyncio.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A desk that takes files of a megabyte, in a real browser."""
    async for browsers in opened(tmp_path_factory.mktemp("files"), evidence_megabytes=1):
        async with desk_in_a_browser(browsers) as served:
            yield served


async def _dragged(page: Page, field: str, *files: Path) -> None:
    """Drag files from outside the browser onto a field, as a hand with a mouse does it."""
    box = await page.locator(field).bounding_box()
    assert box is not None
    session = await page.context.new_cdp_session(page)
    data: dict[str, Any] = {"items": [], "files": [str(each) for each in files], "dragOperationsMask": 1}
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    for kind in ("dragEnter", "dragOver", "drop"):
        await session.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})


async def test_files_that_are_dragged_onto_the_form_are_shown_on_the_record(served: Served, tmp_path: Path) -> None:
    """Two files dragged onto the field, with no script on the page: both are there to be taken away, as they were."""
    files = [tmp_path / "照片一.txt", tmp_path / "照片二.txt"]
    for each in files:
        each.write_text(each.stem, encoding="utf-8")
    context = await served.context("own", locale="zh-CN", java_script_enabled=False)
    page = await context.new_page()
    await page.goto(FORM)
    await page.fill("#field-text", "办了三场")
    await _dragged(page, "#field-evidence", *files)
    await page.click("main form button")
    await page.goto(_DUTY)
    for each in files:
        link = page.get_by_role("link", name=each.name)
        async with page.expect_download() as coming:
            await link.click()
        taken = await coming.value
        assert taken.suggested_filename == each.name
        assert (await asyncio.to_thread(Path(await taken.path()).read_text, "utf-8")) == each.stem
    await context.close()


@pytest.mark.parametrize(
    ("locale", "said", "back"),
    [
        ("zh-CN", "请压缩或拆分后重试", "回到刚才的页面"),
        ("en-GB", "make it smaller", "Back to the page before"),
    ],
)
async def test_who_sends_too_much_reads_what_to_do(
    served: Served, tmp_path: Path, locale: str, said: str, back: str
) -> None:
    """Ten megabytes where three are taken: a page in the reader's language, with the way back to the form."""
    large = tmp_path / "large.bin"
    large.write_bytes(b"x" * 10 * MEGABYTE)
    context = await served.context("own", locale=locale)
    page = await context.new_page()
    await page.goto(FORM)
    await page.fill("#field-text", "办了三场")
    await page.set_input_files("#field-evidence", large)
    await page.click("main form button")
    assert said in await page.inner_text("main")
    await page.get_by_role("link", name=back).click()
    assert await page.locator("#field-evidence").count() == 1
    await context.close()
