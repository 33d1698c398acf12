"""A file of the directory, by what its name says it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from adapters.directory_files.csv_file import csv_bytes, read_csv
from adapters.directory_files.unreadable import UnreadableDirectoryFileError
from adapters.directory_files.xlsx_file import read_xlsx, xlsx_bytes
from adapters.files.whole_file import write_new
from domain.directory.table import DirectoryTable
from domain.os_faults import not_written

_READERS: Mapping[str, Callable[[Path], DirectoryTable]] = {".xlsx": read_xlsx, ".csv": read_csv}
_WRITERS: Mapping[str, Callable[[Sequence[Mapping[str, str]]], bytes]] = {".xlsx": xlsx_bytes, ".csv": csv_bytes}


def read_directory_file(path: Path) -> DirectoryTable:
    """The table that a file holds.

    Raises:
        UnreadableDirectoryFileError: its name ends with neither `.xlsx` nor `.csv`, or it is not in our form.
    """
    return _READERS[_known(path)](path)


def write_directory_file(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    """Write rows to a new file, whole or not at all.

    Raises:
        UnreadableDirectoryFileError: its name ends with neither, something is there already, or it cannot be written.
    """
    data = _WRITERS[_known(path)](rows)
    try:
        write_new(path, data)
    except FileExistsError:
        raise UnreadableDirectoryFileError(f"“{path}”已经存在，不覆盖：请换一个文件名。") from None
    except OSError as error:
        raise UnreadableDirectoryFileError(not_written(path, error)) from None


def _known(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise UnreadableDirectoryFileError(f"“{path}”应以 .xlsx 或 .csv 结尾。")
    return suffix
