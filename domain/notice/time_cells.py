"""What the cells of a row say by when: a schedule, a deadline, start and end, columns of months, marks under months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from domain.notice.amounts import DOTTED, are_amounts, may_be_days
from domain.notice.bars import NO, bar, has_bars, joined
from domain.notice.clauses import counted_parts, uncounted
from domain.notice.column_heads import Role
from domain.notice.columns import Columns
from domain.notice.days_of_months import in_its_month
from domain.notice.deliverables import Deliverable
from domain.notice.folding import fold
from domain.notice.labels import Label, hidden_times, label_at
from domain.notice.patterns import regex
from domain.notice.schedule import read_schedule
from domain.notice.trail import RowView
from domain.notice.windows import TimeContext

NOTHING_THERE = "表示没有"
"""Why a place is left in which a stroke stands."""

_READING = TimeContext.of(2000)
_PERIOD = regex(r"每(?:个?月|个?季|周|旬|半月|半年|年)|按[月季周]|逐[月季]|monthly|quarterly|weekly", re.IGNORECASE)
# `2024.1` of a spreadsheet: January, or October.
_ZERO_LOST = regex(r"(?P<year>20\d\d)\.1")
_UNIT_ALONE = regex(r"双?周|旬|半?个?月|季|半年|年|天")
_DAY_NUMBER = regex(r"(\d{5})(?:\.0+)?")
_MONTH_NUMBER = regex(r"0?([1-9]|1[0-2])(?:\.0+)?")
_FIRST_DAY, _LAST_DAY = 36_526, 73_050
_EPOCH = date(1899, 12, 30)
_YEAR = regex(r"20\d\d")
# `4月底前并长期坚持`: what goes on behind a limit leaves it a limit.
_GOES_ON = regex(r"[,，、]? *(?:并|且) *(?:长期(?:坚持|推进|执行)|持续(?:推进|开展|坚持|深化|巩固))[。；;，, ]*$")
# `月底前`: by the end of the month that heads the place.
_RELATIVE = regex(r"(?<![\d一二三四五六七八九十两])(?:个?月|季度?|年|学期)[初中末底]|[本当该]月")


@dataclass(slots=True)
class TimeCells:
    """The schedule text of one row, and what became of each of its columns.

    `as_read` has the columns whose text stands in another form, `left` those that are not taken, with the reason.
    """

    text: str = ""
    taken: dict[int, str | None] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    lead: str = ""
    participants: str = ""
    """Who stands in one place with the limit, under a head that asks for both."""


def begins_with_a_time(text: str) -> bool:
    """Whether a text opens with a time that governs it."""
    return _label(text) is not None


def holds_a_time(text: str) -> bool:
    """Whether a text says by when or how often, wherever in it."""
    folded = fold(text)
    if _PERIOD.search(folded):
        return True
    for start in [0, *(match.end() for match in re.finditer(r"[,;。:(\n]\s*", folded))]:
        if label_at(folded, start, len(folded), _READING) is not None:
            return True
    return bool(hidden_times(folded, [False] * len(folded), 0, len(folded), _READING))


@lru_cache(maxsize=4_096)
def _label(text: str) -> Label | None:
    folded = fold(text)
    return label_at(folded, 0, len(folded), _READING)


@lru_cache(maxsize=4_096)  # a list says the same few times, and each is asked about several times
def is_a_time(text: str) -> bool:
    """Whether a text is one time and nothing else."""
    limit = _GOES_ON.sub("", text) or text
    label = _label(limit)
    return label is not None and label.body >= len(limit.rstrip("。；;，, "))


def time_cells(row: RowView, columns: Columns) -> TimeCells:
    """What a row's cells say by when, as the plan keeps it."""
    found = TimeCells()
    periods = [*_periods(row, columns, found), *_staged(row, columns, found), *_stages(row, columns, found)]
    schedule = _taken(row, columns, "schedule", found)
    measure = _taken(row, columns, "measure", found)
    due = _due(row, columns, found)
    for place in (place for place in columns.further_times if row.text(place)):
        if NO.fullmatch(fold(text := row.text(place))):
            found.left[place] = NOTHING_THERE
        elif holds_a_time(text):
            found.taken[place] = None
            schedule = "；\n".join(filter(None, (schedule.rstrip("；;。"), text)))
        else:
            found.left[place] = "没有写时限"
            found.remarks.append(("step_without_time", text, f"“{text}”没有写时限，没有读进节点，请写明到什么时候。"))
    duties = row.text(columns.at("content")) or row.text(columns.at("title"))
    if schedule and measure and schedule != measure:
        schedule = f"{schedule}\n{measure}"
    schedule = schedule or measure
    if due and not schedule:
        due = _stacked(due, duties, found)
    elif schedule and not due and (paired := _paired(schedule, duties, found)) is not None:
        # `时间节点` holds limits alone, a line each.
        if (at := columns.at("schedule")) is not None:
            found.taken[at] = "\n".join(_lines(schedule))
        schedule = paired
    if schedule and due and schedule != due:
        schedule = _beside(columns, schedule, due, found)
    pieces = [piece for piece in (schedule or due, *periods) if piece]
    found.text = "；\n".join(piece.rstrip("；;。") if piece != pieces[-1] else piece for piece in pieces)
    return found


