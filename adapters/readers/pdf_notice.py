"""PDF notices with a text layer: tables, ruled or not, and the lines outside them."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from adapters.readers.broken_lines import ITEM, unwrapped
from adapters.readers.decoding import read_bytes
from adapters.readers.second_count import pdf_pieces
from adapters.readers.unruled import Layout, Unruled, lines_of, unruled
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.refusals import UnreadableNoticeError

_MOST_PAGES = 1_000
_NEAR = 2.0
_MARGIN = 14.0
_WIDE = 0.6
_PAGE_NUMBER = re.compile(r"^[-—–\s]*(?:第?\s*\d{1,4}\s*页?|\d{1,4}\s*/\s*\d{1,4})[-—–\s]*$")
_TERMS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}


def read_pdf(path: Path) -> NoticeDocument:
    """The pages of a PDF as a notice."""
    data = read_bytes(path)
    if b"%PDF-" not in data[:1024]:
        raise UnreadableNoticeError(f"{path.name}不是PDF（可能改过扩展名），请重新导出。")
    # The library remarks on every odd font; a person asked for a plan, not for that.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise UnreadableNoticeError(f"{path.name}有{len(pdf.pages)}页，不像一份通知，请只留下清单再读入。")
            held = pdf_pieces(pdf.pages)
            blocks = _Pages().blocks(pdf)
    except UnreadableNoticeError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged PDF makes the library raise nearly anything
        if _is_locked(error):
            raise UnreadableNoticeError(f"{path.name}设了打开密码，请去掉密码另存后再读入。") from None
        raise UnreadableNoticeError(f"{path.name}已损坏，PDF读不出来，请重新导出。") from None
    if not blocks:
        raise UnreadableNoticeError(f"{path.name}没有文字层（可能是扫描件），请先做文字识别，或改用 .docx。")
    return NoticeDocument(path.name, tuple(blocks), held=held, held_in_order=False)


def _is_locked(error: BaseException) -> bool:
    causes = [error, *error.args] if isinstance(error, PdfminerException) else [error]
    return any(isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)) for cause in causes)


class _Pages:
    def __init__(self) -> None:
        self._region = 0
        self._layout: Layout | None = None

    def blocks(self, pdf: Any) -> list[Paragraph | Table]:
        found: list[Paragraph | Table] = []
        for number, page in enumerate(pdf.pages, 1):
            tables = sorted(page.find_tables(_TERMS), key=lambda table: table.bbox[1])
            ruled = [table for table in tables if len(table.rows) > 1 or len(table.rows[0].cells) > 2]
            if not ruled and (told := unruled(page, self._layout)) is not None:
                found.extend(self._unruled(told, number))
                page.close()
                continue
            self._layout = None
            top = 0.0
            for table in tables:
                found.extend(_lines(page, top, table.bbox[1]))
                found.append(self._table(table, number))
                top = table.bbox[3]
            found.extend(_lines(page, top, page.height))
            page.close()
        return found

    def _unruled(self, told: Unruled, page: int) -> list[Paragraph | Table]:
        self._layout = told.layout
        rows = tuple(
            Row(tuple(Cell(unwrapped("\n".join(lines))) for lines in cells), f"第{page}页表格第{number}行")
            for number, cells in enumerate(told.rows, 1)
        )
        above, below = (
            [Paragraph(line) for line in lines if not _PAGE_NUMBER.match(line)] for lines in (told.above, told.below)
        )
        return [*above, Table(rows), *below]

    def _table(self, table: Any, page: int) -> Table:
        texts = table.extract()
        rows: list[Row] = []
        above: list[Cell] = []
        boxes_above: list[Any] = []
        for number, (row, printed) in enumerate(zip(table.rows, texts, strict=True), 1):
            cells: list[Cell] = []
            boxes: list[Any] = []
            for at, (box, text) in enumerate(zip(row.cells, printed, strict=True)):
                if box is not None:
                    self._region += 1
                    cells.append(Cell(unwrapped(text or ""), self._region))
                    boxes.append(box)
                elif at and boxes[at - 1] is not None and self._reaches_right(row, at, boxes[at - 1]):
                    cells.append(cells[at - 1])
                    boxes.append(boxes[at - 1])
                elif at < len(above):
                    cells.append(above[at])
                    boxes.append(boxes_above[at])
                else:
                    cells.append(Cell(""))
                    boxes.append(None)
            above, boxes_above = cells, boxes
            rows.append(Row(tuple(cells), f"第{page}页表格第{number}行"))
        return Table(tuple(rows))

    @staticmethod
    def _reaches_right(row: Any, at: int, left: Any) -> bool:
        following = next((box for box in row.cells[at + 1 :] if box is not None), None)
        edge = following[0] if following is not None else row.bbox[2]
        return bool(abs(left[2] - edge) <= _NEAR) and left[1] >= row.bbox[1] - _NEAR


def _lines(page: Any, top: float, bottom: float) -> list[Paragraph]:
    """The paragraphs between two heights; a line that reaches the right margin goes on in the next one."""
    if bottom - top < _NEAR:
        return []
    # Letters reach over the rule below which they stand: the middle of each says where it is.
    lines = lines_of(page.filter(lambda drawn: top <= (drawn["top"] + drawn["bottom"]) / 2 < bottom))
    lines = [line for line in lines if line.text.strip() and not _PAGE_NUMBER.match(line.text)]
    margin = max((line.right for line in lines), default=0.0)
    paragraphs: list[list[str]] = []
    goes_on = False
    for line in lines:
        if goes_on and not ITEM.match(line.text):
            paragraphs[-1].append(line.text)
        else:
            paragraphs.append([line.text])
        full = line.right >= margin - _MARGIN and margin > page.width * _WIDE
        goes_on = full and not line.text.rstrip().endswith(("。", "；", ";", "."))
    return [Paragraph(unwrapped("\n".join(texts))) for texts in paragraphs]
