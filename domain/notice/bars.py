"""Places under months that are bars: marks, colours and merged places, each stretch of them one time."""

from __future__ import annotations

import re

from domain.notice.columns import Columns
from domain.notice.patterns import STROKES, regex
from domain.notice.trail import RowView

_MARK = regex(r"[√✓✔☑●■◆★▲▇█☆○◎△□◇vVyYxX*=]{1,3}|是")
NO = regex(rf"{STROKES}|否|无")
"""What says that nothing is there."""


def has_bars(row: RowView, columns: Columns) -> bool:
    """Whether coloured places of a row are bars: some months are coloured, not the whole row, and nothing is told."""
    cells = [row.cell(at) for at, _ in columns.periods]
    told = any(cell.text.strip() and not _MARK.fullmatch(cell.text.strip()) for cell in cells)
    return not told and any(cell.shaded for cell in cells) and not all(cell.shaded for cell in row.row.cells)


def bar(row: RowView, at: int, *, bars: bool) -> tuple[str, object]:
    """What a place under a time is: one of a merged stretch, a mark, words, or blank."""
    cell = row.cell(at)
    text = cell.text.strip()
    if cell.region is not None and text and not _MARK.fullmatch(text):
        return ("merged", cell.region)
    if not text or NO.fullmatch(text):
        return ("mark", None) if bars and cell.shaded and not text else ("blank", None)
    return ("mark", None) if _MARK.fullmatch(text) else ("text", None)


def joined(heads: list[str]) -> str:
    """The label of neighbouring columns: from the first one's head to the last one's."""
    if len(heads) == 1:
        return heads[0]
    first, last = heads[0], heads[-1]
    # `3月` to `5月`, `4-6月` to `7-9月`
    begins = re.fullmatch(r"\D{0,5}?(\d{1,2})(?:[-—－–~～至到]\d{1,2})?月份?", first)
    ends = re.fullmatch(r"\D{0,5}?(?:\d{1,2}[-—－–~～至到])?(\d{1,2})月份?", last)
    if begins and ends:
        return f"{begins[1]}-{ends[1]}月"
    return f"{first}至{last}"