def _taken(row: RowView, columns: Columns, role: Role, found: TimeCells) -> str:
    column = columns.at(role)
    text = row.text(column)
    if column is not None and text:
        found.taken[column] = None
    if role == "schedule" and _UNIT_ALONE.fullmatch(text) is not None:
        # `半年` in a column of how often.
        text = f"每{text}"
    return _as_a_day(text, row, column, columns, found)


def _as_a_day(text: str, row: RowView, column: int | None, columns: Columns, found: TimeCells) -> str:
    """The text, or the date or the month that a bare number of a spreadsheet stands for."""
    month = _MONTH_NUMBER.fullmatch(text) if column in columns.in_months else None
    if month is not None and column is not None:
        found.taken[column] = f"{month[1]}月"
        return f"{month[1]}月"
    if column is not None and (dotted := DOTTED.fullmatch(text)) is not None:
        # `6.30` in a column of limits is a day.
        found.taken[column] = f"{int(dotted[1])}月{int(dotted[2])}日"
        return f"{int(dotted[1])}月{int(dotted[2])}日"
    if column is not None and row.cell(column).number and (month := _ZERO_LOST.fullmatch(text)) is not None:
        said = f"“{text}”是数字，末尾的0不显示，暂按1月理解；是10月的请写成“{month['year']}年10月”，再读一次。"
        found.remarks.append(("zero_lost", text, said))
    match = _DAY_NUMBER.fullmatch(text)
    if match is None or column is None or not _FIRST_DAY <= int(match[1]) <= _LAST_DAY:
        return text
    day = _EPOCH + timedelta(days=int(match[1]))
    printed = f"{day.year}年{day.month}月{day.day}日"
    found.taken[column] = printed
    found.remarks.append(("day_number", text, f"“{text}”是表格里的日期序号，按{printed}理解。"))
    return printed


def _due(row: RowView, columns: Columns, found: TimeCells) -> str:
    """The deadline; a start beside it opens the window."""
    due, column = _on_its_day(_taken(row, columns, "due", found), row, columns, found), columns.at("due")
    if column is not None and (limits := _counted([line for line in due.split("\n") if line.strip()])):
        due = found.taken[column] = "\n".join(limits)
    at = columns.at("start")
    start = row.text(at)
    if at is None or not start:
        return due
    start = _as_a_day(start, row, at, columns, found)
    if columns.at("schedule") is not None and not due:
        found.left[at] = "进度安排里已写时限"
        return due
    first, last = _bounds(start, due)
    joined = f"{first}—{last}" if due else f"{first}起"
    if is_a_time(joined):
        found.taken[at] = first
        if not due and is_a_time(first) and read_schedule(first, _READING).deliverables[0].window.starts_on is not None:
            sentence = f"只写了开始时间“{start}”，没有写到什么时候，按年底为止持续进行理解，请写明时限。"
            found.remarks.append(("no_end", start, sentence))
        if due and (end := columns.at("due")) is not None:
            found.taken[end] = last
        return joined
    found.left[at] = "起始时间读不成时间"
    return due


