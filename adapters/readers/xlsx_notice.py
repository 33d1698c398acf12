"""Spreadsheet notices: every visible worksheet a table, merged cells included; formulas and errors are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from adapters.files.merged_places import vast_merge
from adapters.readers.drawings import drawn
from adapters.readers.packages import office_package
from adapters.readers.second_count import xlsx_pieces
from adapters.readers.xlsx_cells import apart, is_shaded, shown
from domain.notice.document import Cell, LeftOut, NoticeDocument, Row, Table
from domain.notice.refusals import UnreadableNoticeError

_WIDEST = 200
# `&[Page]` and the like: what the program fills in where a sheet is printed.
_CODE = re.compile(r"&(?:\[[^\]]*\]|\"[^\"]*\"|\d{1,2}|[A-Za-z])|第\s*页|共\s*页")
_MOST_ROWS = 100_000
_MOST_MERGED = 100_000


def read_xlsx(path: Path) -> NoticeDocument:
    """A workbook as a notice."""
    package = office_package(path, part="xl/workbook.xml", kind="Excel工作簿", suffix=".xlsx")
    try:
        if vast_merge(package) is not None:
            raise UnreadableNoticeError(f"{path.name}里合并的单元格太多，不像一份通知，请只留下清单再读入。")
        book = openpyxl.load_workbook(package, rich_text=True)
        _show_results(book, package)
        tables = {sheet: table for sheet in book.worksheets if (table := _table(sheet)).rows}
        shown = tuple(table for sheet, table in tables.items() if sheet.sheet_state == "visible")
        hidden = tuple(
            LeftOut(f"隐藏的工作表“{sheet.title}”", "\n".join(_texts(table)))
            for sheet, table in tables.items()
            if sheet.sheet_state != "visible"
        )
        package.seek(0)
        unseen = tuple(_unseen(book))
        beside = (*hidden, *_remarks(book), *_margins(book), *drawn(package, "xl/drawings/"))
        return NoticeDocument(path.name, shown, beside, xlsx_pieces(package), unseen)
    except UnreadableNoticeError:
        raise
    except Exception:  # noqa: BLE001 - see the comment
        # What the library raises on a damaged file may be anything: it depends on where the damage is.
        raise UnreadableNoticeError(
            f"{path.name}已损坏，Excel工作簿读不出来，请用Excel打开后重新另存为 .xlsx。"
        ) from None


def _show_results(book: Any, package: IO[bytes]) -> None:
    """Put in place of each formula the result that the file keeps for it: that is what people see in the sheet."""
    formulas = [
        (sheet.title, place, cell)
        for sheet in book.worksheets
        for place, cell in sheet._cells.items()  # noqa: SLF001 - as in _table
        if cell.data_type == "f"
    ]
    if not formulas:
        return
    package.seek(0)
    results = openpyxl.load_workbook(package, data_only=True)
    for title, place, cell in formulas:
        result = results[title]._cells.get(place)  # noqa: SLF001 - as in _table
        if result is not None and result.value is not None:
            cell.value, cell.data_type = result.value, result.data_type


def _texts(table: Table) -> Iterator[str]:
    seen: set[int] = set()
    for cell in (cell for row in table.rows for cell in row.cells):
        if cell.region not in seen and (cell.text or cell.struck):
            yield cell.text or cell.struck
        if cell.region is not None:
            seen.add(cell.region)


def _unseen(book: Any) -> Iterator[LeftOut]:
    """The rows and columns that are hidden in a sheet that is not, and in which something is written."""
    for sheet in (sheet for sheet in book.worksheets if sheet.sheet_state == "visible"):
        rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
        columns = {
            at
            for column in sheet.column_dimensions.values()
            if column.hidden
            for at in range(column.min or 0, min(column.max or 0, _WIDEST) + 1)
        }
        texts: dict[str, list[str]] = {}
        for (row, column), cell in sheet._cells.items() if rows or columns else ():  # noqa: SLF001 - as in _table
            if cell.value is None:
                continue
            if row in rows:
                texts.setdefault(f"第{row}行", []).append(str(cell.value))
            if column in columns:
                texts.setdefault(f"{get_column_letter(column)}栏", []).append(str(cell.value))
        for place, words in texts.items():
            yield LeftOut(f"工作表“{sheet.title}”{place}", " ".join(words))


def _remarks(book: Any) -> Iterator[LeftOut]:
    """The comments that people pinned to cells."""
    for sheet in book.worksheets:
        for cell in sheet._cells.values():  # noqa: SLF001 - as in _table
            if cell.comment is not None and (cell.comment.text or "").strip():
                yield LeftOut(f"工作表“{sheet.title}”{cell.coordinate}的批注", cell.comment.text.strip())


def _margins(book: Any) -> Iterator[LeftOut]:
    """What is printed above and below a sheet."""
    for sheet in book.worksheets:
        for called, kinds in (
            ("页眉", (sheet.oddHeader, sheet.evenHeader, sheet.firstHeader)),
            ("页脚", (sheet.oddFooter, sheet.evenFooter, sheet.firstFooter)),
        ):
            parts = (part.text for kind in kinds for part in (kind.left, kind.center, kind.right))
            lines = [_CODE.sub("", text).strip() for text in parts if text]
            if text := "\n".join(dict.fromkeys(line for line in lines if any(char.isalpha() for char in line))):
                yield LeftOut(f"工作表“{sheet.title}”{called}", text)


def _table(sheet: Worksheet) -> Table:
    # The sheet's own store: asking by row and column would create every place up to the last formatted one.
    written: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001 - see above
        if cell.value is not None and column <= _WIDEST:
            written.setdefault(row, {})[column] = cell
    if len(written) > _MOST_ROWS:
        raise UnreadableNoticeError(f"工作表“{sheet.title}”有{len(written)}行，不像一份通知，请只留下清单再读入。")
    regions = _regions(sheet)
    last = max((column for cells in written.values() for column in cells), default=0)
    used = sorted({*written, *(row for row, _ in regions)})
    rows = [
        row
        for row in used
        if any((row, column) in regions or column in written.get(row, {}) for column in range(1, last + 1))
    ]
    return Table(tuple(_row(sheet, row, last, written, regions) for row in rows), name=sheet.title)


def _regions(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int, int]]:
    """For each merged place, the region and the place that holds its text."""
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    for region, merged in enumerate(sheet.merged_cells.ranges, 1):
        bottom, right = min(merged.max_row, merged.min_row + _MOST_ROWS), min(merged.max_col, _WIDEST)
        for row in range(merged.min_row, bottom + 1):
            for column in range(merged.min_col, right + 1):
                found[row, column] = (region, merged.min_row, merged.min_col)
            if len(found) > _MOST_MERGED:
                raise UnreadableNoticeError(
                    f"工作表“{sheet.title}”合并的单元格太多，不像一份通知，请只留下清单再读入。"
                )
    return found


def _row(
    sheet: Worksheet,
    row: int,
    last: int,
    written: dict[int, dict[int, Any]],
    regions: dict[tuple[int, int], tuple[int, int, int]],
) -> Row:
    def cells() -> Iterator[Cell]:
        for column in range(1, last + 1):
            region, top, left = regions.get((row, column), (None, row, column))
            cell = written.get(top, {}).get(left)
            text, fault = shown(cell) if cell is not None else ("", None)
            struck = ""
            if cell is not None and fault is None:
                text, struck = apart(cell, text)
            place = f"{get_column_letter(left)}{top}{fault}" if fault else None
            shaded = is_shaded(sheet._cells.get((row, column)))  # noqa: SLF001 - as in _table
            yield Cell(text, region, place, struck, shaded, number=cell is not None and isinstance(cell.value, float))

    return Row(tuple(cells()), f"工作表“{sheet.title}”第{row}行")
