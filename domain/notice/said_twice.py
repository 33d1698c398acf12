"""The same duty by the same time, printed twice in one row: one milestone, and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.notice.deliverables import Deliverable
from domain.notice.windows import Doubt

Place = tuple[int, int]


def once(items: Sequence[Deliverable], cell: str) -> tuple[list[Deliverable], list[Place]]:
    """The deliverables without those that say again what stands before, and the places of the latter."""
    kept: list[Deliverable] = []
    again: list[Place] = []
    for item in items:
        # Several windows under one label (`3月、9月`) stand at one place, and are nobody's slip.
        at = next((i for i, other in enumerate(kept) if _same(other, item) and other.end <= item.start), None)
        if at is None:
            kept.append(item)
            continue
        again.append((item.start, item.end))
        told = Doubt("said_twice", "note", f"“{cell[item.start : item.end].strip()}”写了不止一遍，只计一次。")
        more = [doubt for doubt in (told, *item.doubts) if doubt not in kept[at].doubts]
        kept[at] = replace(kept[at], doubts=(*kept[at].doubts, *more))
    return kept, again


def _same(one: Deliverable, other: Deliverable) -> bool:
    dated = one.window.due_on is not None
    return dated and one.window == other.window and one.description == other.description
