"""The bulletin of a score as a document to be issued, or as a workbook: the very paragraphs and tables of its page."""

from __future__ import annotations

import io

import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from openpyxl.worksheet.worksheet import Worksheet

from adapters.documents.archive import fixed_archive
from adapters.documents.docx_parts import HEADING_FONT, add_table, add_text
from adapters.documents.official_layout import add_title, official_document, saved
from adapters.documents.workbook_rows import add_row, add_sheet
from domain.papers.wording import Say, as_drafted
from domain.scoring.bulletin_text import sections, standing_told, tables
from domain.scoring.score_bulletin import ScoreBulletin

_TEXT = "正文"
_WIDTHS = (
    (46, 22, 22, 22, 22, 22),
    (28, 23, 25, 22, 12, 12, 34),
    (21, 18, 27, 14, 12, 12, 14, 24, 14),
)
"""Millimetres between the margins, table by table."""
_SIZES = (Pt(10.5), Pt(9), Pt(8))


def bulletin_bytes(bulletin: ScoreBulletin, ending: str, say: Say = as_drafted) -> bytes:
    """A bulletin as a file of an ending, `.docx` or `.xlsx`, in the language in which `say` says it."""
    return _document(bulletin, say) if ending == ".docx" else _workbook(bulletin, say)


def _document(bulletin: ScoreBulletin, say: Say) -> bytes:
    document = official_document()
    add_title(document, say(bulletin.title))
    document.core_properties.title = say(bulletin.title)
    add_text(document, say(standing_told(bulletin)), alignment=WD_ALIGN_PARAGRAPH.CENTER)
    for heading, lines in sections(bulletin, say):
        add_text(document, heading, font=HEADING_FONT, indented=True)
        for line in lines:
            add_text(document, line, indented=True)
    for table, widths, size in zip(tables(bulletin, say), _WIDTHS, _SIZES, strict=False):
        add_text(document, f"{table.name}　{table.caption}", font=HEADING_FONT)
        rows = [[str(cell) for cell in row] for row in table.rows]
        add_table(document, table.heads, rows, [Mm(each) for each in widths], size=size)
    return fixed_archive(saved(document, say))


def _workbook(bulletin: ScoreBulletin, say: Say) -> bytes:
    book = openpyxl.Workbook()
    text = book.active
    assert isinstance(text, Worksheet)
    text.title = say(_TEXT)
    add_row(text, (say(bulletin.title),))
    add_row(text, (say(standing_told(bulletin)),))
    for heading, lines in sections(bulletin, say):
        for line in (heading, *lines):
            add_row(text, (line,))
    for table in tables(bulletin, say):
        add_sheet(book, table.name, (table.heads, *table.rows))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
