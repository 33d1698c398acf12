"""Every page with what its address asks for: the files that its own links give away are its tables, no more or less."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest

from tests.entrypoints.desk.conftest import Browser, Browsers
from tests.entrypoints.desk.test_every_page_in_a_browser import PAGES
from tests.entrypoints.desk.test_exports_of_pages import NO_DATA, rows_of, unguarded

ASKED = {(account, path) for account, paths in PAGES.items() for path in paths if "?" in path} | {
    ("operator", "/register?light=red&q=挂"),
    ("operator", "/coming?days=7"),
    ("operator", "/events?project=2018-05a"),
    ("own", "/mine?role=lead"),
}


@pytest.mark.parametrize(("account", "path"), sorted(ASKED))
async def test_a_file_has_what_the_address_of_its_page_asks_for(seen: Browsers, account: str, path: str) -> None:
    """A filtered table is given away filtered, in both formats, by the link that stands over it."""
    browser = await seen.of(account)
    page = (await browser.get(path)).text
    for link in _links(page):
        base = link.partition(".csv")[0]
        shown = await rows_of(browser, path, base)
        if not shown:
            continue  # a list: `test_exports_of_lists.py`
        await _must_be(browser, link, shown)


def _links(page: str) -> Iterator[str]:
    yield from dict.fromkeys(html.unescape(each) for each in re.findall(r'href="([^"]+\.csv[^"]*)"', page))


async def _must_be(browser: Browser, link: str, shown: list[list[str]]) -> None:
    lines = list(csv.reader(io.StringIO((await browser.get(link)).content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO((await browser.get(link.replace(".csv", ".xlsx", 1))).content)).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    places = [(here, lines[0].index(head)) for here, head in enumerate(shown[0]) if head not in NO_DATA]
    in_page = [[row[here] for here, _ in places] for row in shown]
    for file in ([[_unguarded(cell) for cell in line] for line in lines], cells):
        assert [[" ".join(row[there].split()) for _, there in places] for row in file] == in_page, link


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps a text from being a formula."""
    return unguarded(cell, cell[1:]) if cell.startswith(("'=", "'+", "'-", "'@")) else cell
