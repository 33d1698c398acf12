"""By when a row is due: what its cells say, a remark that moves it, a nearer day in its title."""

from __future__ import annotations

import re
from datetime import date

from domain.notice.columns import Columns
from domain.notice.folding import fold
from domain.notice.heads import Heads
from domain.notice.labels import time_at
from domain.notice.moved_limits import moved
from domain.notice.own_times import closes
from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.points import point_at
from domain.notice.time_cells import TimeCells, time_cells
from domain.notice.trail import RowView
from domain.notice.windows import TimeContext

_READING = TimeContext.of(2000)
_SPANS = ("month", "quarter", "half")
_IN_BRACKETS = regex(r"[(（](?P<inner>[^()（）]{2,40})[)）]\s*[。；;]?\s*$")


def row_times(row: RowView, columns: Columns, heads: Heads) -> TimeCells:
    """What a row says by when, wherever in the row it says it."""
    times = time_cells(row, columns)
    _dated_by_the_title(row, columns, times)
    beside = [at for at in row.columns() if at not in columns.used and row.cell(at).region is None]
    found = [(at, change) for at in beside if (change := moved(times, row.text(at))) is not None]
    if len(found) == 1:
        ((at, change),) = found
        head = re.sub(r"\s+", "", heads[at][-1]) if at < len(heads) and heads[at] else f"第{at + 1}栏"
        remark = " ".join(row.text(at).split())
        times.text = change.text
        times.taken[at] = change.words
        times.remarks.append(("limit_moved", row.text(at), f"“{head}”一栏写“{remark}”，按改后的时限计。"))
    return times


def _dated_by_the_title(row: RowView, columns: Columns, times: TimeCells) -> None:
    """`3月 | 开学典礼（3月2日）`: brackets that end a title say when in the month, the quarter, the half of a year."""
    cell = fold(times.text).strip()
    outer = point_at(cell, 0, _READING) if cell else None
    if outer is None or outer.end < len(cell) or outer.unit not in _SPANS or outer.end_only or outer.doubts:
        return
    for role in ("title", "content"):
        bracket = _IN_BRACKETS.search(row.text(columns.at(role)))
        if bracket is None:
            continue
        inner = fold(bracket["inner"])
        reading = time_at(inner, 0, _READING)
        if reading is None or len(reading.windows) != 1 or not closes(inner, reading, len(inner)):
            continue
        window = reading.windows[0]
        days = [day for day in (window.starts_on, window.due_on) if day is not None]
        if days and window.recurrence is None and any(_within(outer, day) for day in days):
            times.text = bracket["inner"].strip()
            times.taken = dict.fromkeys(times.taken, "")
            return


def _within(outer: Point, day: date) -> bool:
    return (outer.first.month, outer.first.day) <= (day.month, day.day) <= (outer.last.month, outer.last.day)
