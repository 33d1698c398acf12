"""Files in a real browser: chosen, dragged onto the form, and too large."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bench.patience import PATIENCE_SECONDS
from entrypoints.desk.guards import MEGABYTE
from tests.entrypoints.desk.browser import pressed
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
    await pressed(page, "main form button")
    await page.goto(_DUTY)
    for each in files:
        link = page.get_by_role("link", name=each.name)
        async with page.expect_download() as coming:
            await link.click()
        taken = await coming.value
        assert taken.suggested_filename == each.name
        assert (await asyncio.to_thread(Path(await taken.path()).read_text, "utf-8")) == each.stem
    await context.close()


@asynccontextmanager
async def _cut(address: str, after: int, mended: asyncio.Event) -> AsyncIterator[str]:
    """An address that leads to another one: after so many bytes nothing passes until it is mended."""
    target, sent = int(address.rpartition(":")[2]), 0

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool) -> None:
        nonlocal sent
        try:
            while data := await reader.read(65_536):
                sent += len(data) if counts else 0
                if sent > after and not mended.is_set():
                    return
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, back = await asyncio.open_connection("localhost", target)
        ways = [passed_on(reader, back, counts=True), passed_on(onward, writer, counts=False)]
        both = [asyncio.create_task(way) for way in ways]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for each in (back, writer):
            each.transport.abort()
        await asyncio.gather(*both)

    async with await asyncio.start_server(joined, "localhost", 0) as server:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("how", ["reload", "back"])
async def test_what_breaks_off_while_it_is_sent_is_sent_again_and_counts_once(
    served: Served, tmp_path: Path, how: str
) -> None:
    """As the form says: reloaded it is sent again whole; Back keeps the words, and the files are chosen again."""
    file, ledger = tmp_path / f"{how}.bin", served.browsers.office.office.records.ledger
    file.write_bytes(how.encode() * 100_000)
    before = len(list(ledger.entries()))
    mended = asyncio.Event()
    async with _cut(served.address, 200_000, mended) as address:
        context = await served.context("own", locale="zh-CN")
        page = await context.new_page()
        await page.goto(f"{address}{FORM}")
        assert "送到一半断了的" in await page.inner_text("main form.narrow")
        await page.fill("#field-text", f"办了三场，{how}")
        await page.set_input_files("#field-evidence", file)
        await page.click("main form.narrow button", no_wait_after=True)
        await expect(page).to_have_url(re.compile("^chrome-error:"), timeout=PATIENCE_SECONDS * 1_000)
        assert len(list(ledger.entries())) == before
        mended.set()
        if how == "reload":
            await page.reload()
        else:
            await page.go_back()
            assert await page.input_value("#field-text") == f"办了三场，{how}"
            await page.set_input_files("#field-evidence", file)
            await page.click("main form.narrow button")
        await page.wait_for_url("**/confirmations/**")
        await page.goto(f"{address}{_DUTY}")
        assert await page.get_by_role("link", name=file.name).count() == 1
        await context.close()
    assert sum(getattr(each, "type", "") == "ProgressReported" for each in list(ledger.entries())[before:]) == 1


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
    await pressed(page, "main form button")
    assert said in await page.inner_text("main")
    await page.get_by_role("link", name=back).click()
    assert await page.locator("#field-evidence").count() == 1
    await context.close()
