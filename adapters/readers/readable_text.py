"""Characters that no office document means: they are taken out before anybody reads the text."""

from __future__ import annotations

from dataclasses import replace

from domain.characters import printable, without_invisible
from domain.notice.document import NoticeDocument, Paragraph, Row, Table

_LINE_END = "\x85"


def readable(document: NoticeDocument) -> NoticeDocument:
    """The notice without characters that cannot be kept."""
    return replace(
        document,
        blocks=tuple(_block(block) for block in document.blocks),
        left_out=tuple(replace(out, text=_readable(out.text)) for out in document.left_out),
        held=None if document.held is None else tuple(_readable(piece) for piece in document.held),
    )


def _block(block: Paragraph | Table) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return replace(block, text=_readable(block.text), struck=_readable(block.struck))
    return replace(block, rows=tuple(_row(row) for row in block.rows))


def _row(row: Row) -> Row:
    texts = [(_readable(cell.text), _readable(cell.struck)) for cell in row.cells]
    if all(pair == (cell.text, cell.struck) for pair, cell in zip(texts, row.cells, strict=True)):
        return row
    cells = (replace(cell, text=text, struck=struck) for cell, (text, struck) in zip(row.cells, texts, strict=True))
    return replace(row, cells=tuple(cells))


def _readable(text: str) -> str:
    return without_invisible(printable(text.replace(_LINE_END, "\n"), ""))
