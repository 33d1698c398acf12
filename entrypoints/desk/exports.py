"""Tables to take away: in csv and xlsx nothing that somebody wrote becomes a formula or a link."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import xlsxwriter

from domain.characters import could_be_a_formula

_BLANKS: Final = ("\t", "\r", "\n")
_LONGEST_CELL: Final = 32_767
_LONGEST_NAME: Final = 31
_NOT_IN_A_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class Sheet(NamedTuple):
    """One table of a file of several; a spreadsheet finds a name for one that has none."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]


def as_csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as text that spreadsheets open: a text that could be a formula begins with an apostrophe."""
    return csv_of([Sheet("", head, rows)])


async def as_xlsx(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as a spreadsheet: texts stay texts."""
    return await asyncio.to_thread(xlsx_of, [Sheet("", head, rows)])


def csv_of(sheets: Sequence[Sheet]) -> bytes:
    """Tables as one text: several stand one after another, each under its name, an empty line between them."""
    text = io.StringIO()
    # All in quotes: where a spreadsheet parts at semicolons, a half of a cell would be a cell of its own.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for number, sheet in enumerate(sheets):
        if len(sheets) > 1:
            writer.writerows([*([[]] if number else []), [_plain(sheet.name)]])
        writer.writerow(sheet.head)
        writer.writerows([[_plain(cell) for cell in row] for row in sheet.rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_of(sheets: Sequence[Sheet]) -> bytes:
    """Tables as one workbook, a sheet for each."""
    data = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(data, options) as book:
        bold = book.add_format({"bold": True})
        for name, table in zip(_names(sheets), sheets, strict=True):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, title in enumerate(table.head):
                sheet.write_string(0, place, title, bold)
            for number, row in enumerate(table.rows, 1):
                for place, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(number, place, cell)
                    else:
                        sheet.write_string(number, place, str(cell)[:_LONGEST_CELL])
            sheet.repeat_rows(0)
            sheet.set_landscape()
    return data.getvalue()


def _names(sheets: Sequence[Sheet]) -> Iterator[str | None]:
    """The names as a spreadsheet takes them: short, without its own signs; none for one that has its name already."""
    taken: set[str] = set()
    for sheet in sheets:
        name = sheet.name.translate(_NOT_IN_A_NAME)[:_LONGEST_NAME].strip()
        yield name if name and name.lower() not in taken else None
        taken.add(name.lower())


def _plain(cell: object) -> str:
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    could_act = not isinstance(cell, int) and (text[:1] in _BLANKS or could_be_a_formula(text))
    return f"'{text}" if text and could_act else text
