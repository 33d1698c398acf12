"""Departments as a cell lists them."""

from __future__ import annotations

import re

from domain.names import written_name
from domain.notice.folding import fold
from domain.texts import without_invisible

_SEPARATOR = re.compile(r"[、,;/\n|]+|(?<=[一-鿿)）])\s+(?=[一-鿿(（])|\s{2,}")
_ROLE = re.compile(r"^(?:牵头|责任|主办|配合|参与|协办|参加)(?:单位|部门|处室|科室)?\s*:\s*")
_LEADS = re.compile(r"\(\s*(?:牵头|主办|主责|牵头单位|牵头部门|负责)\s*\)$")
_NOBODY = re.compile(r"^(?:-+|/+|无|—+|n/?a|none|不涉及)?$", re.IGNORECASE)


def departments(text: str) -> list[str]:
    """The departments of a cell, in their order; brackets keep what they hold together."""
    text = without_invisible(text)
    folded = fold(text)
    pieces: list[str] = []
    start = depth = 0
    for match in _SEPARATOR.finditer(folded):
        depth = folded.count("(", 0, match.start()) - folded.count(")", 0, match.start())
        if depth <= 0:
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    return [name for piece in pieces if (name := written_name(_name(piece))) and not _NOBODY.match(fold(name))]


def _name(piece: str) -> str:
    name = piece.strip().strip("。.：:")
    role = _ROLE.match(fold(name))
    return name[role.end() :].strip() if role is not None else name


def leads(name: str) -> bool:
    """Whether a department is marked as the lead where it stands (`组织部（牵头）`)."""
    return _LEADS.search(fold(name)) is not None


def without_mark(name: str) -> str:
    """The department's name without the mark of the lead."""
    return name[: match.start()].strip() if (match := _LEADS.search(fold(name))) is not None else name
