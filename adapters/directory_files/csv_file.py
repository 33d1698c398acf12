"""The directory as comma-separated text: UTF-8 with a mark for spreadsheets; read in what offices use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from adapters.directory_files.unreadable import UnreadableDirectoryFileError, must_be_readable, table_from
from domain.characters import could_be_a_formula
from domain.directory.table import HEADS, DirectoryTable

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_GUARD = "'"


def read_csv(path: Path) -> DirectoryTable:
    """The table that a file holds.

    Raises:
        UnreadableDirectoryFileError: it is no text, or not in our form.
    """
    return table_from(path.name, _lines(_decoded(must_be_readable(path), path.name), path.name))


def csv_bytes(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Rows as the bytes of a file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows([_guarded(row.get(head, "")) for head in HEADS] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _lines(text: str, name: str) -> Iterator[tuple[str, Sequence[str]]]:
    separator = max((",", "\t", ";"), key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    first = 1
    try:
        for cells in reader:
            yield f"第{first}行", [_plain(cell) for cell in cells]
            first = reader.line_num + 1
    except csv.Error:
        raise UnreadableDirectoryFileError(f"{name}第{first}行的引号不成对，分不出单元格：请重新另存。") from None


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableDirectoryFileError(f"{name}不是文本，或编码不是 UTF-8、GB18030：请另存为 CSV UTF-8。")


def _guarded(text: str) -> str:
    # A spreadsheet would take such a cell for a formula.
    return _GUARD + text if could_be_a_formula(text.lstrip(_GUARD)) else text


def _plain(text: str) -> str:
    is_guarded = text.startswith(_GUARD) and could_be_a_formula(text.lstrip(_GUARD))
    return text[len(_GUARD) :] if is_guarded else text
