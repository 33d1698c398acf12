"""What a file of the directory is refused for before a row of it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from domain.directory.table import HEADS, NEEDED_HEADS, DirectoryTable, TableRow
from domain.errors import InputError
from domain.os_faults import os_fault

LARGEST_BYTES = 20 * 1024 * 1024
_ROWS_LOOKED_AT = 20


class UnreadableDirectoryFileError(InputError, rule="readable_directory_file"):
    """A file cannot be read as a directory, or not be written."""


def must_be_readable(path: Path) -> bytes:
    """The bytes of a file of sensible size.

    Raises:
        UnreadableDirectoryFileError: it is not there, too large, or may not be read.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnreadableDirectoryFileError(f"{path.name}超过 {LARGEST_BYTES >> 20} MB，不像名册：请核对文件。")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDirectoryFileError(f"找不到“{path}”：请检查路径。") from None
    except (OSError, ValueError) as error:
        why = os_fault(error)
        raise UnreadableDirectoryFileError(f"“{path}”读不出来（{why}）：请检查路径和权限。") from None


def table_from(name: str, lines: Iterable[tuple[str, Sequence[str]]], left_out: Iterable[str] = ()) -> DirectoryTable:
    """The table that lines of cells hold, each line with its place; the first line with the needed heads is the head.

    What stands above the head, and in columns that nobody knows, is named among what was left out.

    Raises:
        UnreadableDirectoryFileError: no line has the needed heads, or a head stands twice.
    """
    told = list(left_out)
    rows: list[TableRow] = []
    heads: list[str] | None = None
    for looked, (place, cells) in enumerate(lines):
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        if heads is not None:
            rows.append(TableRow(place, _by_head(heads, texts, place, told)))
        elif set(NEEDED_HEADS) <= set(texts):
            heads = texts
            _must_stand_once(name, heads)
        elif looked >= _ROWS_LOOKED_AT:
            break
        else:
            told.append(f"{place}在表头之上，没有读入：{'、'.join(filter(None, texts))[:60]}")
    if heads is None:
        raise UnreadableDirectoryFileError(f"{name}没有表头：须有一行写着 {'、'.join(HEADS)}（可用 export 得到样表）。")
    return DirectoryTable(name, tuple(rows), tuple(dict.fromkeys(told)))


def _must_stand_once(name: str, heads: Sequence[str]) -> None:
    twice = next((head for head in HEADS if heads.count(head) > 1), None)
    if twice is not None:
        raise UnreadableDirectoryFileError(f"{name}的表头里“{twice}”写了两次：请只留一栏。")


def _by_head(heads: Sequence[str], texts: Sequence[str], place: str, told: list[str]) -> dict[str, str]:
    cells = {}
    for column, text in enumerate(texts):
        head = heads[column] if column < len(heads) else ""
        if head in HEADS:
            cells[head] = text
        elif text:
            told.append(
                f"“{head}”一栏没有读入" if head else f"{place}第 {column + 1} 栏没有表头，没有读入：{text[:40]}"
            )
    return cells
