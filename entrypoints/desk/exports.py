"""Tables to take away: in csv and xlsx nothing that somebody wrote becomes a formula or a link."""

from __future__ import annotations

import asyncio
import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final

import xlsxwriter

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@")
_BLANKS: Final = ("\t", "\r", "\n")
_UNSEEN: Final = ("Cf", "Cc")
_LONGEST_CELL: Final = 32_767


def as_csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as text that spreadsheets open: a text that could be a formula begins with an apostrophe."""
    text = io.StringIO()
    # All in quotes: where a spreadsheet parts at semicolons, a half of a cell would be a cell of its own.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


async def as_xlsx(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as a spreadsheet: texts stay texts."""
    return await asyncio.to_thread(_xlsx, head, rows)


def _xlsx(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    data = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(data, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(head):
            sheet.write_string(0, place, title, bold)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                else:
                    sheet.write_string(number, place, str(cell)[:_LONGEST_CELL])
        sheet.repeat_rows(0)
        sheet.set_landscape()
    return data.getvalue()


def _plain(cell: object) -> str:
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    could_act = not isinstance(cell, int) and (text[:1] in _BLANKS or _first_sign(text) in _BEGINS_A_FORMULA)
    return f"'{text}" if text and could_act else text


def _first_sign(text: str) -> str:
    """The first sign of a text as a spreadsheet takes it: without what stands before it unseen, full-width as plain."""
    seen = next((each for each in text if not each.isspace() and unicodedata.category(each) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", seen)[:1]
