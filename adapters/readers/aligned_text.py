"""Tables of a text whose columns are held apart by blanks alone, as they are pasted into a mail or a terminal."""

from __future__ import annotations

import re

from adapters.readers.broken_lines import PAGE_BREAK, without_page_marks
from adapters.readers.plain_text import page_marks
from adapters.readers.second_count import csv_pieces
from adapters.readers.unruled import Layout, Line, Word, heads_columns, unruled_lines, width
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table

# A single blank stands inside a text; two, or a full-width one, part two columns.
_WORD = re.compile(r"\S+(?: \S+)*")
_PLACE, _HEIGHT = 6.0, 12.0


def aligned_document(text: str, name: str) -> NoticeDocument | None:
    """A text as a notice, where a line of at least three known heads stands over columns; else `None`."""
    blocks: list[Paragraph | Table] = []
    unmarked, marks = without_page_marks(text)
    layout: Layout | None = None
    for lines in _groups(unmarked):
        layout = layout if len(lines[0].words) > 1 else None
        found = unruled_lines(lines, layout, aligned=True)
        if found is None:
            blocks += [Paragraph(line.text) for line in lines]
            layout = None
            continue
        first, layout = round(lines[len(found.above)].top / _HEIGHT), found.layout
        rows = [
            Row(tuple(Cell("\n".join(texts)) for texts in cells), f"第{first}行起的表第{number}行")
            for number, cells in enumerate(found.rows, 1)
        ]
        above, below = ([Paragraph(line) for line in part] for part in (found.above, found.below))
        blocks += [*above, Table(tuple(rows)), *below]
    found_table = any(isinstance(block, Table) for block in blocks)
    if not found_table:
        return None
    return NoticeDocument(name, tuple(blocks), page_marks(marks), held=csv_pieces(text, "\t"))


def with_pieces_parted(text: str) -> str | None:
    """A text with tabs for the blanks of its table, where each row has a piece for each head; else `None`.

    Pieces that are fewer or more than the heads belong to nobody knows which columns: then nothing is parted.
    """
    lines = text.split("\n")
    pieces = [_WORD.findall(line) for line in lines]
    head = next((at for at, found in enumerate(pieces) if heads_columns(found)), None)
    if head is None:
        return None
    rows = [head]
    for at in range(head + 1, len(lines)):
        if len(pieces[at]) == len(pieces[head]):
            rows.append(at)
        elif len(pieces[at]) > 1 or (pieces[at] and lines[at][:1].isspace()):
            # A row that lacks a piece, or the rest of a cell on a line of its own.
            return None
        elif pieces[at]:
            break
    if any(len(found) >= len(pieces[head]) for found in pieces[rows[-1] + 1 :]):
        return None
    for at in rows:
        lines[at] = "\t".join(pieces[at])
    return "\n".join(lines) if len(rows) > 1 else None


def _groups(text: str) -> list[list[Line]]:
    """The lines between blank ones, each with its words where they stand."""
    groups: list[list[Line]] = [[]]
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\t", "        ").split("\n"), 1):
        top = number * _HEIGHT
        words = [
            Word(_PLACE * width(line[: word.start()]), _PLACE * width(line[: word.end()]), top, top + _HEIGHT, word[0])
            for word in _WORD.finditer(line)
        ]
        if words:
            groups[-1].append(Line(words))
        elif groups[-1] and line != PAGE_BREAK:
            groups.append([])
    return [group for group in groups if group]
