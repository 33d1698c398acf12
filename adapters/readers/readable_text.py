"""Characters that no office document means: they are taken out before anybody reads the text."""

from __future__ import annotations

from dataclasses import replace

from domain.notice.document import NoticeDocument, Paragraph, Row, Table
from domain.texts import printable

_LINE_END = "\x85"


def readable(document: NoticeDocument) -> NoticeDocument:
    """The notice without characters that cannot be kept."""
    return replace(document, blocks=tuple(_block(block) for block in document.blocks))


def _block(block: Paragraph | Table) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return Paragraph(_readable(block.text))
    return replace(block, rows=tuple(_row(row) for row in block.rows))


def _row(row: Row) -> Row:
    texts = [_readable(cell.text) for cell in row.cells]
    if all(text == cell.text for text, cell in zip(texts, row.cells, strict=True)):
        return row
    return replace(row, cells=tuple(replace(cell, text=text) for cell, text in zip(row.cells, texts, strict=True)))


def _readable(text: str) -> str:
    return printable(text.replace(_LINE_END, "\n"), "").replace("\ufeff", "")
