"""Comma-separated notices, with whichever separator the office's program writes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from adapters.readers.second_count import csv_pieces
from domain.notice.document import Cell, NoticeDocument, Row, Table
from domain.notice.refusals import UnreadableNoticeError

_SEPARATORS = (",", "\t", ";", "|", "，")
# A program that writes its numbers writes October as `2024.1`, unless another cell keeps its zero.
_NUMBER = re.compile(r"20\d\d\.1")
_KEEPS_ITS_ZERO = re.compile(r"(?<!\d)20\d\d\.10(?!\d)")
_LONGEST_CELL = 1_000_000
_MOST_CELLS = 1_000
"""No list has so many columns; each line of one is filled up to the widest."""


def csv_document(text: str, name: str) -> NoticeDocument:
    """A comma-separated text as a notice."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator, kept = _separator(text), _KEEPS_ITS_ZERO.search(text) is not None
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            must_be_a_row(cells, name, line)
            places = (
                Cell(cell.strip(), number=not kept and _NUMBER.fullmatch(cell.strip()) is not None) for cell in cells
            )
            rows.append(Row(tuple(places), f"第{line}行"))
            line = reader.line_num + 1
    except csv.Error as error:
        if "limit" in str(error):
            raise UnreadableNoticeError(
                f"{name}第{line}行有一格超过{_LONGEST_CELL:,}字，可能是引号不成对，请检查后重新另存。"
            ) from None
        raise UnreadableNoticeError(f"{name}第{line}行的引号不成对，分不出单元格，请检查后重新另存。") from None
    width = max((len(row.cells) for row in rows), default=0)
    filled = (Row(row.cells + (Cell(""),) * (width - len(row.cells)), row.place) for row in rows)
    table = Table(tuple(row for row in filled if not row.blank))
    return NoticeDocument(name, (table,), held=csv_pieces(text, separator))


def must_be_a_row(cells: Sequence[str], name: str, line: int) -> None:
    """Refuse a line of more cells than any list has.

    Raises:
        UnreadableNoticeError: it has more.
    """
    if len(cells) > _MOST_CELLS:
        raise UnreadableNoticeError(f"{name}第{line}行有{len(cells)}格，不像一份通知，请只留下清单再读入。")


def _separator(text: str) -> str:
    """The separator under which most lines have the same number of cells, and more than one."""
    sample = text[:20_000].split("\n")[:60]
    counts = {separator: max(line.count(separator) for line in sample) for separator in _SEPARATORS}
    head = max(
        sample,
        key=lambda line: sum(word in line for word in ("序号", "部门", "单位", "任务", "项目", "进度", "时限", "内容")),
    )
    by_head = {separator: head.count(separator) for separator in _SEPARATORS if head.count(separator) >= 2}
    pool = by_head or counts
    return max(pool, key=lambda separator: (pool[separator], -_SEPARATORS.index(separator)))
