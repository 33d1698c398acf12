"""`duban run` and a real browser: from the first link to a department's first signed receipt, following the screen."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import time
from typing import Any

import httpx2
from playwright.async_api import Page

from adapters.ledger.sqlite_ledger import SqliteLedger
from bench.patience import PATIENCE_SECONDS
from domain.ids import supervision_workflow_id
from domain.record.leaf import domain_event_of
from entrypoints.bootstrap import engine_now
from tests.entrypoints.desk.browser import a_browser, watched
from tests.entrypoints.installation import DUBAN, Home, apart, environment

_PASSWORD = "eleven quiet herons"


def test_from_the_first_link_to_a_signed_receipt(home: Home) -> None:
    """The administrator sets himself up, opens the departments' accounts; one of them signs all it has at once."""
    first = home.run()
    (link,) = re.findall(r"http://127\.0\.0\.1:\d+/set-up/\S+", first.said)
    began = time.monotonic()
    said: list[str] = []
    told = apart(lambda: asyncio.run(_journey(link, said)))
    assert told == "已签收 62 项：12 个项目中的 12 个。"
    assert said == []
    assert time.monotonic() - began < PATIENCE_SECONDS
    store = SqliteLedger.open(home.data / "ledger.db", engine_now)
    try:
        entries = list(store.entries(supervision_workflow_id("2018-01")))
        signed = [domain_event_of(entry).actor for entry in entries if entry.type == "ReceiptSigned"]
    finally:
        store.close()
    assert signed == ["department:组织部:组织部承办人"]


def test_the_desk_runs_as_a_process_of_its_own(home: Home) -> None:
    """`duban desk` beside the worker: it prints its address and answers; Ctrl-C ends it with 0, the worker goes on."""
    home.run(projects=1)
    command = [*DUBAN, "desk"]
    settings = {**home.settings, "DUBAN_DESK_PORT": "0"}
    with subprocess.Popen(command, env=environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as desk:
        assert desk.stdout is not None
        line = desk.stdout.readline().decode()
        (address,) = re.findall(r"督办台：(http://127\.0\.0\.1:\d+/)", line)
        assert httpx2.get(f"{address}alive", timeout=PATIENCE_SECONDS).text == "ok\n"
        assert "登录督办台" in httpx2.get(f"{address}sign-in", timeout=PATIENCE_SECONDS).text
        desk.send_signal(signal.SIGINT)
        assert desk.wait(PATIENCE_SECONDS) == 0
    assert home.ask("status")["projects"]


async def _journey(link: str, said: list[str]) -> str:
    async with a_browser() as browser:
        context = await browser.new_context(locale="zh-CN")
        page = await watched(context, said)
        await page.goto(link)
        await _fill(page, person="李红", account="lihong", password=_PASSWORD, again=_PASSWORD)
        await page.click("main button")
        assert await page.inner_text("h1") == "人员和账号"
        await page.get_by_role("button", name="由我兼任督查人员").click()
        await page.get_by_role("button", name="各开一个账号").click()
        own = page.locator(".callout tr", has_text="组织部").get_by_role("link")
        invited = await own.get_attribute("href")
        assert invited is not None
        await page.goto("/".join(link.split("/")[:3]) + "/register")
        assert await page.locator("tbody tr").count() == 17
        await page.get_by_role("button", name="退出").click()
        await page.goto(invited)
        await _fill(page, password=_PASSWORD, again=_PASSWORD)
        await page.click("main button")
        await page.get_by_role("button", name="全部签收").click()
        return await page.inner_text(".told")


async def _fill(page: Page, **values: Any) -> None:
    for name, value in values.items():
        await page.fill(f"#field-{name}", value)
