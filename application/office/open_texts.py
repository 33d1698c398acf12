"""What is given is looked through for classification marks before anything of it is kept or sent to the engine."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.acts.commands import AnyCommand
from domain.markings import must_bear_no_mark

_MOST_BYTES = 64_000_000
"""So much of an archive's content is looked into: what swells beyond it is no document."""
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPH_END = re.compile(r"</(?:w:p|a:p|text:p|si|row|p|div|h\d)>|<w:br/>")


def must_be_open(command: AnyCommand, refused: Sequence[str]) -> None:
    """Refuse a command with a mark, or a refused word, in any of its texts.

    Raises:
        ClassifiedError: it has one.
    """
    for name, text in _texts(command.model_dump(mode="json"), ""):
        must_bear_no_mark(text, f"填写的内容（{name}）", refused)


def must_be_an_open_file(name: str, data: bytes, refused: Sequence[str]) -> None:
    """Refuse a file with a mark, or a refused word, in its name or its text: plain text, Word, Excel, OpenDocument.

    The text of a PDF or a picture is not read: whoever shows it answers for it.

    Raises:
        ClassifiedError: it has one.
    """
    where = f"文件“{name}”"
    must_bear_no_mark(name.rpartition(".")[0] or name, where, refused)
    for text in _words_of(data):
        must_bear_no_mark(text, where, refused)


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, str(key))
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner, name)


def _words_of(data: bytes) -> Iterator[str]:
    if data.startswith(b"PK"):
        yield from _parts(data)
        return
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8")):
        return
    for encoding in _ENCODINGS:
        try:
            yield data.decode(encoding)
        except UnicodeDecodeError:
            continue


def _parts(data: bytes) -> Iterator[str]:
    left = _MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                if not part.filename.endswith((".xml", ".txt", ".csv", ".html")) or part.file_size > left:
                    continue
                left -= part.file_size
                text = archive.read(part).decode("utf-8", "replace")
                # A mark may be written in several runs: tags fall away, paragraphs end lines.
                yield html.unescape(_TAG.sub("", _PARAGRAPH_END.sub("\n", text)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return  # no archive after all, or one that is locked: kept as it is, and nothing in it can be read here either
