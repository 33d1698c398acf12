"""The composition root of files of persons and departments."""

from __future__ import annotations

from adapters.directory_files.any_file import read_directory_file, write_directory_file

__all__ = ["read_directory_file", "write_directory_file"]
