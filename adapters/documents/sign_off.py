"""Who issues a document and who signed for it: the mark at its head, the line of its number, the names at its end.

Several offices that issue together stand in their order at both ends, each with room for its seal; the number and the
imprint are those of the first. Beside the number of what goes up stands who signed it.
"""

from __future__ import annotations

from typing import Final

from docx.document import Document as DocxDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from adapters.documents.docx_parts import add_gap, add_text, cell_margins, element, ruled, set_font
from adapters.documents.template import printable
from domain.papers.issuers import several
from domain.papers.wording import Say, as_drafted

RED: Final = RGBColor(0xD7, 0x00, 0x0F)
TITLE_FONT, _NAMES_FONT = "方正小标宋简体", "楷体_GB2312"
MOST: Final = 6
"""So many offices can issue together."""
_TEXT_WIDTH: Final = Mm(156)
_LETTER, _LINE = Pt(16), Pt(28)
_LARGEST_MARK, _SMALLEST_MARK, _LINE_POINTS = 44, 16, 440
_MARKS_HEIGHT: Final = 100
"""So many points have all marks together, but for the room between lines: the first page must have text."""
_LATIN_WIDTH = 0.7
"""A bold Latin letter of the mark is at most so wide, of its size."""
_SEAL_ROOM: Final = Pt(42)
"""A seal of 42 mm in the middle of name and date ends ten points under the text: within a line, as the layout asks."""
_NEXT_SEAL: Final = Pt(98)
"""So much between two rows of names: the seals on them do not touch."""
_FROM_THE_MARGIN, _LONGEST_DATE = Pt(36), 176
"""A date of the widest digits has room for itself; one of common digits then ends four characters from the margin."""
IN_A_ROW: Final = 2
_ABOVE_THE_NUMBER, _UNDER_THE_NUMBER = Pt(20), Pt(10)
_SIGNED: Final = "签发人："
_SIGNED_WIDTH: Final = Length(_LETTER * (len(_SIGNED) + 2 * len("李　明") + 2) + Pt(12))
"""Two names of three letters with one between them, one to the right, and what a word processor puts beside digits."""
_CENTRED = WD_ALIGN_PARAGRAPH.CENTER


PLACES: Final = tuple(f"署名{number}" for number in range(1, MOST + 1))
"""The fields of their names in the signature."""


