"""Files that are shown as evidence, read piece by piece wherever they lie: on a disk, in a form, in a body."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from domain.evidence import EvidenceFile
from domain.markings import must_be_named_openly


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file that is shown as evidence: its name, and how it is opened at its beginning, as often as needed."""

    name: str
    opened: Callable[[], AbstractContextManager[BinaryIO]]

    @classmethod
    def of(cls, name: str, data: bytes) -> ShownFile:
        """A file that is in memory."""
        return cls(name, lambda: io.BytesIO(data))

    @classmethod
    def at(cls, path: Path) -> ShownFile:
        """A file on the disk."""
        return cls(path.name, lambda: path.open("rb"))

    @classmethod
    def received(cls, name: str, file: BinaryIO) -> ShownFile:
        """A file that came in, and is closed by whoever received it."""

        def opened() -> AbstractContextManager[BinaryIO]:
            file.seek(0)
            return nullcontext(file)

        return cls(name, opened)

    def described(self) -> EvidenceFile:
        """Its hash, its size and the name under which it is shown.

        Raises:
            ClassifiedError: the name bears a classification mark.
        """
        must_be_named_openly(self.name, f"文件“{self.name}”")
        with self.opened() as file:
            # The standard library's own protocol for files that are read into a buffer names what every file here has.
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            return EvidenceFile.named(self.name, sha256, file.seek(0, os.SEEK_END))
