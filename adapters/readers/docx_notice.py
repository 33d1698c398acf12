"""Word notices: paragraphs and tables in reading order, merged cells and automatic numbers included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from adapters.readers.packages import office_package
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.refusals import UnreadableNoticeError

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:smartTag"), qn("w:customXml"), qn("w:moveTo")}
_GONE = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:pPr"),
    qn("w:rPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), {qn("w:br"), qn("w:cr")}
_HYPHEN = qn("w:noBreakHyphen")
_DEEPEST = 200


class DocxNoticeReader:
    """Reads `.docx`."""

    def read(self, path: Path) -> NoticeDocument:
        """The content of a Word file.

        Raises:
            UnreadableNoticeError: the file is no Word document, is encrypted, damaged or monstrous.
        """
        package = office_package(path, part="word/document.xml", kind="Word文档", suffix=".docx")
        try:
            body = docx.Document(package).element.body
            return NoticeDocument(path.name, tuple(_Body().blocks(body)))
        except Exception:  # noqa: BLE001 - see the comment
            # What the library raises on a damaged file may be anything: it depends on where the damage is.
            raise UnreadableNoticeError(
                f"{path.name}已损坏，Word文档读不出来，请用Word打开后重新另存为 .docx。"
            ) from None


class _Body:
    def __init__(self) -> None:
        self._regions = 0
        self._counters: defaultdict[str, int] = defaultdict(int)

    def blocks(self, element: Any) -> Iterator[Paragraph | Table]:
        for child in element:
            if child.tag == _P:
                if text := self._paragraph(child).strip():
                    yield Paragraph(text)
            elif child.tag == _TBL:
                yield self._table(child)
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child)

    def _table(self, table: Any) -> Table:
        rows: list[Row] = []
        above: dict[int, Cell] = {}
        for number, row in enumerate(_children(table, _TR), 1):
            below: dict[int, Cell] = {}
            cells: list[Cell] = [Cell("")] * _skipped(row)
            for place in _children(row, _TC):
                span, merge = _merging(place)
                at = len(cells)
                if merge == "continue" and at in above:
                    cell = above[at]
                else:
                    text = self._cell(place)
                    cell = Cell(text, self._region() if span > 1 or merge else None)
                if merge:
                    below[at] = cell
                cells.extend([cell] * min(span, _DEEPEST))
            above = below
            rows.append(Row(tuple(cells), f"表格第{number}行"))
        width = max((len(row.cells) for row in rows), default=0)
        return Table(tuple(Row(row.cells + (Cell(""),) * (width - len(row.cells)), row.place) for row in rows))

    def _region(self) -> int:
        self._regions += 1
        return self._regions

    def _cell(self, place: Any) -> str:
        lines: list[str] = []
        for child in place:
            if child.tag == _P:
                lines.append(self._paragraph(child))
            elif child.tag == _TBL:
                lines.extend(cell.text for row in self._table(child).rows for cell in row.cells)
            elif child.tag in _WRAPPERS:
                lines.append(self._cell(child))
        return "\n".join(line for line in lines if line.strip()).strip()

    def _paragraph(self, paragraph: Any) -> str:
        text = "".join(_pieces(paragraph))
        numbering = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if numbering is not None and (number := numbering.get(qn("w:val"))) not in (None, "0"):
            self._counters[number] += 1
            # An automatic number is printed and nowhere in the text; where nothing else stands it is the serial.
            return text if text.strip() else str(self._counters[number])
        return text


def _children(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _merging(place: Any) -> tuple[int, str | None]:
    properties = place.find(qn("w:tcPr"))
    if properties is None:
        return 1, None
    span = properties.find(qn("w:gridSpan"))
    merge = properties.find(qn("w:vMerge"))
    width = span.get(qn("w:val")) if span is not None else None
    return (int(width) if width and width.isdigit() else 1), (
        merge.get(qn("w:val")) or "continue"
    ) if merge is not None else None


def _skipped(row: Any) -> int:
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    value = before.get(qn("w:val")) if before is not None else None
    return min(int(value), _DEEPEST) if value and value.isdigit() else 0


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag == _TAB:
            yield "\t"
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == _HYPHEN:
            yield "-"
        else:
            yield from _pieces(child)
