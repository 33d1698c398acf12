"""Markdown notices: pipe tables, tables in HTML, and paragraphs."""

from __future__ import annotations

import re
from itertools import pairwise

from adapters.readers.html_tables import html_tables, table_at
from adapters.readers.second_count import markdown_pieces
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table

_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_STRUCK = re.compile(r"~~(.+?)~~")
_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\([^()\s]*\)")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+|>\s*)")
_NESTED = re.compile(r"^(?: {2,}|\t+)[-*+]\s")
_MARKED = re.compile(r"^\s*(?:#{1,6}\s+\S|(?:[-*+]\s+)?\*\*[^*]+\*\*)")
_SPLIT = re.compile(r"(?<!\\)\|")


def is_markdown(text: str) -> bool:
    """Whether a text holds a pipe table, a heading or bold words."""
    lines = text.split("\n")
    ruled = any("|" in line and _RULE.match(after) and "|" in after for line, after in pairwise(lines))
    return ruled or any(_MARKED.match(line) for line in lines)


def markdown_document(text: str, name: str) -> NoticeDocument:
    """A Markdown text as a notice, the HTML tables in it as well."""
    held = markdown_pieces(text)
    blocks: list[Paragraph | Table] = []
    rows: list[Row] = []
    text, tables = html_tables(text.replace("\r\n", "\n"))
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if (at := table_at(line)) is not None:
            if rows:
                blocks.append(_table(rows))
                rows = []
            blocks.append(tables[at])
            continue
        if "|" in line and line.strip().count("|") >= 2:
            if not _RULE.match(line):
                rows.append(Row(tuple(map(_cell, _cells(line))), f"第{number}行"))
            continue
        if rows:
            blocks.append(_table(rows))
            rows = []
        if line.strip():
            blocks.append(_paragraph(line))
    return NoticeDocument(name, tuple(blocks), held=held)


def _paragraph(line: str) -> Paragraph:
    """A line without its marks; a bullet stays one, and one under another too, for items are told by it."""
    marks = _HEADING.match(line)
    bullet = "◦ " if _NESTED.match(line) else "• "
    text = _plain(re.sub(r"^\s*[-*+]\s+", bullet, _HEADING.sub("", line)))
    return Paragraph(text, heading=line[: marks.end()].count("#") if marks is not None else 0)


def _table(rows: list[Row]) -> Table:
    width = len(rows[0].cells)
    return Table(
        tuple(
            Row((row.cells + (Cell(""),) * (width - len(row.cells)))[: max(width, len(row.cells))], row.place)
            for row in rows
        )
    )


def _cells(line: str) -> list[str]:
    line = line.strip()
    cells = _SPLIT.split(line)
    if line.startswith("|"):
        cells = cells[1:]
    if line.endswith("|") and not line.endswith("\\|"):
        cells = cells[:-1]
    return [cell.replace("\\|", "|") for cell in cells]


def _cell(text: str) -> Cell:
    """A place of a table, what is struck out in it apart from what counts."""
    return Cell(_plain(_STRUCK.sub("", text)), struck="\n".join(map(_plain, _STRUCK.findall(text))))


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\g<text>", _BREAK.sub("\n", text))).strip()
