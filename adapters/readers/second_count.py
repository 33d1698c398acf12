"""A file's own text, counted a second time by other means than the readers': what they did not hand over shows.

Nothing here is shared with a reader: text is told from what marks it up in the plainest way that the format allows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import IO, Any
from xml.etree import ElementTree as ET

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PLAIN_NUMBER = re.compile(r"\d{1,4}")
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+•]\s+)|[*_`\\]|~~|&nbsp;")
_HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_UNSEEN_HTML = re.compile(
    r"<!--.*?-->|<(style|script|template|noscript)[\s>].*?</\1>|<[!?][^<>]*>", re.IGNORECASE | re.DOTALL
)
_ADDRESS = re.compile(r"!?\[(?P<words>[^\[\]]*)\]\([^()\s]*\)")
_RULE = re.compile(r"[\s|:-]*")
_PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第?\s*\d{1,4}\s*页?|\d{1,4}\s*/\s*\d{1,4})[-—–\s]*")


def _parsed(package: zipfile.ZipFile, part: str) -> Any:
    # The package was looked at before anybody opened it, and the parser expands no outside entities.
    return ET.fromstring(package.read(part))  # noqa: S314


def docx_pieces(file: IO[bytes]) -> tuple[str, ...]:
    """The texts of a Word file's body, a piece for each paragraph."""
    with zipfile.ZipFile(file) as package:
        root = _parsed(package, "word/document.xml")
    pieces: list[list[str]] = [[]]
    _gather(root, pieces)
    return tuple(text for texts in pieces if (text := "".join(texts)))


def _gather(element: Any, pieces: list[list[str]]) -> None:
    for child in element:
        if child.tag in (_FALLBACK, f"{_W}moveFrom", f"{_W}rt"):
            continue
        if child.tag == f"{_W}p":
            pieces.append([])
        if child.tag in (f"{_W}t", f"{_W}delText"):
            pieces[-1].append(child.text or "")
        _gather(child, pieces)


def xlsx_pieces(file: IO[bytes]) -> tuple[str, ...]:
    """The texts and the small whole numbers in a spreadsheet's cells, a piece for each."""
    with zipfile.ZipFile(file) as package:
        names = set(package.namelist())
        shared = list(_shared(package)) if "xl/sharedStrings.xml" in names else []
        return tuple(piece for part in _sheet_parts(package, names) for piece in _sheet(package, part, shared))


def _sheet_parts(package: zipfile.ZipFile, names: set[str]) -> Iterator[str]:
    relations = {
        relation.get("Id"): str(relation.get("Target")) for relation in _parsed(package, "xl/_rels/workbook.xml.rels")
    }
    for sheet in _parsed(package, "xl/workbook.xml").iter(f"{_S}sheet"):
        target = relations.get(sheet.get(f"{_R}id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in part and part in names:
            yield part


def _shared(package: zipfile.ZipFile) -> Iterator[str]:
    for item in _parsed(package, "xl/sharedStrings.xml").iter(f"{_S}si"):
        readings = {text for hint in item.iter(f"{_S}rPh") for text in hint.iter(f"{_S}t")}
        yield "".join(text.text or "" for text in item.iter(f"{_S}t") if text not in readings)


def _sheet(package: zipfile.ZipFile, part: str, shared: list[str]) -> Iterator[str]:
    for cell in _parsed(package, part).iter(f"{_S}c"):
        kind, value = cell.get("t", "n"), cell.findtext(f"{_S}v") or ""
        if kind == "inlineStr":
            yield "".join(text.text or "" for text in cell.iter(f"{_S}t"))
        elif kind == "s" and value.isdigit() and int(value) < len(shared):
            yield shared[int(value)]
        elif kind == "n" and cell.find(f"{_S}f") is None and _PLAIN_NUMBER.fullmatch(value):
            yield value


def csv_pieces(text: str, separator: str) -> tuple[str, ...]:
    """The texts between a separated file's separators, quotation marks and line ends."""
    return tuple(piece for piece in re.split(rf'["\n\r{re.escape(separator)}]', text) if piece.strip())


def markdown_pieces(text: str) -> tuple[str, ...]:
    """The texts of a Markdown file without what marks them up."""
    pieces: list[str] = []
    if _HTML_TABLE.search(text) is not None:
        text = unescape(_TAG.sub("|", _UNSEEN_HTML.sub("", text)))
    for line in text.splitlines():
        if _RULE.fullmatch(line):
            continue
        pieces += re.split(r"\||<br\s*/?>", _MARKUP.sub("", _ADDRESS.sub(r"\g<words>", line)), flags=re.IGNORECASE)
    return tuple(piece for piece in pieces if piece.strip())


def html_pieces(text: str) -> tuple[str, ...]:
    """The texts of a web page between its tags."""
    plain = unescape(_TAG.sub("\n", _UNSEEN_HTML.sub("", text)))
    return tuple(piece for piece in plain.split("\n") if piece.strip())


def pdf_pieces(pages: Any) -> tuple[str, ...]:
    """The characters that a PDF's pages draw, a piece for each line; page numbers are none of the notice's."""
    pieces: list[str] = []
    for page in pages:
        lines: dict[int, list[str]] = {}
        for char in page.chars:
            lines.setdefault(round(char["top"]), []).append(char["text"])
        pieces += ["".join(chars) for chars in lines.values()]
    return tuple(piece for piece in pieces if piece.strip() and not _PAGE_NUMBER.fullmatch(piece))