def add_mark(document: DocxDocument, issuer: str, say: Say = as_drafted) -> None:
    """The marks of the offices, as large as the longest stands in one line between the margins, and not larger than an
    office's own; shorter ones are drawn as wide as the longest."""
    names = [printable(name) for name in several(issuer)]
    width = 1 if say is as_drafted else _LATIN_WIDTH
    longest = max(max(map(len, names)) * width, 1)
    highest = min(_LARGEST_MARK, _MARKS_HEIGHT // max(len(names), 1))
    size = Pt(max(min(highest, int(_LINE_POINTS // longest)), _SMALLEST_MARK))
    mark = add_text(document, say("{{发文机关}}"), font=TITLE_FONT, size=size, colour=RED, alignment=_CENTRED)
    if len(names) > 1 and say is as_drafted:
        beside = max((_TEXT_WIDTH - Length(size * int(longest))) // 2, 0)
        mark.alignment = WD_ALIGN_PARAGRAPH.DISTRIBUTE
        mark.paragraph_format.left_indent = mark.paragraph_format.right_indent = Length(beside)


def add_number(document: DocxDocument, signers: str, say: Say = as_drafted) -> None:
    """The number over the red line; beside it who signed, where there is anybody."""
    if signers:
        _add_signed_number(document, len(several(signers)), say)
        return
    number = add_text(document, say("{{文号}}"), alignment=_CENTRED)
    number.paragraph_format.space_before, number.paragraph_format.space_after = _ABOVE_THE_NUMBER, _UNDER_THE_NUMBER
    ruled(number, RED, (("bottom", 16),))


def _add_signed_number(document: DocxDocument, names: int, say: Say) -> None:
    """Two names in each line, under one another; the number in the line of the last ones, one letter from the left."""
    table = _without_rules(document, 1, (Length(_TEXT_WIDTH - _SIGNED_WIDTH), _SIGNED_WIDTH))
    rules = element("w:tblBorders", {})
    rules.append(element("w:bottom", {"val": "single", "sz": "16", "space": "0", "color": str(RED)}))
    table._tbl.tblPr.insert_element_before(rules, "w:tblLayout", "w:tblCellMar", "w:tblLook")  # noqa: SLF001 - no verb for it
    left, right = table.rows[0].cells
    number = _in_a_cell(left, say("{{文号}}"))
    # A paragraph falls away where nobody signs, and a cell has one at least.
    above, signed = _in_a_cell(right, ""), _in_a_cell(right, say(_SIGNED), more=True)
    above.paragraph_format.line_spacing = Pt(1)
    name = signed.add_run(say("{{签发人}}"))
    set_font(name, _NAMES_FONT)
    name.font.size = _LETTER
    number.paragraph_format.left_indent = signed.paragraph_format.right_indent = _LETTER
    if names > IN_A_ROW:
        label = Length(_LETTER * len(_SIGNED))
        signed.paragraph_format.left_indent, signed.paragraph_format.first_line_indent = label, Length(-label)
    else:
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cell in (left, right):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
        cell.paragraphs[0].paragraph_format.space_before = _ABOVE_THE_NUMBER
        cell.paragraphs[-1].paragraph_format.space_after = _UNDER_THE_NUMBER
    add_gap(document, Pt(1))


def add_signature(document: DocxDocument, issuer: str, say: Say = as_drafted) -> None:
    """Name over date, each in the middle of the other, four characters from the margin; room above for the seal."""
    names = [printable(name) for name in several(issuer)]
    if len(names) > 1:
        _add_signatures(document, len(names), say)
    else:
        width = max(_width_of(printable(issuer)), _LONGEST_DATE)
        left = max(_TEXT_WIDTH - _FROM_THE_MARGIN - Pt(width), 0)
        for text, room in (("{{发文机关}}", _SEAL_ROOM), ("{{成文日期}}", Pt(0))):
            line = add_text(document, say(text), alignment=_CENTRED)
            line.paragraph_format.left_indent, line.paragraph_format.right_indent = Length(left), _FROM_THE_MARGIN
            line.paragraph_format.space_before = room
            line.paragraph_format.keep_with_next = True
    add_text(document, say("（联系人：{{联系人}}）"), indented=True)


def _add_signatures(document: DocxDocument, names: int, say: Say) -> None:
    """Two names beside one another, the last over the date: each has a seal of its own."""
    rows = -(-names // IN_A_ROW)
    table = _without_rules(document, rows, (Length(_TEXT_WIDTH // IN_A_ROW),) * IN_A_ROW)
    cells = [cell for row in table.rows for cell in row.cells]
    for place, cell in enumerate(cells):
        name = _in_a_cell(cell, f"{{{{{say(PLACES[place])}}}}}", alignment=_CENTRED)
        name.paragraph_format.space_before = _SEAL_ROOM if place < IN_A_ROW else _NEXT_SEAL
        name.paragraph_format.keep_with_next = True
    _in_a_cell(cells[-1], say("{{成文日期}}"), alignment=_CENTRED, more=True).paragraph_format.keep_with_next = True


def _without_rules(document: DocxDocument, rows: int, widths: tuple[Length, ...]) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table._tbl.tblPr.insert_element_before(cell_margins(0), "w:tblLook")  # noqa: SLF001 - no verb for it
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    return table


def _in_a_cell(cell: _Cell, text: str, *, alignment: WD_ALIGN_PARAGRAPH | None = None, more: bool = False) -> Paragraph:
    paragraph: Paragraph = cell.add_paragraph() if more else cell.paragraphs[0]
    paragraph.add_run(text).font.size = _LETTER
    if alignment is not None:
        paragraph.alignment = alignment
    paragraph.paragraph_format.line_spacing = _LINE
    return paragraph


def _width_of(text: str) -> int:
    return sum(8 if letter.isascii() else 16 for letter in text)
