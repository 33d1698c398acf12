"""Forms as no page of ours sends them: large ones of strangers, and a field that stands twice."""

from __future__ import annotations

import time

import pytest

from tests.entrypoints.desk.conftest import Browsers, hidden


@pytest.mark.parametrize(
    ("path", "status"), [("/sign-in", 413), ("/language", 413), ("/set-up/x", 413), ("/today/sign", 401)]
)
async def test_a_stranger_keeps_nobody_waiting(seen: Browsers, path: str, status: int) -> None:
    """What takes a second to read is not read for one who is not signed in: others are answered meanwhile."""
    headers = {**seen.new().headers, "Content-Type": "application/x-www-form-urlencoded"}
    before = time.process_time()
    answer = await seen.new().client.post(path, content=b"a=" + b"%" * 900_000, headers=headers)
    assert answer.status_code == status
    assert time.process_time() - before < 0.5


async def test_a_field_stands_once_in_a_form(fresh: Browsers) -> None:
    """Of a form with two texts in one field neither is given: a page may have shown the one and taken the other."""
    browser = await fresh.of("own")
    path = "/duties/2018-05a-02/report-progress"
    page = await browser.get(path)
    fields = {name: hidden(page, name) for name in ("csrf", "request_id", "seen")}
    before = len(list(fresh.office.office.records.ledger.entries()))
    texts = ["已完成初稿，正在征求意见", "已全部完成，请予销号"]
    answer = await browser.client.post(path, data={**fields, "text": texts}, headers=browser.headers)
    assert answer.status_code == 400
    assert "不止一次" in answer.text
    assert len(list(fresh.office.office.records.ledger.entries())) == before