def _on_its_day(month: str, row: RowView, columns: Columns, found: TimeCells) -> str:
    """The month's own text, or with the day that another column names; a text that is no day of it says when."""
    day = row.text(columns.days)
    if columns.days is None or not day:
        return month
    whole = in_its_month(month, day, is_a_time)
    found.taken[columns.days] = None
    if whole is None:
        found.taken.pop(columns.places["due"], None)
        found.left[columns.places["due"]] = "另一栏已写日期"
        return day
    if columns.years is not None and row.text(columns.years):
        found.taken[columns.years] = None
    plain = month.removesuffix("份")
    found.taken[columns.places["due"]], found.taken[columns.days] = plain, whole.removeprefix(plain)
    return whole


def _bounds(start: str, due: str) -> tuple[str, str]:
    """A start and an end as the two ends of one time (`3月1日`—`6月30日`)."""
    first = re.sub(r"(?:起|开始|初)$", "", start)
    last = re.sub(r"(?:之?前|以前|底前完成|完成|止)$", "", due)
    return first, re.sub(r"底$", "", last)


def _beside(columns: Columns, schedule: str, due: str, found: TimeCells) -> str:
    """A schedule or measures with a deadline beside them.

    Steps with times of their own stand for themselves, and the deadline for the whole; it governs any others.
    """
    if NO.fullmatch(fold(schedule)):
        found.taken |= {at: "" for role in ("schedule", "measure") if (at := columns.at(role)) is not None}
        return due
    steps = read_schedule(schedule, _READING).deliverables
    dated = any(step.window.due_on is not None for step in steps)
    if not dated or not begins_with_a_time(schedule):
        if (paired := _paired(due, schedule, found)) is not None:
            return paired
        if not dated or columns.at("schedule") is None or not _stand_alone(steps):
            return f"{due}\n{schedule}"
    at = columns.at("due")
    if NO.fullmatch(fold(due)) or _ends_with(schedule, due):
        _said_in_steps(columns, found)
        return schedule
    limits = read_schedule(due, _READING).deliverables
    if at is not None and not is_a_time(due) and all(limit.window.due_on is None for limit in limits):
        found.taken.pop(at, None)
        found.left[at] = "进度安排里已写时限"
        return schedule
    return f"{schedule.rstrip('；;。')}；\n{due}"


def _said_in_steps(columns: Columns, found: TimeCells) -> None:
    """The limit says nothing beside the steps; neither does the beginning that stands beside it."""
    if (at := columns.at("due")) is not None:
        found.taken[at] = ""
    if (start := columns.at("start")) is not None and found.taken.pop(start, None) is not None:
        found.left[start] = "进度安排里已写时限"


def _stand_alone(steps: Sequence[Deliverable]) -> bool:
    """Whether the first step has a date of its own, and no later one hangs on a date before it."""
    return steps[0].window.due_on is not None and all(step.assigned != "inherited" for step in steps)


def _ends_with(schedule: str, due: str) -> bool:
    """Whether the steps of a schedule have the limit already; the year counts where both print one."""
    if any(item.window.recurrence is not None for item in read_schedule(due, _READING).deliverables):
        return False
    years = all(_YEAR.search(text) for text in (schedule, due))
    steps, limits = (
        {
            (end.year if years else 0, end.month, end.day)
            for item in read_schedule(text, _READING).deliverables
            if (end := item.window.due_on) is not None
        }
        for text in (schedule, due)
    )
    return bool(limits) and limits <= steps


def _stacked(due: str, content: str, found: TimeCells) -> str:
    """Several limits in one cell, a line each: each goes with its line of the content, or stands for itself."""
    if (paired := _paired(due, content, found)) is not None:
        return paired
    times = _limits(due)
    return "；\n".join(times) if len(times) > 1 and all(is_a_time(time) for time in times) else due


def _paired(due: str, duties: str, found: TimeCells) -> str | None:
    """Limits and duties, line by line, where both have as many."""
    times, lines = _limits(due), _lines(duties)
    if len(lines) == len(times) + 1:
        # `推进审批改革：⏎1.…⏎2.…`: a line heads the others.
        lines = uncounted(lines[1:]) or lines
    if len(times) < 2 or len(lines) < 2 or not all(is_a_time(time) for time in times):
        return None
    if len(lines) == len(times):
        # `（1）4月；`: what ends a line of the list is no part of its limit.
        return "\n".join(f"{time.rstrip('。；;，, ')}：{line}" for time, line in zip(times, lines, strict=True))
    sentence = f"时限栏有{len(times)}行，内容或措施栏有{len(lines)}行，对不上，请核对各自的时限。"
    found.remarks.append(("times_not_paired", due, sentence))
    return None


