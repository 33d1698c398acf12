"""The composition root of the files that a person asks for."""

from __future__ import annotations

from pathlib import Path

from adapters.files.whole_file import write_whole
from domain.errors import InputError
from domain.os_faults import not_written


def write_file(path: Path, content: bytes) -> None:
    """Put a file at its place, whole or not at all; what was there is replaced.

    Raises:
        InputError: the place cannot be written.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise InputError(not_written(path, error)) from error
