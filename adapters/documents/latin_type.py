"""The same parts in the type of an English letter: smaller letters on closer lines, bold heads, room between paragraphs
and no indent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph

_BOLD: Final = frozenset({"方正小标宋简体", "黑体"})
"""The fonts of titles and heads; Latin letters have weight in their place."""
_BODY, _LETTERS = Pt(16), Pt(12)
_LINE, _CLOSER = Pt(28), Pt(17)
_BETWEEN: Final = Pt(8)
_FIELD, _IN_A_FIELD = Pt(14), Pt(11)


def in_latin_type(document: DocxDocument) -> None:
    """Give a document that was made for Chinese letters the type of English ones."""
    style = document.styles["Normal"]
    style.font.size, style.paragraph_format.line_spacing = _LETTERS, _CLOSER
    letters = style.element.get_or_add_rPr()
    for spacing in letters.findall(qn("w:spacing")):
        letters.remove(spacing)  # drawn together to stand 28 in a line
    for paragraph in document.paragraphs:
        _closer(paragraph)
        if paragraph.paragraph_format.first_line_indent:
            paragraph.paragraph_format.first_line_indent = None
            paragraph.paragraph_format.space_after = _BETWEEN
        elif paragraph.alignment is None and paragraph.text:
            paragraph.paragraph_format.space_after = _BETWEEN
    for paragraph in _in_tables(document):
        _closer(paragraph)


def _closer(paragraph: Paragraph) -> None:
    form = paragraph.paragraph_format
    for run in paragraph.runs:
        fonts = run._r.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")  # noqa: SLF001 - fonts for Chinese have no verb
        if fonts is not None and fonts.get(qn("w:eastAsia")) in _BOLD:
            run.font.bold = True
        if run.font.size == _BODY:
            run.font.size = _LETTERS
        elif run.font.size == _FIELD:
            run.font.size = _IN_A_FIELD
    if form.line_spacing == _LINE and not any(_is_larger(run.font.size) for run in paragraph.runs):
        form.line_spacing = _CLOSER


def _is_larger(size: Length | None) -> bool:
    return size is not None and size > _BODY


def _in_tables(document: DocxDocument) -> Iterator[Paragraph]:
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs
