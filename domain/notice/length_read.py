"""How much of one cell is read as a schedule: reading costs more with each time beside the others."""

from __future__ import annotations

from dataclasses import replace

from domain.notice.deliverables import Deliverable
from domain.notice.windows import Doubt

LONGEST = 4_000
"""As long as a milestone may be; no schedule that an office wrote was a third of it."""
_SHOWN = 40


def longest_read(cell: str) -> int:
    """Where the reading of a cell ends: at its end, or behind the last sentence that is whole within the bound."""
    if len(cell) <= LONGEST:
        return len(cell)
    return max(cell.rfind(mark, 0, LONGEST) for mark in "\n。；;") + 1 or LONGEST


def with_rest_told(drafts: list[Deliverable], cell: str) -> list[Deliverable]:
    """The deliverables with a question about the rest of a cell that was not read: it is named, with its length."""
    stop = longest_read(cell)
    if stop == len(cell) or not drafts:
        return drafts
    beginning = cell[stop:].strip()[:_SHOWN]
    text = f"这一格有{len(cell)}字，只读了前{stop}字；从“{beginning}”起没有读，请分成几格后重新读入。"
    return [*drafts[:-1], replace(drafts[-1], doubts=(*drafts[-1].doubts, Doubt("too_long", "ruling", text)))]
