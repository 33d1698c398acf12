"""What is given is looked through for classification marks before anything of it is kept or sent to the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from application.office.text_of_files import readings
from domain.acts.commands import AnyCommand
from domain.markings import ClassifiedError, must_be_named_openly, must_bear_no_mark


def must_be_open(command: AnyCommand, refused: Sequence[str]) -> None:
    """Refuse a command with a mark, or a refused word, in any of its texts.

    Raises:
        ClassifiedError: it has one.
    """
    for name, text in _texts(command.model_dump(mode="json"), ""):
        must_bear_no_mark(text, f"填写的内容（{name}）", refused)


def must_be_an_open_file(name: str, file: BinaryIO, refused: Sequence[str]) -> None:
    """Refuse a file with a mark, or a refused word, in its name or its text: plain text, Word (older ones, too), Excel,
    OpenDocument, archives of these, and the names in them.

    The text of a PDF or a picture is not read: whoever shows it answers for it.

    Raises:
        ClassifiedError: it has one.
    """
    where = f"文件“{name}”"
    must_be_named_openly(name, where, refused)
    for lines in readings(file):
        found = _mark(lines, where, refused)
        if found is not None:
            raise found


def _mark(lines: Iterable[str], where: str, refused: Sequence[str]) -> ClassifiedError | None:
    """The first mark of a text; none where it cannot be read to its end: it is no text of this kind."""
    first: ClassifiedError | None = None
    try:
        for text in lines:
            try:
                must_bear_no_mark(text, where, refused)
            except ClassifiedError as error:
                first = first or error
    except UnicodeDecodeError:
        return None
    return first


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, str(key))
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner, name)
