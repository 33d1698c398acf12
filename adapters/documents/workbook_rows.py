"""Rows of a workbook: what people wrote stays a text, whatever it begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | date


def add_sheet(book: Workbook, title: str, rows: Iterable[Sequence[Cell]]) -> Worksheet:
    """A new sheet with rows."""
    sheet: Worksheet = book.create_sheet(title)
    for row in rows:
        add_row(sheet, row)
    return sheet


def add_row(sheet: Worksheet, row: Sequence[Cell]) -> None:
    """A row below those that are there."""
    sheet.append(list(row))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"  # a text that begins with = is a text
