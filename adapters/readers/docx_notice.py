"""Word notices: paragraphs and tables in reading order, merged cells and automatic numbers included."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from adapters.readers.docx_text import Numbering, gone_styles, heading_depth, is_on, paragraph_text, symbol
from adapters.readers.drawings import drawn
from adapters.readers.packages import office_package
from adapters.readers.second_count import docx_pieces
from domain.notice.document import Cell, LeftOut, NoticeDocument, Paragraph, Row, Table
from domain.notice.refusals import UnreadableNoticeError

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:smartTag"), qn("w:customXml"), qn("w:moveTo")}
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_DEEPEST = 200
_NOT_SHADED = ("auto", "FFFFFF", "")
# The parts beside the body, and what a person calls them.
_BESIDE = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}


def read_docx(path: Path) -> NoticeDocument:
    """A Word document as a notice."""
    package = office_package(path, part="word/document.xml", kind="Word文档", suffix=".docx")
    try:
        document = docx.Document(package)
        styles = document.styles.element
        body = _Body(Numbering(_numbering(document), styles), gone_styles(styles))
        blocks = tuple(body.blocks(document.element.body))
        beside = (
            *body.inside,
            *_beside(document),
            *_formulas(document.element.body),
            *_symbols(document.element.body),
            *drawn(package, "word/document"),
        )
        package.seek(0)
        held = docx_pieces(package)
        return NoticeDocument(path.name, blocks, beside, held, tuple(_unseen(document.element.body)))
    except Exception:  # noqa: BLE001 - see the comment
        # What the library raises on a damaged file may be anything: it depends on where the damage is.
        raise UnreadableNoticeError(f"{path.name}已损坏，Word文档读不出来，请用Word打开后重新另存为 .docx。") from None


def _numbering(document: Any) -> Any | None:
    return next((part.element for part in _parts(document, "numbering")), None)


def _parts(document: Any, kind: str) -> Iterator[Any]:
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.rsplit("/", 1)[-1] == kind:
            yield relation.target_part


def _beside(document: Any) -> Iterator[LeftOut]:
    """What stands beside the body: page heads and feet, notes, comments."""
    for kind, called in _BESIDE.items():
        for part in _parts(document, kind):
            # Parts that the library does not know have bytes only.
            root = part.element if hasattr(part, "element") else parse_xml(part.blob)
            lines = (paragraph_text(paragraph)[0].strip() for paragraph in root.iter(_P))
            text = "\n".join(line for line in lines if any(char.isalpha() for char in line))
            if text:
                yield LeftOut(called, text)


def _formulas(body: Any) -> Iterator[LeftOut]:
    """What was written with the editor of formulas."""
    text = " ".join(words.text or "" for words in body.iter(_MATH)).strip()
    if text:
        yield LeftOut("公式编辑器", text)


def _symbols(body: Any) -> Iterator[LeftOut]:
    """The characters of symbol fonts of which nobody here knows what they show."""
    unknown = [mark for mark in body.iter(qn("w:sym")) if symbol(mark) is None]
    if unknown:
        fonts = "、".join(dict.fromkeys(mark.get(qn("w:font")) or "" for mark in unknown))
        yield LeftOut("符号字体", f"{len(unknown)}个符号（{fonts}）")


def _unseen(body: Any) -> Iterator[LeftOut]:
    """The words that are formatted as hidden."""
    hidden = [run for run in body.iter(qn("w:r")) if is_on(run.find(f"{qn('w:rPr')}/{qn('w:vanish')}"))]
    text = "".join(words.text or "" for run in hidden for words in run.iter(qn("w:t"))).strip()
    if text:
        yield LeftOut("有些文字", text)


def _is_one_place(table: Any) -> bool:
    """Whether a table is only a frame: one place that holds everything."""
    rows = list(_children(table, _TR))
    return len(rows) == 1 and len(list(_children(rows[0], _TC))) == 1


class _Body:
    """The body of a Word file; `inside` has the tables that stand inside a place of another one."""

    def __init__(self, numbering: Numbering, gone: Collection[str]) -> None:
        self._gone = gone
        self.inside: list[LeftOut] = []
        self._regions = 0
        self._numbering = numbering

    def blocks(self, element: Any) -> Iterator[Paragraph | Table]:
        for child in element:
            if child.tag == _P:
                text, struck = paragraph_text(child, self._gone)
                number = self._numbering.of(child)
                text = f"{number[1]}{text.strip()}" if number is not None and text.strip() else text.strip()
                if text or struck:
                    yield Paragraph(text, struck, heading_depth(child))
            elif child.tag == _TBL and _is_one_place(child) and child.find(f".//{_TBL}") is not None:
                (frame,) = (place for row in _children(child, _TR) for place in _children(row, _TC))
                yield from self.blocks(frame)
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
                    text, struck = self._cell(place, number)
                    deleted = (
                        row.find(f"{qn('w:trPr')}/{qn('w:del')}"),
                        place.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}"),
                    )
                    if any(map(is_on, deleted)):
                        # A row or a place that somebody deleted while changes are tracked.
                        text, struck = "", "\n".join(filter(None, (text, struck)))
                    region = self._region() if span > 1 or merge else None
                    cell = Cell(text, region, struck=struck, shaded=_is_shaded(place))
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

    def _cell(self, place: Any, number: int) -> tuple[str, str]:
        """The valid text of a place, and what is struck through in it."""
        lines: list[str] = []
        struck: list[str] = []
        for child in place:
            if child.tag == _P:
                text, gone = paragraph_text(child, self._gone)
                counted = self._numbering.of(child)
                # Where nothing else stands the automatic number is the serial.
                lines.append(text if text.strip() or counted is None else str(counted[0]))
                struck.append(gone)
            elif child.tag == _TBL:
                rows = [[cell.text or cell.struck for cell in row.cells] for row in self._table(child).rows]
                words = "\n".join(" ".join(filter(None, cells)) for cells in rows)
                if words.strip():
                    self.inside.append(LeftOut(f"表格第{number}行单元格里的表格", words))
            elif child.tag in _WRAPPERS:
                text, gone = self._cell(child, number)
                lines.append(text)
                struck.append(gone)
        return "\n".join(line for line in lines if line.strip()).strip(), "\n".join(filter(None, struck))


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


def _is_shaded(place: Any) -> bool:
    shading = place.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
    return shading is not None and (shading.get(qn("w:fill")) or "auto") not in _NOT_SHADED
