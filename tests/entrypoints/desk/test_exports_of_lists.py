"""What waits is shown as a list, and taken away as a table: each of its items is a row, with what the item says."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Final

import openpyxl
import pytest

from entrypoints.desk import events
from tests.entrypoints.desk.conftest import Browser, Browsers

HEADINGS: Final = {"/waiting": 0, "/waiting/strike-off": 1}
"""Which list of the page it is."""
LATE: Final = {"zh": "已超 {} 个工作日", "en": "{} working days late"}


async def _waiting(browsers: Browsers) -> Browser:
    """The operator of an office in which two completions wait, and one duty waits to be struck off."""
    own, operator = await browsers.of("own"), await browsers.of("operator")
    for number in (1, 2, 3):
        done = {"text": "已完成", "done_on": "2018-05-30" if number == 1 else "2018-06-04", "quantity": "30"}
        path = f"/duties/2018-05a-0{number}/request-completion"
        assert (await own.post(path, done if number == 2 else {**done, "quantity": ""})).status_code == 303
    accepted = await operator.post("/projects/2018-05a/acts/accept-completion", {"milestone": "2018-05a-03"})
    assert accepted.status_code == 303
    return operator


def _items(page: str, number: int) -> list[str]:
    lists = re.findall(r'<ul class="duties">(.*?)</ul>', page, re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", lists[number], re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", item)).split()) for item in items]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("base", HEADINGS)
async def test_each_row_of_a_file_is_an_item_of_its_list(fresh: Browsers, base: str, language: str) -> None:
    """In order, in both languages and formats: every cell stands in the item, and there are no more rows or items."""
    browser = await _waiting(fresh)
    await browser.post("/language", {"language": language, "here": "/"})
    page = (await browser.get("/waiting")).text
    assert f'href="{base}.csv"' in page
    assert f'href="{base}.xlsx"' in page
    lines = list(csv.reader(io.StringIO((await browser.get(f"{base}.csv")).content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO((await browser.get(f"{base}.xlsx")).content)).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    items = _items(page, HEADINGS[base])

    assert lines == cells
    assert len(items) == len(lines) - 1 == {"/waiting": 2, "/waiting/strike-off": 1}[base]
    assert any("\u4e00" <= each <= "\u9fff" for each in "".join(lines[0])) == (language == "zh")
    for item, line in zip(items, lines[1:], strict=True):
        days = line[6] if base == "/waiting" else "0"
        said = [*line[:6], *([LATE[language].format(days)] if days != "0" else [])]
        assert [cell for cell in said if " ".join(cell.split()) not in item] == []


async def test_events_that_fit_no_file_are_refused(seen: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a part of them in silence: the refusal says how many are too many, and to filter; a filter helps."""
    monkeypatch.setattr(events, "MOST_ROWS", 7)
    browser = await seen.of("operator")
    refused = await browser.get("/events.csv")
    assert refused.status_code == 400
    assert "符合条件的事件超过 7 条，没有导出" in refused.text
    assert (await browser.get("/events.csv?text=督查通知单&project=2018-05a")).status_code == 200


async def test_the_reading_of_an_auditor_is_on_record_for_files_too(fresh: Browsers) -> None:
    """Who takes the events away has read them."""
    auditor = await fresh.of("auditor")
    before = len(list(fresh.office.office.records.ledger.newest(None)))
    assert (await auditor.get("/events.xlsx")).status_code == 200
    assert len(list(fresh.office.office.records.ledger.newest(None))) == before + 1
