"""Reading a notice file into paragraphs and tables; one reader for each format."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from domain.notice.document import NoticeDocument


class NoticeReader(Protocol):
    """MUST hand over the text as it is written, in reading order, and MUST NOT guess what a cell means."""

    def read(self, path: Path) -> NoticeDocument:
        """The content of a notice file.

        Raises:
            InputError: the file cannot be read as this format; the sentence says what to do.
        """
        ...
