"""The imprint of a document: who gets a copy, and who printed it when, at the foot of its last page."""

from __future__ import annotations

from typing import Final

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt
from docx.table import Table

from adapters.documents.docx_parts import add_gap, cell_margins, element
from domain.papers.wording import Say, as_drafted

_COPIES, _ISSUER, _PRINTED = "抄送：{{抄送}}。", "{{印发机关}}", "{{成文日期}}印发"
_LATIN_COPIES: Final = Pt(68)
"""What `Copies to:` takes of a line, in the size of English letters."""
_WIDTHS: Final = (Mm(92), Mm(64))
_LETTER: Final = Pt(14)
_LINE: Final = Pt(20)
_ROOM_ABOVE: Final = "120"
"""Six points, in twentieths."""
_RULES: Final = (("top", "8"), ("bottom", "8"), ("insideH", "6"))
"""Those at the outside are thicker; in eighths of a point."""


def add_imprint(document: DocxDocument, left: Length, say: Say = as_drafted) -> None:
    """The document's end: its last rule stands on the bottom line of the text's area, which begins so far from the left
    edge of the paper. The row of copies falls away where there are none."""
    table = document.add_table(rows=2, cols=2)
    _float_at_the_bottom(table, left)
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = width
    copies, day = table.cell(0, 0).merge(table.cell(0, 1)), table.cell(1, 1)
    # One letter is left free at either side.
    one, none = _LETTER, Pt(0)
    for cell, text, sides in (
        (copies, _COPIES, (one, one)),
        (table.cell(1, 0), _ISSUER, (one, none)),
        (day, _PRINTED, (none, one)),
    ):
        paragraph = cell.paragraphs[0]
        paragraph.add_run(say(text)).font.size = _LETTER
        form = paragraph.paragraph_format
        form.line_spacing, form.left_indent, form.right_indent = _LINE, *sides
    label = Length(_LETTER * (_COPIES.index("：") + 1)) if say is as_drafted else _LATIN_COPIES
    copies.paragraphs[0].paragraph_format.left_indent = Length(_LETTER + label)
    copies.paragraphs[0].paragraph_format.first_line_indent = Length(-label)
    day.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    # A table hangs on the paragraph behind it, and a document ends with one.
    add_gap(document, Pt(1))


def _float_at_the_bottom(table: Table, left: Length) -> None:
    """Nothing else finds the bottom of the last page: what stands in the text stands where the text happens to end."""
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    properties = table._tbl.tblPr  # noqa: SLF001 - the library has no verb for any of it
    # LibreOffice lets a table that is as wide as the text float only where it is placed from the edge of the paper.
    place = {"topFromText": _ROOM_ABOVE, "vertAnchor": "margin", "horzAnchor": "page", "tblpX": str(round(left / 635))}
    properties.insert_element_before(element("w:tblpPr", place | {"tblpYSpec": "bottom"}), "w:tblOverlap", "w:tblW")
    rules = element("w:tblBorders", {})
    for side, eighths in _RULES:
        rules.append(element(f"w:{side}", {"val": "single", "sz": eighths, "space": "0", "color": "000000"}))
    properties.insert_element_before(rules, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(cell_margins(0), "w:tblLook")
