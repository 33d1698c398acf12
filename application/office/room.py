"""Whether a place takes anything more: room for bytes, room for files, and leave to write at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

LEAST_FILES: Final = 1_000
"""So many files can be made at least: an act keeps several, a digest one for each addressee."""


def is_read_only(place: Path) -> bool:
    """Whether nothing at all can be written there: a disk that fails becomes so, what somebody else put there is so."""
    return bool(os.statvfs(place).f_flag & os.ST_RDONLY) or not os.access(place, os.W_OK)


def is_out_of_files(place: Path) -> bool:
    """Whether hardly a file can be made there, however much room there is; some file systems count none."""
    of = os.statvfs(place)
    return of.f_files > 0 and of.f_favail < LEAST_FILES


def room_for_bytes(place: Path) -> int:
    """How many bytes can still be written there; none where no file can be made, or nothing written."""
    of = os.statvfs(place)
    return 0 if is_read_only(place) or is_out_of_files(place) else of.f_bavail * of.f_frsize
