"""The merged places of a workbook, counted before a library opens it: it makes one object of each."""

from __future__ import annotations

import re
import zipfile
from typing import IO

from openpyxl.utils import column_index_from_string

_MOST = 1_500_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")


def vast_merge(package: IO[bytes]) -> str | None:
    """Where the largest merged place stands, if all of them are more than the library can hold; rewinds the file."""
    largest, where, total = 0, "", 0
    with zipfile.ZipFile(package) as parts:
        for info in parts.infolist():
            if not info.filename.startswith("xl/worksheets/"):
                continue
            for left, top, right, bottom in _MERGED.findall(parts.read(info)):
                wide = column_index_from_string(right.decode()) - column_index_from_string(left.decode()) + 1
                size = wide * (int(bottom) - int(top) + 1)
                total += size
                if size > largest:
                    largest, where = size, f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}"
    package.seek(0)
    return where if total > _MOST else None
