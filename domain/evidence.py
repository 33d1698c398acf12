"""Files shown as evidence: in commands and events each is one text with its hash, name and size, among other evidence.

The bytes are kept in the evidence store under their hash; what stands in the ledger fixes them for ever.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.characters import printable
from domain.frozen import Frozen
from domain.texts import readable

# A name of this length leaves room: a file's text and its place among a leaf's blobs are together never longer than the
# longest plain evidence, so that the longest command still fits into one entry.
_LONGEST_NAME = 120
_FORM = re.compile(r"sha256:(?P<sha256>[0-9a-f]{64}) (?P<name>.{1,120}) \((?P<size>[0-9]{1,15}) bytes\)")
_SEVERAL_LINES = re.compile(r"[\r\n\t\u2028\u2029]")


class EvidenceFile(Frozen):
    """One file: its hash, which is its identity, its size, and the name under which it was shown."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    name: Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME), AfterValidator(readable)]

    @classmethod
    def of(cls, name: str, data: bytes) -> EvidenceFile:
        """The description of a file that is in memory."""
        return cls.named(name, hashlib.sha256(data).hexdigest(), len(data))

    @classmethod
    def named(cls, name: str, sha256: str, size: int) -> EvidenceFile:
        """The description of a file; a name that is too long or cannot be shown is made so that it can."""
        stem, dot, ending = printable(_SEVERAL_LINES.sub("_", name), "_").rpartition(".")
        ending = f"{dot}{ending}"[:_LONGEST_NAME]
        shown = f"{stem[: _LONGEST_NAME - len(ending)]}{ending}".strip() or "_"
        return cls(sha256=sha256, size=size, name=shown)

    def __str__(self) -> str:
        """The text that commands and events carry; kept for ever."""
        return f"sha256:{self.sha256} {self.name} ({self.size} bytes)"


def evidence_files(evidence: Iterable[str]) -> tuple[EvidenceFile, ...]:
    """The files among evidence, in order, each once; what has no file's form is plain text."""
    found = (_FORM.fullmatch(text) for text in evidence)
    files = (EvidenceFile(sha256=m["sha256"], size=int(m["size"]), name=m["name"]) for m in found if m)
    return tuple(dict.fromkeys(files))
