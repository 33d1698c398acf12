"""The order of the times in one cell: a later one without a year, behind one that prints the following year."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from domain.notice.deliverables import Deliverable
from domain.notice.folding import fold
from domain.notice.labels import Label
from domain.notice.patterns import regex
from domain.notice.times import time_at
from domain.notice.windows import Basis, Choice, Doubt, TimeContext, TimeReading, spoken

_YEAR = regex(r"(?:19|20)\d{2}|[今本当明次翌来后]年")
_PREFIX = regex(r"\s*[自从于在到至]\s*")
_NO_MONTH = regex(r"\d{4}|年|季|半|周")
_EARLY_MONTHS, _LATE_MONTHS = 3, 10
_DATED = regex(r"^\s*(?:[自从于在到至]\s*)?(?:第?[\d一二三四五六七八九十上下]|Q[1-4])")


def with_years_carried(drafts: Sequence[Deliverable], context: TimeContext) -> list[Deliverable]:
    """`2019年3月底前…，6月底前…`: the second is taken for the printed year too, with a finding."""
    result: list[Deliverable] = []
    before: Deliverable | None = None
    for draft in sorted(drafts, key=lambda draft: (draft.start, draft.body)):
        told = draft
        dated = draft.basis in (Basis.DATED, Basis.WHOLE_YEAR)
        if draft.assigned != "inherited" and draft.window.due_on is not None and dated:
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


def with_smaller_months_doubted(
    labels: Sequence[tuple[int, Label]],
    drafts: Sequence[Deliverable],
    cell: str,
    context: TimeContext,
    *,
    counted: Collection[int] = (),
) -> list[Deliverable]:
    """A label whose month is smaller than the one before may mean next year; what stands under it goes along.

    Numbers before the labels (`counted`) claim an order, and so do the months about the turn of the year; out of order
    without either (`6月：检查；3月：方案`) is told, for nobody takes that March for the next year's.
    A window that reaches beyond the one before cannot: `5月：换届；3月—12月：日常活动` is in order.
    """
    result = list(drafts)
    before: tuple[int, date] | None = None
    highest = 0
    rolled = False
    for at, (start, label) in enumerate(labels):
        window = label.reading.windows[0]
        if window.due_on is None or label.reading.basis is not Basis.DATED or label.period is not None:
            continue
        printed = fold(cell)[label.reading.start : label.reading.end]
        if _NO_MONTH.search(printed) or "月" not in printed:
            continue
        month = (window.starts_on or window.due_on).month
        if window.due_on.year == context.year:
            smaller = before is not None and month < before[0] and window.due_on < before[1]
            follows = before is not None and before[0] >= _LATE_MONTHS and month <= _EARLY_MONTHS
            if smaller or (rolled and month < highest):
                rolled = rolled or follows
                stop = labels[at + 1][0] if at + 1 < len(labels) else len(cell)
                _doubt_year(result, (start, stop), label, rolled, cell, context, asked=rolled or start in counted)
        highest = max(highest, month)
        before = (month, window.due_on)
    return result


def _doubt_year(
    drafts: list[Deliverable],
    place: tuple[int, int],
    label: Label,
    following_year: bool,
    cell: str,
    context: TimeContext,
    *,
    asked: bool,
) -> None:
    reading = label.reading
    later = time_at(fold(cell), reading.start, replace(context, year=context.year + 1))
    if later is None or len(later.windows) != len(reading.windows):
        return
    taken = later if following_year else reading
    doubt = _next_year_doubt(reading, later, taken, cell[reading.start : reading.end].strip(), context.year)
    if not asked:
        doubt = replace(doubt, severity="note", text=doubt.text.replace("可能指下一年", "按同一年理解"))
    for index, draft in enumerate(drafts):
        governed = draft.assigned == "inherited" and place[0] < draft.start < place[1]
        if (draft.start == place[0] or governed) and draft.window in reading.windows:
            window = taken.windows[reading.windows.index(draft.window)]
            doubts = draft.doubts if governed else (*draft.doubts, doubt)
            drafts[index] = replace(draft, window=window, doubts=doubts)


def _next_year_doubt(reading: TimeReading, later: TimeReading, taken: TimeReading, printed: str, year: int) -> Doubt:
    prefix = re.match(r"^\s*(?:自|从)", printed)
    bare = printed[prefix.end() :] if prefix else printed
    this, other = (f"{prefix.group().strip() if prefix else ''}{y}年{bare}" for y in (year, year + 1))
    choices = (Choice(key=this, text=spoken(reading.windows)), Choice(key=other, text=spoken(later.windows)))
    text = f"“{printed}”排在更晚的月份之后，可能指下一年。"
    return Doubt("month_order", "ruling", text, spoken(taken.windows), choices)
