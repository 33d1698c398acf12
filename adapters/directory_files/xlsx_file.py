"""The directory as a spreadsheet: one sheet, every cell a text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from adapters.directory_files.unreadable import UnreadableDirectoryFileError, must_be_readable, table_from
from adapters.files.merged_places import vast_merge
from domain.directory.table import HEADS, MOST_ROWS, DirectoryTable

_SHEET = "名册"
_LARGEST_UNPACKED = 200 * 1024 * 1024
_WIDEST = 60
_WIDTHS = {"名称": 18, "别名": 24, "账号": 24, "部门": 18, "角色": 12, "自": 12, "至": 12}


def read_xlsx(path: Path) -> DirectoryTable:
    """The table that a file holds: the sheet `名册`, or the only visible one; every other is named as left out.

    Raises:
        UnreadableDirectoryFileError: it is no spreadsheet, or not in our form.
    """
    data = must_be_readable(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise UnreadableDirectoryFileError(f"{path.name}解压后有 {unpacked >> 20} MB，不像名册：请核对文件。")
        _must_not_be_merged(path.name, vast_merge(io.BytesIO(data)))
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = _sheet_of(book, path.name)
        others = [f"工作表“{each}”没有读入" for each in book.sheetnames if each != sheet.title]
        return table_from(path.name, _lines(sheet, path.name), others)
    except UnreadableDirectoryFileError:
        raise
    except Exception:  # noqa: BLE001 - the library raises nearly anything on a damaged file
        raise UnreadableDirectoryFileError(
            f"{path.name}不是 Excel 工作簿，或已损坏：请用 Excel 打开后另存为 .xlsx。"
        ) from None


def xlsx_bytes(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Rows as the bytes of a file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    sheet.freeze_panes = "A2"
    for column, head in enumerate(HEADS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(head, 10)
    sheet.append([_cell(sheet, head, bold=True) for head in HEADS])
    for row in rows:
        sheet.append([_cell(sheet, row.get(head, "")) for head in HEADS])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, value=text)
    # Everything is text: a spreadsheet would turn days round and `=` into a formula.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top")
    return cell


def _sheet_of(book: Any, name: str) -> Any:
    if _SHEET in book.sheetnames:
        return book[_SHEET]
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(visible) != 1:
        raise UnreadableDirectoryFileError(f"{name}有 {len(visible)} 张工作表：请把名册的那一张改名为“{_SHEET}”。")
    return visible[0]


def _must_not_be_merged(name: str, where: str | None) -> None:
    if where is not None:
        raise UnreadableDirectoryFileError(f"{name}有合并的单元格（{where}）：名册一行说一件事，请取消合并。")


def _lines(sheet: Any, name: str) -> Iterator[tuple[str, Sequence[str]]]:
    _must_not_be_merged(name, next(map(str, sheet.merged_cells.ranges), None))
    written: dict[int, dict[int, Any]] = {}
    # The sheet's own store: asking by row and column would create every place up to the last formatted one.
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001 - see above
        if cell.value is not None:
            written.setdefault(row, {})[column] = cell
    if len(written) > MOST_ROWS * 2:
        raise UnreadableDirectoryFileError(f"{name}有 {len(written)} 行，最多 {MOST_ROWS} 行：请核对是不是名册。")
    for row in sorted(written):
        cells = written[row]
        width = min(max(cells), _WIDEST)
        yield f"第{row}行", [_text(cells[at], name) if at in cells else "" for at in range(1, width + 1)]


def _text(cell: Any, name: str) -> str:
    value = cell.value
    if cell.data_type in ("f", "e"):
        what = "公式" if cell.data_type == "f" else "错误值"
        raise UnreadableDirectoryFileError(f"{name}的 {cell.coordinate} 是{what}：请改成文字。")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
