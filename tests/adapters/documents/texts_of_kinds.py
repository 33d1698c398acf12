"""The whole text of one document of each kind, as it is kept in `texts_of_kinds.txt`.

`python -m tests.adapters.documents.texts_of_kinds` writes the file anew: read what changed before it is committed.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import docx
from docx.table import Table

from adapters.documents.official_layout import document_bytes
from domain.papers.paper import DOCUMENT_KINDS, NumberedPaper
from tests.adapters.documents.busy_year import papers_of, real_projects
from tests.adapters.documents.checklist import CONTACT, ISSUER

KEPT = Path(__file__).with_name("texts_of_kinds.txt")


@lru_cache(maxsize=1)
def one_of_each_kind() -> dict[str, NumberedPaper]:
    """The first document of each kind, and of orders of each colour, of one row of the real list in a busy year."""
    found: dict[str, NumberedPaper] = {}
    for each in papers_of(real_projects()[2:3]):
        if each.paper.kind in DOCUMENT_KINDS:
            found.setdefault(f"{each.paper.kind} {each.paper.level or ''}".rstrip(), each)
    return dict(sorted(found.items()))


def text_of(numbered: NumberedPaper) -> str:
    """What stands on the paper from its head to its imprint; a row of a table is a line."""
    document = docx.Document(io.BytesIO(document_bytes(numbered, ISSUER, CONTACT)))
    lines = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            lines += [" | ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in part.rows]
        elif part.text.strip():
            lines.append(part.text)
    return "\n".join(lines)


def texts() -> str:
    """All of them, each under the name of its kind."""
    return "\n\n".join(f"== {kind}\n{text_of(numbered)}" for kind, numbered in one_of_each_kind().items()) + "\n"


if __name__ == "__main__":
    KEPT.write_text(texts(), encoding="utf-8")
