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
    return replace(document, blocks=tuple(_block(block) for block in document.blocks))


def _block(block: Paragraph | Table) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return Paragraph(_UNREADABLE.sub("", block.text))
    return replace(block, rows=tuple(_row(row) for row in block.rows))


def _row(row: Row) -> Row:
    if not any(_UNREADABLE.search(cell.text) for cell in row.cells):
        return row
    return replace(row, cells=tuple(replace(cell, text=_UNREADABLE.sub("", cell.text)) for cell in row.cells))
