"""The composition root of files of persons and departments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.directory_files import any_file
from domain.directory.table import DirectoryTable


def read_directory_file(path: Path) -> DirectoryTable:
    """The table of persons and departments that a file holds.

    Raises:
        InputError: the file cannot be read.
    """
    return any_file.read_directory_file(path)


def write_directory_file(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    """Write persons and departments to a new file, whole or not at all.

    Raises:
        InputError: the place cannot be written, or something is there.
    """
    any_file.write_directory_file(rows, path)
