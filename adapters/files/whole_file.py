"""Files that are there whole or not at all, whatever crash comes between, and names that every disk accepts."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from domain.ports.vault import KeptFile

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_MOST_BYTES = 150


def write_whole(file: Path, content: bytes, mode: int = 0o666) -> None:
    """Put `content` at `file`: written beside it, forced to the disk, then renamed into place. Its folder is there."""
    with _written_beside(file, (content,), mode) as beside:
        beside.replace(file)
    force_folder(file.parent)


def write_pieces(file: Path, pieces: Iterable[bytes], mode: int = 0o666) -> None:
    """The same, of content that comes in pieces: where one of them fails, nothing is there."""
    with _written_beside(file, pieces, mode) as beside:
        beside.replace(file)
    force_folder(file.parent)


def write_new(file: Path, content: bytes, mode: int = 0o666) -> None:
    """The same for a file that must not be there yet.

    Raises:
        FileExistsError: it is there; nothing was changed.
    """
    with _written_beside(file, (content,), mode) as beside:
        # A second name for what is whole already; unlike a rename, it never takes the place of another file.
        os.link(beside, file)
    force_folder(file.parent)


@contextmanager
def _written_beside(file: Path, pieces: Iterable[bytes], mode: int) -> Iterator[Path]:
    # A name of its own for each writer: two that keep the same file at once do not write into one another.
    beside = file.with_name(f".{uuid4().hex}.part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        yield beside
    except OSError as error:
        if error.filename in (None, beside, str(beside)):  # a full disk names no file, and this one nobody knows
            error.filename = str(file)
        raise
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def keep(file: Path, content: bytes) -> None:
    """The same, with the folders that are missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content)


def force_folder(folder: Path) -> None:
    """Let the names in a folder survive a power cut; Windows cannot open a folder and needs not."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one writer at a time into a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def described(file: Path, root: Path) -> KeptFile:
    """A file as it lies on the disk, named from the folder that holds `root`."""
    content = file.read_bytes()
    name = f"{root.name}/{file.relative_to(root).as_posix()}"
    return KeptFile(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def json_in(file: Path) -> Any:
    """What a JSON file holds; none where it is not there, or was torn by a disk or a power cut."""
    try:
        return json.loads(file.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return None


def safe_name(text: str) -> str:
    """A file name for `text`: itself where every disk accepts it, otherwise cleaned and told apart by a digest."""
    cleaned = _UNSAFE.sub("_", text).strip(" .") or "_"
    cleaned = cleaned.encode()[:_MOST_BYTES].decode(errors="ignore")
    if cleaned == text:
        return text
    return f"{cleaned}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"
