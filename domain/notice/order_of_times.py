"""The order of the times in one cell: a later one without a year, behind one that prints the following year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.notice.deliverables import Deliverable
from domain.notice.folding import fold
from domain.notice.labels import time_at
from domain.notice.windows import Basis, Choice, Doubt, TimeContext, spoken

_YEAR = re.compile(r"(?:19|20)\d{2}|[今本当明次翌来后]年")
_PREFIX = re.compile(r"\s*[自从于在到至]\s*")
_DATED = re.compile(r"^\s*(?:[自从于在到至]\s*)?(?:第?[\d一二三四五六七八九十上下]|Q[1-4])")


def with_years_carried(drafts: Sequence[Deliverable], context: TimeContext) -> list[Deliverable]:
    """`2019年3月底前…，6月底前…`: the second is taken for the printed year too, with a finding."""
    result: list[Deliverable] = []
    before: Deliverable | None = None
    for draft in sorted(drafts, key=lambda draft: (draft.start, draft.body)):
        told = draft
        if draft.assigned != "inherited" and draft.window.due_on is not None and draft.basis is Basis.DATED:
            printed = _YEAR.search(fold(draft.window_text)) is not None
            if not printed and before is not None:
                told = _carried(draft, before, context)
            elif printed:
                before = draft if draft.window.due_on.year > context.year else None
        result.append(told)
    return result


def _carried(draft: Deliverable, before: Deliverable, context: TimeContext) -> Deliverable:
    due, earlier = draft.window.due_on, before.window.due_on
    text = fold(draft.window_text)
    if due is None or earlier is None or due >= earlier or due.year >= earlier.year or not _DATED.match(text):
        return draft
    later = time_at(text, 0, replace(context, year=earlier.year))
    if later is None or len(later.windows) != 1 or draft.window.recurrence is not None:
        return draft
    (window,) = later.windows
    prefix = _PREFIX.match(text)
    opening, bare = (prefix.group().strip(), text[prefix.end() :].strip()) if prefix is not None else ("", text.strip())
    choices = tuple(
        Choice(key=f"{opening}{year}年{bare}", text=spoken((read,)))
        for year, read in ((earlier.year, window), (due.year, draft.window))
    )
    doubt = Doubt("which_year", "ruling", f"前面写的是{earlier.year}年，这里没有写年份。", choices[0].text, choices)
    return replace(draft, window=window, doubts=(*draft.doubts, doubt))
