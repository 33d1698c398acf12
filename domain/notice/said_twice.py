"""The same duty, printed twice in one row: told where the time is the same, and asked about where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from domain.notice.deliverables import Deliverable
from domain.notice.patterns import regex
from domain.notice.windows import Basis, Doubt, day_choice, spoken

Place = tuple[int, int]
_DONE = regex(r"(?:完成|办结|完工|竣工|建成|整改到位)[。;,，；\s]*$")


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
    return [*kept[:1], *(_of_two(item, before, cell) for before, item in pairwise(kept))], again


def _of_two(item: Deliverable, before: Deliverable, cell: str) -> Deliverable:
    """`6月底前完成，7月15日前完成`: one thing is done by one time only."""
    words, other = cell[item.start : item.end], cell[before.start : before.end]
    alike = item.description == before.description and _DONE.search(words) and _DONE.search(other)
    plain = all(
        each.basis is Basis.DATED and each.window.recurrence is None and each.window.quota is None
        for each in (before, item)
    )
    apart = before.end <= item.start and "\n" not in cell[before.start : item.end]
    if not alike or not plain or not apart or item.window.due_on == before.window.due_on:
        return item
    text = f"“{other.strip('，；,;。 ')}”和“{words.strip('，；,;。 ')}”写的是同一件事的两个时限，请核对以哪个为准。"
    choices = tuple(day_choice(each.window.due_on) for each in (before, item) if each.window.due_on is not None)
    return replace(item, doubts=(*item.doubts, Doubt("two_limits", "ruling", text, spoken((item.window,)), choices)))


def _same(one: Deliverable, other: Deliverable) -> bool:
    dated = one.window.due_on is not None
    return dated and one.window == other.window and one.description == other.description
