"""Chooses the reader by the file's name and first bytes."""

from __future__ import annotations

from pathlib import Path

from adapters.readers.plain_text import PlainTextReader
from domain.notice.document import NoticeDocument
from domain.notice.refusals import UnreadableNoticeError
from domain.ports.notice_reader import NoticeReader

_READERS: dict[str, NoticeReader] = {".txt": PlainTextReader(), ".tsv": PlainTextReader(), ".text": PlainTextReader()}


class AnyNoticeReader:
    """Reads a notice in whichever of the known formats it is."""

    def read(self, path: Path) -> NoticeDocument:
        """The content of a notice file.

        Raises:
            UnreadableNoticeError: the format is not known, or the file is not what its name says.
        """
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            raise UnreadableNoticeError(f"{path.name}的格式不认识。")
        return reader.read(path)
