"""Where papers become documents that a person can open and print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper
from domain.ports.vault import KeptFile


class DocumentStore(Protocol):
    """MUST be repeatable: the same numbered paper again gives the same document at the same place."""

    async def produce(self, numbered: NumberedPaper) -> str:
        """Write the document and its data beside it; answer the document's place, relative to the store."""

    async def produce_digest(self, digest: Digest, sent_at: datetime) -> str | None:
        """Write the one paper that lists a digest of several items; answer its place, or none for a single item."""

    def place_of(self, numbered: NumberedPaper) -> str:
        """Where the document of a paper stands, relative to the store, whether it was produced or not."""

    async def kept(self, place: str) -> Sequence[KeptFile]:
        """The files of a document that was produced, as they lie on the disk, named from the data folder."""

    async def read(self, name: str) -> bytes | None:
        """The bytes of a file by the name that `kept` gave it; none where nothing is there."""
