"""Chooses the reader by the file's name, and by its first bytes where the name says nothing."""

from __future__ import annotations

from pathlib import Path

from adapters.readers.aligned_text import aligned_document
from adapters.readers.csv_notice import CsvNoticeReader, csv_document
from adapters.readers.decoding import decoded, read_bytes
from adapters.readers.docx_notice import DocxNoticeReader
from adapters.readers.html_tables import holds_html_tables
from adapters.readers.markdown_notice import MarkdownNoticeReader, is_markdown, markdown_document
from adapters.readers.pdf_notice import PdfNoticeReader
from adapters.readers.plain_text import PlainTextReader, text_document
from adapters.readers.readable_text import readable
from adapters.readers.xlsx_notice import XlsxNoticeReader
from domain.notice.document import NoticeDocument
from domain.notice.refusals import UnreadableNoticeError
from domain.ports.notice_reader import NoticeReader

_READERS: dict[str, NoticeReader[Path]] = {
    ".docx": DocxNoticeReader(),
    ".xlsx": XlsxNoticeReader(),
    ".csv": CsvNoticeReader(),
    ".tsv": PlainTextReader(),
    ".pdf": PdfNoticeReader(),
    ".md": MarkdownNoticeReader(),
    ".markdown": MarkdownNoticeReader(),
}
_OTHERS = {
    ".doc": "旧格式的Word文档，请另存为 .docx 再编译",
    ".dot": "Word模板，请另存为 .docx 再编译",
    ".wps": "WPS文字的旧格式，请另存为 .docx 再编译",
    ".rtf": "RTF文档，请另存为 .docx 再编译",
    ".odt": "ODF文档，请另存为 .docx 再编译",
    ".docm": "带宏的Word文档，请另存为不含宏的 .docx 再编译",
    ".dotm": "带宏的Word模板，请另存为不含宏的 .docx 再编译",
    ".xls": "旧格式的Excel工作簿，请另存为 .xlsx 再编译",
    ".et": "WPS表格的旧格式，请另存为 .xlsx 再编译",
    ".ods": "ODF表格，请另存为 .xlsx 再编译",
    ".xlsm": "带宏的Excel工作簿，请另存为不含宏的 .xlsx 再编译",
    ".xlsb": "二进制Excel工作簿，请另存为 .xlsx 再编译",
    ".html": "网页，请把表格复制到Word或Excel里另存后再编译",
    ".htm": "网页，请把表格复制到Word或Excel里另存后再编译",
    ".jpg": "图片，请先做文字识别，再另存为 .docx 编译",
    ".jpeg": "图片，请先做文字识别，再另存为 .docx 编译",
    ".png": "图片，请先做文字识别，再另存为 .docx 编译",
    ".zip": "压缩包，请解压后编译里面的通知",
    ".rar": "压缩包，请解压后编译里面的通知",
    ".7z": "压缩包，请解压后编译里面的通知",
}


class AnyNoticeReader:
    """Reads a notice in whichever of the known formats it is."""

    def read(self, path: Path) -> NoticeDocument:
        """The content of a notice file.

        Raises:
            UnreadableNoticeError: the format is not known, or the file is not what its name says.
        """
        return readable(self._read(path))

    @staticmethod
    def _read(path: Path) -> NoticeDocument:
        suffix = path.suffix.lower()
        if suffix in _OTHERS:
            read_bytes(path)
            raise UnreadableNoticeError(f"{path.name}是{_OTHERS[suffix]}。")
        if (reader := _READERS.get(suffix)) is not None:
            return reader.read(path)
        return _by_content(path)


def _by_content(path: Path) -> NoticeDocument:
    """A text file in whichever form its table has; a package or a PDF under another name is read as what it is."""
    data = read_bytes(path)
    if data.startswith(b"%PDF-"):
        return PdfNoticeReader().read(path)
    if data.startswith(b"PK\x03\x04"):
        reader = XlsxNoticeReader() if b"xl/workbook.xml" in data else DocxNoticeReader()
        return reader.read(path)
    text = decoded(data, path.name)
    if is_markdown(text) or holds_html_tables(text):
        return markdown_document(text, path.name)
    found = text_document(text, path.name)
    if not found.tables and max((line.count(",") for line in text.split("\n")), default=0) >= 3:
        return csv_document(text, path.name)
    return found if found.tables else aligned_document(text, path.name) or found
