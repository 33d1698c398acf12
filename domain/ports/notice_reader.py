"""Reading a notice file into paragraphs and tables; one reader for each format."""

from __future__ import annotations

from typing import Protocol, TypeVar

from domain.notice.document import NoticeDocument

Place_contra = TypeVar("Place_contra", contravariant=True)


class NoticeReader(Protocol[Place_contra]):
    """MUST hand over the text as it is written, in reading order, and MUST NOT guess what a cell means.

    `Place_contra` is what the reader finds a file by; the core knows no file system.
    """

    def read(self, path: Place_contra, /) -> NoticeDocument:
        """The content of a notice file.

        Raises:
            InputError: the file cannot be read as this format; the sentence says what to do.
        """
