"""What turns a document into pages that look the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class DocumentPrinter(Protocol):
    """MUST make each PDF from the very bytes that it is given; one that cannot be made is in no other's way."""

    async def pdfs(self, documents: Sequence[bytes]) -> list[bytes | None]:
        """The PDF of each document, in their order; none where it could not be made.

        Raises:
            OSError: there is no room to work in, or the program that prints is gone.
        """
