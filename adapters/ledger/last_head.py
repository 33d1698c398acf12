"""The second place: the last signed head, kept apart from the store, so that a store put back in time is noticed."""

from __future__ import annotations

import os
from pathlib import Path


class LastHead:
    """One file with the last signed head, replaced in one step and on the disk before the head is shown to anyone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        """The last signed head as a note, or none before the first."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def keep(self, note: str) -> None:
        """Put a newer head in the place of the last."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(self._path.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