def _limits(text: str) -> list[str]:
    """The lines of a cell of limits; a time that a narrow cell broke over lines (`September⏎2024`) is one."""
    limits: list[str] = []
    for line in _lines(text):
        if limits and is_a_time(f"{limits[-1]}\n{line}"):
            limits[-1] += f"\n{line}"
        else:
            limits.append(line)
    return limits


def _lines(text: str) -> list[str]:
    """The lines of a cell, without the numbers that count them (`1.4月底前⏎2.长期坚持`)."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return _counted(lines) or lines


def _counted(lines: list[str]) -> list[str]:
    """The lines without the numbers that count them, or the counted parts of a single one (`1.4月底；2.9月底`)."""
    return uncounted(lines) or (counted_parts(lines[0]) if len(lines) == 1 else [])


def _periods(row: RowView, columns: Columns, found: TimeCells) -> list[str]:
    """Columns headed by a time: each gives its head as the label; neighbours with one text or with marks are one."""
    pieces: list[str] = []
    bars, amounts = has_bars(row, columns), are_amounts(row, columns)
    for text in () if amounts else may_be_days(row, columns):
        found.remarks.append(("day_or_amount", text, f"“{text}”可能是日期，也可能只是数字。"))
    for (kind, _), group in groupby(columns.periods, key=lambda period: bar(row, period[0], bars=bars)):
        members = list(group)
        if kind == "blank":
            for at, _ in members:
                if row.text(at):
                    found.left[at] = NOTHING_THERE
            continue
        spans = [members] if kind in ("mark", "merged") else [[member] for member in members]
        for span in spans:
            label = joined([head for _, head in span])
            text = "" if kind == "mark" else row.text(span[0][0])
            text = f"目标{text}" if amounts and text else text
            pieces.append(_under(label, text) if text else label)
            for number, (at, _) in enumerate(span):
                if row.text(at):
                    # The stretch of marks stands as one label: it is accounted to the first of them.
                    found.taken[at] = None if kind != "mark" else label if number == 0 else ""
    return pieces


def _under(label: str, text: str) -> str:
    """What stands under a time: dated by it, or with a date of its own inside it; `15日前` under a month is its day."""
    if (day := in_its_month(label, text, lambda _: False)) is not None:
        return day
    return text if _dated_within(label, text) else f"{label}：{text}"


def _dated_within(label: str, text: str) -> bool:
    """Whether all that a place says has a date of its own inside the time that heads it (三季度, `8月底前建成`)."""
    if _YEAR.search(label) or not begins_with_a_time(text):
        return False
    outer = [item.window for item in read_schedule(label, _READING).deliverables]
    inner = read_schedule(text, _READING).deliverables
    if len(outer) != 1 or outer[0].due_on is None or outer[0].recurrence is not None or _RELATIVE.search(fold(text)):
        return False
    first, last = _in_its_year(outer[0].starts_on or date(_READING.year, 1, 1)), _in_its_year(outer[0].due_on)
    return bool(inner) and all(
        item.assigned != "inherited"
        and item.window.due_on is not None
        and item.window.recurrence is None
        and first <= _in_its_year(item.window.due_on) <= last
        for item in inner
    )


def _in_its_year(day: date) -> tuple[int, int]:
    return day.month, day.day


def _staged(row: RowView, columns: Columns, found: TimeCells) -> list[str]:
    """What and by when of each stage, where these columns stand several times."""
    pieces: list[str] = []
    for what, when in columns.pairs:
        duty, due = row.text(what), row.text(when)
        for at, text in ((what, duty), (when, due)):
            if text:
                found.taken[at] = None
        if duty or due:
            pieces.append(f"{due}：{duty}" if duty and due else due or duty)
    return pieces


def _stages(row: RowView, columns: Columns, found: TimeCells) -> list[str]:
    """What is done by when, where what is done heads the column (`开工`, and below it `6月底前`)."""
    pieces: list[str] = []
    for at, head in columns.stages:
        text = _as_a_day(row.text(at), row, at, columns, found)
        if NO.fullmatch(fold(text)):
            found.left[at] = NOTHING_THERE
        elif text and is_a_time(text):
            found.taken.setdefault(at, None)
            pieces.append(f"{head}：{text}")
        elif text:
            found.left[at] = "这一栏不读"
    return pieces
