"""Characters that no office document means: they are taken out before anybody reads the text."""

from __future__ import annotations

import re
from dataclasses import replace

from domain.notice.document import NoticeDocument, Paragraph, Row, Table

# Control characters other than line feed and tab, unpaired surrogates, and code points that are no characters:
# neither the ledger nor an office file can hold them.
_UNREADABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufffe\\uffff\\ufeff]")


def readable(document: NoticeDocument) -> NoticeDocument:
    """The notice without characters that cannot be kept."""
    return replace(
        document,
        blocks=tuple(_block(block) for block in document.blocks),
        left_out=tuple(replace(out, text=_UNREADABLE.sub("", out.text)) for out in document.left_out),
        held=None if document.held is None else tuple(_UNREADABLE.sub("", piece) for piece in document.held),
    )


def _block(block: Paragraph | Table) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return replace(block, text=_UNREADABLE.sub("", block.text), struck=_UNREADABLE.sub("", block.struck))
    return replace(block, rows=tuple(_row(row) for row in block.rows))


def _row(row: Row) -> Row:
    if not any(_UNREADABLE.search(cell.text + cell.struck) for cell in row.cells):
        return row
    cells = (
        replace(cell, text=_UNREADABLE.sub("", cell.text), struck=_UNREADABLE.sub("", cell.struck))
        for cell in row.cells
    )
    return replace(row, cells=tuple(cells))
