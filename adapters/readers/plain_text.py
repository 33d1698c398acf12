"""Plain text copied out of a document: tab-separated rows are tables, other lines are paragraphs."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from adapters.readers.broken_lines import whole_paragraphs, without_page_marks
from adapters.readers.csv_notice import must_be_a_row
from adapters.readers.drawn_tables import with_drawn_tables
from adapters.readers.second_count import csv_pieces
from domain.notice.document import Cell, LeftOut, NoticeDocument, Paragraph, Row, Table

_FEWEST_CELLS = 3


@dataclass(slots=True)
class _Gathered:
    blocks: list[Paragraph | Table] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    width: int = 0

    def close(self) -> None:
        if self.rows:
            self.blocks.append(Table(tuple(self.rows)))
        self.rows, self.width = [], 0


def text_document(text: str, name: str) -> NoticeDocument:
    """A text as a notice; a row that quotes a cell with line breaks (as a spreadsheet copies it) is one row."""
    text = with_drawn_tables(text)
    if "\t" not in text and sum(line.count("|") >= _FEWEST_CELLS - 1 for line in text.split("\n")) > 1:
        text = text.replace("|", "\t")
    gathered = _Gathered()
    unmarked, marks = without_page_marks(text)
    logical = list(_logical_lines(unmarked))
    for at, line in whole_paragraphs([line for _, line in logical]):
        number = logical[at][0]
        cells = _cells(line)
        must_be_a_row(cells, name, number)
        if len(cells) >= _FEWEST_CELLS or (gathered.width and len(cells) > 1):
            if gathered.width and len(cells) < gathered.width:
                cells += [""] * (gathered.width - len(cells))
            if not gathered.width:
                gathered.width = len(cells)
            gathered.rows.append(Row(tuple(Cell(cell.strip()) for cell in cells), f"第{number}行"))
        elif line.strip():
            gathered.close()
            gathered.blocks.append(Paragraph(line.strip()))
    gathered.close()
    return NoticeDocument(name, tuple(gathered.blocks), page_marks(marks), held=csv_pieces(text, "\t"))


def page_marks(marks: tuple[str, ...]) -> tuple[LeftOut, ...]:
    """The page numbers and running heads of a text, as one thing that is left out."""
    return (LeftOut("页码和页眉", "；".join(marks)),) if marks else ()


def _logical_lines(text: str) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    pending: list[str] = []
    first = 1
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if not pending:
            first = number
        pending.append(line)
        whole = "\n".join(pending)
        if '\t"' in whole and whole.count('"') % 2 == 1 and len(pending) < 40:
            continue
        lines.append((first, whole))
        pending = []
    for offset, line in enumerate(pending):
        # A quotation mark that was never closed quotes nothing.
        lines.append((first + offset, line))
    return lines


def _cells(line: str) -> list[str]:
    if '\t"' in f"\t{line}":
        try:
            return next(iter(csv.reader(io.StringIO(line), delimiter="\t")), [])
        except csv.Error:
            return line.split("\t")
    return line.split("\t")
