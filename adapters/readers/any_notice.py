"""Chooses the reader by the file's name, and by its first bytes where the name says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from adapters.readers.aligned_text import aligned_document, with_pieces_parted
from adapters.readers.cells_in_lines import with_rows_on_lines
from adapters.readers.csv_notice import csv_document
from adapters.readers.decoding import decoded, read_bytes
from adapters.readers.docx_notice import read_docx
from adapters.readers.html_notice import html_document, is_page
from adapters.readers.html_tables import holds_html_tables
from adapters.readers.markdown_notice import is_markdown, markdown_document
from adapters.readers.pdf_notice import read_pdf
from adapters.readers.plain_text import text_document
from adapters.readers.readable_text import readable
from adapters.readers.second_count import csv_pieces
from adapters.readers.xlsx_notice import read_xlsx
from domain.notice.document import NoticeDocument, Paragraph, Table
from domain.notice.refusals import UnreadableNoticeError

Reader = Callable[[Path], NoticeDocument]
"""Hands over the text as it is written, in reading order, and does not guess what a cell means."""

_READERS: Mapping[str, Reader] = {".docx": read_docx, ".xlsx": read_xlsx, ".pdf": read_pdf}
_TEXTS: Mapping[str, Callable[[str, str], NoticeDocument]] = {
    ".csv": csv_document,
    ".tsv": text_document,
    ".md": markdown_document,
    ".markdown": markdown_document,
    ".html": html_document,
    ".htm": html_document,
}
_OTHERS = {
    ".doc": "旧格式的Word文档，请另存为 .docx 再读入",
    ".dot": "Word模板，请另存为 .docx 再读入",
    ".wps": "WPS文字的旧格式，请另存为 .docx 再读入",
    ".rtf": "RTF文档，请另存为 .docx 再读入",
    ".odt": "ODF文档，请另存为 .docx 再读入",
    ".docm": "带宏的Word文档，请另存为不含宏的 .docx 再读入",
    ".dotm": "带宏的Word模板，请另存为不含宏的 .docx 再读入",
    ".xls": "旧格式的Excel工作簿，请另存为 .xlsx 再读入",
    ".et": "WPS表格的旧格式，请另存为 .xlsx 再读入",
    ".ods": "ODF表格，请另存为 .xlsx 再读入",
    ".xlsm": "带宏的Excel工作簿，请另存为不含宏的 .xlsx 再读入",
    ".xlsb": "二进制Excel工作簿，请另存为 .xlsx 再读入",
    ".mht": "网页存档，请用浏览器打开后另存为网页（.html）再读入",
    ".mhtml": "网页存档，请用浏览器打开后另存为网页（.html）再读入",
    ".ofd": "版式文件，请向发文单位索取Word文档，或转成 .pdf 再读入",
    ".pages": "苹果文档，请导出为 .docx 再读入",
    ".numbers": "苹果表格，请导出为 .xlsx 再读入",
    ".jpg": "图片，请先做文字识别，再另存为 .docx 再读入",
    ".jpeg": "图片，请先做文字识别，再另存为 .docx 再读入",
    ".png": "图片，请先做文字识别，再另存为 .docx 再读入",
    ".zip": "压缩包，请解压后读入里面的通知",
    ".rar": "压缩包，请解压后读入里面的通知",
    ".7z": "压缩包，请解压后读入里面的通知",
}

_LONGEST_TEXT = 50_000
"""No paragraph and no cell of a notice is longer; what is read out of one takes longer than its length."""
_OLD = frozenset((".doc", ".wps", ".xls", ".et"))
# These are packages too; their own sentences say what to do.
_PACKAGES_OF_OTHERS = frozenset((".docm", ".dotm", ".xlsm", ".xlsb", ".zip"))
_BY_PART: Mapping[bytes, Reader] = {b"word/document.xml": read_docx, b"xl/workbook.xml": read_xlsx}


def read_notice(path: Path) -> NoticeDocument:
    """A notice in whichever of the known formats it is.

    Raises:
        InputError: the file cannot be read; the sentence says what to do.
    """
    read = _read(path)
    if any(len(text) > _LONGEST_TEXT for text in read.texts()):
        raise UnreadableNoticeError(f"{path.name}有一段超过{_LONGEST_TEXT}字，不像一份通知，请分段后再读入。")
    document = readable(read)
    if not any(_says_something(block) for block in document.blocks):
        only = "、".join(dict.fromkeys(f"{out.place}（{out.text[:20]}）" for out in document.left_out[:3]))
        raise UnreadableNoticeError(
            f"{path.name}里没有可以读的文字和表格{f'，只有{only}' if only else ''}："
            "如是图片或扫描件，请先做文字识别，再另存为 .docx 再读入。"
        )
    return document


def _read(path: Path) -> NoticeDocument:
    suffix = path.suffix.lower()
    if (read := _by_first_bytes(path)) is not None and suffix not in _PACKAGES_OF_OTHERS:
        return read(path)
    if suffix in _OTHERS:
        data = read_bytes(path)
        if suffix in _OLD and not data.startswith(b"\xd0\xcf") and (page := _page(data, path.name)) is not None:
            # Many systems export a web page under the name of a spreadsheet.
            return page
        raise UnreadableNoticeError(f"{path.name}是{_OTHERS[suffix]}。")
    if (read := _READERS.get(suffix)) is not None:
        return read(path)
    if (of_text := _TEXTS.get(suffix)) is not None:
        return of_text(decoded(read_bytes(path), path.name), path.name)
    return _by_content(path)


def _says_something(block: Paragraph | Table) -> bool:
    if isinstance(block, Paragraph):
        return bool(block.text.strip() or block.struck)
    return any(not row.blank for row in block.rows)


def _by_first_bytes(path: Path) -> Reader | None:
    """The reader of a package or a PDF, whatever the file is called."""
    data = read_bytes(path)
    if data.startswith(b"%PDF-"):
        return read_pdf
    if data.startswith(b"PK\x03\x04"):
        held = [read for part, read in _BY_PART.items() if part in data]
        return held[0] if len(held) == 1 else None
    return None


def _page(data: bytes, name: str) -> NoticeDocument | None:
    try:
        text = decoded(data, name)
    except UnreadableNoticeError:
        return None
    return html_document(text, name) if is_page(text) else None


def _by_content(path: Path) -> NoticeDocument:
    """A text file in whichever form its table has."""
    data = read_bytes(path)
    if data.startswith(b"PK\x03\x04"):
        return read_docx(path)
    text = decoded(data, path.name)
    if is_page(text):
        return html_document(text, path.name)
    if is_markdown(text) or holds_html_tables(text):
        return markdown_document(text, path.name)
    found = text_document(text, path.name)
    if not found.tables and max((line.count(",") for line in text.split("\n")), default=0) >= 3:
        return csv_document(text, path.name)
    return found if found.tables else _parted(text, path.name) or aligned_document(text, path.name) or found


def _parted(text: str, name: str) -> NoticeDocument | None:
    """A text whose table has no tabs: a cell a line, or as many pieces in each row as there are heads."""
    parted = with_rows_on_lines(text) or with_pieces_parted(text)
    return replace(text_document(parted, name), held=csv_pieces(text, "\t")) if parted is not None else None
