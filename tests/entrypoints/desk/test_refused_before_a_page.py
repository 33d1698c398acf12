"""What is answered before a page is chosen: by the guards, the routes, the server itself; all say what to do next."""

from __future__ import annotations

import asyncio

import pytest

from bench.patience import PATIENCE_SECONDS
from entrypoints.core_sentences import is_chinese
from entrypoints.desk import serving as desk_serving
from entrypoints.desk.guards import guarded
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.test_next_pages import links_of


@pytest.mark.parametrize(
    ("language", "compress"), [("zh", "请压缩或拆分后重试"), ("en", "make it smaller or split it")]
)
async def test_what_is_refused_before_a_page_is_a_page_in_the_language_that_was_chosen(
    seen: Browsers, language: str, compress: str
) -> None:
    """Too large, and from elsewhere: what the cookie says counts before the browser's own, and a way on is there."""
    browser, path = seen.new(), "/duties/2018-05a-02/report-progress"
    browser.client.cookies.set("duban-language", language, domain="127.0.0.1")
    asked = {"Accept-Language": "en" if language == "zh" else "zh-CN"}
    large = await browser.client.post(path, content=b"", headers={**asked, "Content-Length": "1000000000"})
    elsewhere = await browser.client.post(f"{path}/x", data={}, headers={**asked, "Origin": "http://evil.example"})
    for answer, status, back in ((large, 413, path), (elsewhere, 403, path)):
        assert (answer.status_code, answer.headers["Connection"]) == (status, "close")
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in answer.text
        assert links_of(answer.text) == {back: "回到刚才的页面" if language == "zh" else "Back to the page before"}
        assert "set-cookie" not in answer.headers
    assert compress in large.text
    other_host = await browser.client.get("/sign-in", headers={**asked, "Host": "evil.example"})
    assert (other_host.headers["Content-Language"], is_chinese(other_host.text)) == (language, language == "zh")
    assert "<" not in other_host.text, "another host's name gets no page"


async def test_a_method_that_is_not_there_is_told_with_those_that_are(seen: Browsers) -> None:
    """405 with the methods of the address, as a page."""
    answer = await seen.new().client.put("/sign-in", headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, "请核对地址" in answer.text) == (405, True)
    assert "POST" in answer.headers["Allow"] or "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"x" * 70_000, 431),
        (b"\x16\x03\x01 no request\r\n\r\n", 400),
    ],
    ids=["too long", "unreadable"],
)
async def test_a_head_that_nobody_can_read_is_answered_in_both_languages(
    seen: Browsers, head: bytes, status: int
) -> None:
    """The server's own answer before any application: what to do, in Chinese and English, and the headers of a page."""
    settings = seen.office.office.settings.model_copy(update={"desk_port": 0})
    bound = desk_serving.listening(settings)
    async with desk_serving.serving(guarded(seen.app, settings), bound), asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection(*bound.getsockname())
        writer.write(head)
        answer = (await reader.read()).decode()
        writer.close()
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert "nosniff" in answer
    assert "请从首页重新打开督办台" in answer
    assert "open the desk anew" in answer
