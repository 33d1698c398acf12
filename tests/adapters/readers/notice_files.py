"""The real notice in other formats, made by real libraries; and files that must be refused."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

NOTICE = Path(__file__).parents[3] / "examples" / "2018-key-projects.txt"

# A picture of one dot.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def parts() -> tuple[list[str], list[list[str]], list[str]]:
    """The notice's lines before its table, the table's rows, the lines after."""
    lines = [line for line in NOTICE.read_text(encoding="utf-8").split("\n") if line.strip()]
    places = [at for at, line in enumerate(lines) if "\t" in line]
    return lines[: places[0]], [line.split("\t") for line in lines if "\t" in line], lines[places[-1] + 1 :]


def save_docx(path: Path, before: Sequence[str], rows: Sequence[Sequence[str]], after: Sequence[str] = ()) -> None:
    """A Word file with one table."""
    document = docx.Document()
    for line in before:
        document.add_paragraph(line)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    for line in after:
        document.add_paragraph(line)
    document.save(str(path))


def save_xlsx(path: Path, before: Sequence[str], rows: Sequence[Sequence[object]], after: Sequence[str] = ()) -> None:
    """A spreadsheet with title rows above its table."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in before:
        sheet.append([line])
    for row in rows:
        sheet.append([int(cell) if isinstance(cell, str) and cell.isdigit() else cell for cell in row])
    for line in after:
        sheet.append([line])
    book.save(path)


def csv_text(before: Sequence[str], rows: Sequence[Sequence[str]], after: Sequence[str] = ()) -> str:
    """A comma-separated text with title lines."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([line] for line in before)
    writer.writerows(rows)
    writer.writerows([line] for line in after)
    return out.getvalue()


def markdown_text(before: Sequence[str], rows: Sequence[Sequence[str]], after: Sequence[str] = ()) -> str:
    """A Markdown text with a pipe table."""
    table = [f"| {' | '.join(row)} |" for row in rows]
    table.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n\n".join([*before, "\n".join(table), *after])


def save_pdf(path: Path, before: Sequence[str], rows: Sequence[Sequence[str]], after: Sequence[str] = ()) -> None:
    """A PDF with a ruled table over several pages, its head repeated on each."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("notice", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    table = Table(
        [[Paragraph(cell.replace("&", "&amp;"), style) for cell in row] for row in rows],
        colWidths=[30, 150, 250, 70, 90, 450],
        repeatRows=1,
        style=[("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))],
    )
    story = [*(Paragraph(line, style) for line in before), table, *(Paragraph(line, style) for line in after)]
    SimpleDocTemplate(str(path), pagesize=landscape(A3)).build(story)


def save_zip(path: Path, entries: dict[str, bytes]) -> None:
    """A zip package of our own making."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            package.writestr(name, data)
