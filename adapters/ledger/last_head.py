"""Copies of the last signed head outside of the store: they tell a store that was put back in time."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.files.whole_file import write_whole
from domain.os_faults import os_fault
from domain.record.ledger_errors import KnownHeadError

_NAME = "duban-last-head"


@dataclass(frozen=True, slots=True)
class GuardHead:
    """A signed head as it was kept apart: the log's name, its size, its root, and the note itself."""

    origin: str
    size: int
    root: bytes
    note: str

    @classmethod
    def of(cls, note: str) -> GuardHead:
        """The head of a note.

        Raises:
            ValueError: the text is no head.
        """
        lines = note.split("\n")
        if len(lines) < 5:
            raise ValueError("not a signed head")
        return cls(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True), note)


def guard_notes(places: Sequence[Path]) -> list[str]:
    """The heads that are kept in these places, those of older generations with them.

    Raises:
        KnownHeadError: a file holds no head.
    """
    try:
        return [head.note for head in _heads_at(tuple(map(_file_at, places)))]
    except ValueError as error:
        raise KnownHeadError(detail=str(error)) from error


class LastHead:
    """Files with the last signed head: one beside the key, others where the office wants them, best on another disk.

    Each is replaced in one step, and the first is on the disk before the head is shown to anyone. A place that cannot
    be written holds up nothing but is told of; what an older generation of the log left there is kept beside it.
    """

    def __init__(self, path: Path, elsewhere: Sequence[Path] = ()) -> None:
        self._path = path
        self._elsewhere = tuple(map(_file_at, elsewhere))

    def read(self, *, near: bool = False) -> list[GuardHead]:
        """The last signed heads that are kept (`near`: beside the key alone, where no other disk is waited for), those
        of older generations with them; none before the first.

        Raises:
            ValueError: a file holds no head.
        """
        found = _heads_at((self._path,))
        for path in () if near else self._elsewhere:
            try:
                found += _heads_at((path,))
            except OSError as error:
                _tell(path, "读不到", error)
        return found

    def keep(self, note: str) -> None:
        """Put a newer head in the place of the last."""
        _replaced(self._path, note)
        for path in self._elsewhere:
            try:
                _replaced(path, note)
            except OSError as error:
                _tell(path, "写不进去", error)


def _tell(path: Path, what: str, error: OSError) -> None:
    text = f"另存台账校验值的位置“{path}”{what}（{os_fault(error)}）：请检查，恢复后会自动补存。"
    logging.getLogger("duban.audit").error("guard_not_kept", extra={"place": str(path), "text": text})


def _file_at(place: Path) -> Path:
    return place / _NAME if place.is_dir() else place


def _heads_at(paths: Sequence[Path]) -> list[GuardHead]:
    found = []
    for path in paths:
        for each in (path, *sorted(path.parent.glob(f"{path.name}.of-*"))):
            try:
                found.append(GuardHead.of(each.read_text(encoding="utf-8")))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except ValueError as error:
                raise ValueError(f"{each}: {error}") from error
    return found


def _replaced(path: Path, note: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        before = path.read_text(encoding="utf-8")
        if (origin := before.partition("\n")[0]) != note.partition("\n")[0]:
            # What was kept of a generation that was given up may be the only trace of its end.
            path.replace(path.with_name(f"{path.name}.of-{hashlib.sha256(origin.encode()).hexdigest()[:8]}"))
    write_whole(path, note.encode())
