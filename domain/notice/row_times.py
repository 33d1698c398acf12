"""By when a row is due: what its cells say, a remark that moves it, a nearer day in its title."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from domain.notice.column_heads import plain_head
from domain.notice.columns import Columns
from domain.notice.folding import fold
from domain.notice.heads import Heads
from domain.notice.listed import one_line
from domain.notice.moved_limits import Moved, moved
from domain.notice.own_times import closes
from domain.notice.patterns import STROKES, regex
from domain.notice.point import Point
from domain.notice.points import point_at
from domain.notice.time_cells import NOTHING_THERE, TimeCells, is_a_time, time_cells
from domain.notice.times import time_at
from domain.notice.trail import RowView
from domain.notice.who_and_when import who_stands_with_when
from domain.notice.windows import TimeContext

_READING = TimeContext.of(2000)
_NOTHING = regex(rf"{STROKES}|否|无|n/?a", re.IGNORECASE)
# Where whoever keeps the list says what he changed; elsewhere a department asks, reports, or was told.
_REMARKS = regex(
    r"备注|说明|附注|注|.{0,6}(?:调整|变更|延期|顺延|修改).{0,4}|remarks?|notes?|comments?|.*\b(?:changes?|revis\w+|extension)\b.*",
    re.IGNORECASE,
)
_REFUSED = regex(r"不同意|不予|未批|未同意|未获批|驳回|按原|维持原|reject|not approved|declined|refused", re.IGNORECASE)
# `整改审计报告指出问题（2月15日）`: the day is that of the paper, and none of the duty.
_OF_A_PAPER = regex(
    r"^(?:落实|贯彻|传达|办理|整改|答复|学习|根据|按照?)|(?:会议|精神|批示|指示|来函|报告|通报|文件|通知|意见|建议|提案|决定)\s*[(（][^()（）]*[)）]\s*$"
)
NO_LIMIT_MOVED = "没有据以改动时限"
"""Why a place of a column of moved limits is left that says none."""
_SPANS = ("month", "quarter", "half")
_DAY_ALONE = regex(r"(?:^|[,;])\s*(?P<day>\d{1,2}[日号](?:之?前)?)\s*(?=$|[,;])")
_IN_BRACKETS = regex(r"[(（](?P<inner>[^()（）]{2,40})[)）]\s*[。；;]?\s*$")


def row_times(row: RowView, columns: Columns, heads: Heads) -> TimeCells:
    """What a row says by when, wherever in the row it says it."""
    times = time_cells(row, columns)
    who_stands_with_when(row, columns, heads, times)
    _dated_by_the_title(row, columns, times)
    beside = [at for at in row.columns() if at not in columns.used and row.cell(at).region is None]
    refused = any(_REFUSED.search(row.text(at)) for at in beside)
    told = [at for at in beside if not refused and _REMARKS.fullmatch(plain_head(_head(heads, at)))]
    found = [(at, change) for at in told if (change := moved(times, row.text(at))) is not None]
    if (revised := columns.revised) is not None and row.text(revised):
        found = _revised(row, revised, times)
    if len(found) == 1:
        ((at, change),) = found
        head = one_line(_head(heads, at)) or f"第{at + 1}栏"
        remark = " ".join(row.text(at).split())
        times.text = change.text
        times.taken[at] = change.words
        times.remarks.append(("limit_moved", row.text(at), f"“{head}”一栏写“{remark}”，按改后的时限计。"))
    return times


def _head(heads: Heads, at: int) -> str:
    return heads[at][-1] if at < len(heads) and heads[at] else ""


def _revised(row: RowView, at: int, times: TimeCells) -> list[tuple[int, Moved]]:
    """The limit as the column of moved limits has it; what is no time there is left, and asked about."""
    text = row.text(at)
    if (change := moved(times, f"调整为{text}")) is not None:
        return [(at, replace(change, words=text))]
    if not times.text and is_a_time(text):
        times.text, times.taken[at] = text, None
    else:
        times.left[at] = NOTHING_THERE if _NOTHING.fullmatch(fold(text)) else NO_LIMIT_MOVED
    return []


def _dated_by_the_title(row: RowView, columns: Columns, times: TimeCells) -> None:
    for role in ("title", "content"):
        if (nearer := nearer_day(times.text, row.text(columns.at(role)))) is not None:
            sentence = f"括号里写“{nearer}”，按这个时间计，不按“{one_line(times.text)}”计。"
            times.remarks.append(("nearer_day", nearer, sentence))
            times.text, times.taken = nearer, dict.fromkeys(times.taken, "")
            return


def nearer_day(span: str, title: str) -> str | None:
    """`3月`, `开学典礼（3月2日）`: brackets that end a title, where they say when in a month, a quarter, a half."""
    cell, bracket = fold(span).strip(), None if _OF_A_PAPER.search(title) else _IN_BRACKETS.search(title)
    outer = point_at(cell, 0, _READING) if cell and bracket is not None else None
    if bracket is None or outer is None or outer.end < len(cell):
        return None
    inner = fold(bracket["inner"])
    if outer.unit == "month" and not outer.end_only and (day := _DAY_ALONE.search(inner)) is not None:
        # `2月` over `迎新（学工处，24日）`
        return f"{outer.first.month}月{day['day']}"
    reading = time_at(inner, 0, _READING)
    if outer.unit not in _SPANS or outer.end_only or outer.doubts or reading is None or len(reading.windows) != 1:
        return None
    window = reading.windows[0]
    inside = any(day is not None and _within(outer, day) for day in (window.starts_on, window.due_on))
    whole = window.recurrence is None and closes(inner, reading, len(inner))
    return bracket["inner"].strip() if whole and inside else None


def _within(outer: Point, day: date) -> bool:
    return (outer.first.month, outer.first.day) <= (day.month, day.day) <= (outer.last.month, outer.last.day)
