"""A schedule cell read as deliverables: each with its window, its place in the text and the doubts about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from domain.notice.clauses import Clause, clauses
from domain.notice.deliverables import Assigned, Deliverable, Told
from domain.notice.english_times import repeated_in_english
from domain.notice.findings import CONFIRM
from domain.notice.folding import fold, quoted
from domain.notice.labels import HiddenTime, Label, governing_period, hidden_times, label_at, time_at
from domain.notice.open_times import left_open_at, undated_at
from domain.notice.order_of_times import with_years_carried
from domain.notice.recurrences import find_sessions
from domain.notice.windows import Basis, Choice, Doubt, TimeContext, TimeReading, Window, spoken

_HEADING = re.compile(r"[^\d,;。:\n]{1,14}:\s*(?=\S)")
_TRAILING = re.compile(r"[(\[【](?P<inner>[^()\[\]【】]{1,40})[)\]】]\s*[,。;]?\s*$")
_BRACKET = re.compile(r"\((?P<inner>[^()]{1,40})\)\s*[:,]")
# `夏季（6-8月）开展…`: brackets behind the first word say when.
_OPENING_BRACKET = re.compile(r"[^\d,;。:()]{1,6}\((?P<inner>[^()]{1,40})\)")
_EARLY_MONTHS, _LATE_MONTHS = 3, 10


@dataclass(slots=True)
class Schedule:
    """What a cell was read as; `left_over` lists the stretches that are neither window nor description."""

    deliverables: list[Deliverable] = field(default_factory=list)
    left_over: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Governing:
    reading: TimeReading
    text: str
    hidden: bool = False


def read_schedule(cell: str, context: TimeContext, *, duty: str = "") -> Schedule:
    """The deliverables of a schedule cell; `duty` is the project's title, read where a label has no text of its own."""
    return _Reader(cell, context, duty).read()


class _Reader:
    def __init__(self, cell: str, context: TimeContext, duty: str) -> None:
        self._cell = cell
        self._text = fold(cell)
        self._hidden = quoted(self._text)
        self._context = context
        self._duty = duty
        self._schedule = Schedule()
        self._governing: _Governing | None = None
        self._labels: list[tuple[Clause, Label]] = []

    def read(self) -> Schedule:
        waiting: Label | None = None
        found = clauses(self._text, self._hidden, self._context)
        for index, clause in enumerate(found):
            if clause.numbering is not None:
                self._schedule.left_over.append(clause.numbering)
            label = self._label(clause)
            if (
                label is not None
                and label.body >= clause.end
                and self._text[label.body : label.body + 1] not in (";", "。")
            ):
                following = found[index + 1] if index + 1 < len(found) else None
                if (
                    following is not None
                    and self._label(following) is None
                    and "\n" in self._text[clause.end : following.start]
                ):
                    waiting = label
                    continue
            if label is None and waiting is not None:
                label, waiting = replace(waiting, body=clause.start), None
                self._labelled(replace(clause, start=label.reading.start), label)
            elif label is not None:
                self._labelled(clause, label)
            else:
                self._unlabelled(clause)
        self._doubt_smaller_months()
        self._schedule.deliverables = with_years_carried(self._schedule.deliverables, self._context)
        told = Told(self._cell, self._text, self._hidden, self._duty)
        self._schedule.deliverables = [told.of(draft) for draft in self._schedule.deliverables]
        self._schedule.deliverables.sort(key=lambda draft: (draft.start, draft.body))
        return self._schedule

    def _label(self, clause: Clause) -> Label | None:
        label = label_at(self._text, clause.start, clause.end, self._context)
        if (
            label is not None
            and label.reading.basis is Basis.UNDATED
            and not label.delimited
            and self._governing is not None
        ):
            return None
        return label

    def _labelled(self, clause: Clause, label: Label) -> None:
        self._labels.append((clause, label))
        text = self._cell[label.reading.start : label.reading.end].strip()
        self._governing = _Governing(label.reading, text)
        body = label.body
        if label.period is not None or (label.reading.basis is Basis.UNDATED and not label.delimited):
            # `每季度开展一次…`, `持续推进…`: the time is part of the sentence, and how often is read from it.
            body = label.reading.start if not label.delimited else label.body
        self._deliver(clause.start, clause.end, body, label.reading, text, "window", label.body)

    def _unlabelled(self, clause: Clause) -> None:
        heading = _HEADING.match(self._text, clause.start, clause.end)
        if (
            heading is not None
            and (label := label_at(self._text, heading.end(), clause.end, self._context)) is not None
            and label.delimited
        ):
            self._schedule.left_over.append((clause.start, heading.end()))
            self._labelled(replace(clause, start=heading.end()), label)
            return
        own = self._own_time(clause)
        if own is not None:
            text = self._cell[own.start : own.end].strip()
            self._governing = _Governing(own, text)
            self._deliver(clause.start, clause.end, clause.start, own, text, "window", own.end)
        elif (often := self._repeated(clause)) is not None:
            text = self._cell[often.start : often.end].strip()
            self._deliver(clause.start, clause.end, clause.start, often, text, "window", clause.end)
        elif self._governing is not None:
            doubts: tuple[Doubt, ...] = ()
            governing = self._governing
            if governing.hidden:
                choice = Choice(key=governing.text, text=spoken(governing.reading.windows))
                doubts = (
                    Doubt(
                        "which_window", "ruling", "前一句里有两个时限，这一句没有写明随哪一个。", choice.text, (choice,)
                    ),
                )
            goes_on = undated_at(self._text, clause.start)
            if goes_on is not None and goes_on.windows[0].ongoing and not governing.reading.windows[0].ongoing:
                either = (
                    Choice(key="全年持续", text="全年持续进行"),
                    Choice(key=CONFIRM, text=f"随前面的“{governing.text}”"),
                )
                text = "这一句没有写时限，可能持续进行，也可能随前面的时限。"
                doubts += (Doubt("continues_or_inherits", "ruling", text, spoken(governing.reading.windows), either),)
            if left_open_at(self._text, clause.start):
                follows = Choice(key=CONFIRM, text=f"随前面的“{governing.text}”")
                or_later = (follows, Choice(key="年底前", text="年底到期"), Choice(key="全年持续", text="全年持续进行"))
                text = "这一句没有写明时限，可能随前面的时限，也可能另定。"
                doubts += (Doubt("open_or_inherits", "ruling", text, spoken(governing.reading.windows), or_later),)
            if any(window.due_on is None for window in governing.reading.windows):
                # What has no date waits for a ruling of its own, inherited or not.
                doubts += governing.reading.doubts
            reading = replace(governing.reading, doubts=doubts)
            self._deliver(clause.start, clause.end, clause.start, reading, governing.text, "inherited", clause.start)
        else:
            choices = (
                Choice(key="全年持续", text="全年持续进行"),
                Choice(key="年底前", text="年底到期"),
                Choice(key="M月D日前", text="写明到期日"),
            )
            doubt = Doubt("no_window", "error", "没有读出时限。", None, choices)
            window = Window()
            if find_sessions(self._text, self._hidden, clause.start, clause.end) is not None:
                year = self._context.year
                window = Window(starts_on=date(year, 1, 1), due_on=date(year, 12, 31))
                text = "只写了期数，没有写时间，按全年理解。"
                doubt = Doubt("count_only", "ruling", text, spoken((window,)), (_choice_of(window), *choices[1:]))
            nothing = TimeReading(clause.start, clause.start, (window,), Basis.UNDATED, (doubt,))
            self._deliver(clause.start, clause.end, clause.start, nothing, "", "window", clause.start)

    def _repeated(self, clause: Clause) -> TimeReading | None:
        """How often a clause without a label says its duty comes back, where the time before it is too short for that.

        `3月：启动；…每季度通报一次` cannot mean every quarter of March.
        """
        english = repeated_in_english(self._text, clause.start, clause.end, self._context)
        if self._governing is None or english is not None:
            return english
        period = governing_period(self._text, self._hidden, clause.start, clause.end)
        window = self._governing.reading.windows[0]
        if period is None or window.due_on is None or window.starts_on is None or window.recurrence is not None:
            return None
        if (window.due_on - window.starts_on).days >= period.length_in_days * 3 // 2:
            return None
        year = Window(starts_on=date(self._context.year, 1, 1), due_on=date(self._context.year, 12, 31))
        since = Window(starts_on=window.starts_on, due_on=year.due_on)
        choices = (_choice_of(year), _choice_of(since))
        text = f"随前面的“{self._governing.text}”不足一个周期，按全年理解。"
        doubt = Doubt("repeats_beyond", "ruling", text, choices[0].text, choices)
        return TimeReading(period.start, period.end, (year,), Basis.DATED, (doubt,))

    def _own_time(self, clause: Clause) -> TimeReading | None:
        """The time inside a clause without a label: in brackets at its end, or in its first words."""
        bracketed = self._bracketed_time(clause)
        if bracketed is not None:
            return bracketed
        times = hidden_times(self._text, self._hidden, clause.start, clause.end, self._context)
        first = times[0] if times else None
        comma = self._text.find(",", clause.start, clause.end)
        if first is not None and (self._governing is None or comma == -1 or first.reading.start < comma):
            return first.reading
        if self._governing is None:
            for at in range(clause.start, clause.end):
                if self._hidden[at]:
                    continue
                period = governing_period(self._text, self._hidden, at, clause.end) if at == clause.start else None
                if (
                    period is not None
                    and (label := label_at(self._text, period.start, clause.end, self._context)) is not None
                ):
                    return label.reading
                reading = (
                    time_at(self._text, at, self._context) if self._text[at - 1 : at] in (",", ":", " ", "-") else None
                )
                if reading is not None and reading.end >= clause.end:
                    return reading
        return None

    def _bracketed_time(self, clause: Clause) -> TimeReading | None:
        """The time in brackets at the clause's end, before a mark, or behind its first word."""
        trailing = _TRAILING.search(self._text, clause.start, clause.end)
        opening = _OPENING_BRACKET.match(self._text, clause.start, clause.end)
        for bracket in (trailing, *_BRACKET.finditer(self._text, clause.start, clause.end), opening):
            if bracket is None:
                continue
            end = bracket.end("inner")
            label = label_at(self._text, bracket.start("inner"), end, self._context)
            if label is not None and label.body >= end - (2 if bracket is trailing else 0):
                return label.reading
        return None

    def _deliver(
        self, start: int, end: int, body: int, reading: TimeReading, text: str, assigned: Assigned, scan_from: int
    ) -> None:
        labelled = reading.end > reading.start
        hidden = hidden_times(
            self._text, self._hidden, body, end, self._context, skip_to=max(scan_from, body), numbers=labelled
        )
        times = [
            time
            for time in hidden
            if (time.within or not _same(time.reading, reading)) and time.reading.start >= scan_from
        ]
        outer_end = self._outer_end(times, body, end)
        for window in reading.windows:
            self._schedule.deliverables.append(
                Deliverable(start, outer_end, body, window, text, assigned, reading.basis, reading.doubts)
            )
        for index, time in enumerate(times):
            self._embed(time, times[index + 1] if index + 1 < len(times) else None, end, reading, body)

    def _outer_end(self, times: list[HiddenTime], body: int, end: int) -> int:
        if not times:
            return end
        cut = times[0].cut
        while cut > body and (self._text[cut - 1].isspace() or self._text[cut - 1] == ","):
            cut -= 1
        return cut if cut - body >= 1 else times[0].reading.start

    def _embed(self, time: HiddenTime, following: HiddenTime | None, end: int, outer: TimeReading, body: int) -> None:
        stop = following.cut if following is not None else end
        begin = time.cut
        while begin < stop and (self._text[begin].isspace() or self._text[begin] == ","):
            begin += 1
        while stop > begin and (self._text[stop - 1].isspace() or self._text[stop - 1] == ","):
            stop -= 1
        text = self._cell[time.reading.start : time.reading.end].strip()
        windows = time.reading.windows
        if time.within and all(window.due_on is not None for window in outer.windows):
            windows = tuple(window.model_copy(update={"recurrence": None, "quota": None}) for window in outer.windows)
        inner = replace(time.reading, windows=windows)
        doubts = inner.doubts + (() if time.within else _conflict(inner, outer, text))
        shared = max(time.body, begin) if time.cut > body or time.body > body else body
        for window in windows:
            self._schedule.deliverables.append(
                Deliverable(begin, stop, min(shared, stop), window, text, "embedded", time.reading.basis, doubts)
            )
        self._governing = _Governing(inner, text, hidden=True)

    def _doubt_smaller_months(self) -> None:
        """A label whose month is smaller than the one before may mean next year."""
        previous: tuple[int, int] | None = None
        for clause, label in self._labels:
            window = label.reading.windows[0]
            if window.starts_on is None or label.reading.basis is not Basis.DATED or label.period is not None:
                continue
            printed = self._text[label.reading.start : label.reading.end]
            if re.search(r"\d{4}|年|季|半", printed) or "月" not in printed:
                continue
            month = window.starts_on.month
            if previous is not None and month < previous[0] and window.starts_on.year == self._context.year:
                self._doubt_year(clause.start, label, previous[0] >= _LATE_MONTHS and month <= _EARLY_MONTHS)
            previous = (month, clause.start)

    def _doubt_year(self, start: int, label: Label, following_year: bool) -> None:
        following = replace(self._context, year=self._context.year + 1)
        later = time_at(self._text, label.reading.start, following)
        if later is None or len(later.windows) != len(label.reading.windows):
            return
        printed = self._cell[label.reading.start : label.reading.end].strip()
        prefix = re.match(r"^\s*(?:自|从)", printed)
        bare = printed[prefix.end() :] if prefix else printed
        this, other = (
            f"{prefix.group().strip() if prefix else ''}{year}年{bare}"
            for year in (self._context.year, self._context.year + 1)
        )
        choices = (Choice(key=this, text=spoken(label.reading.windows)), Choice(key=other, text=spoken(later.windows)))
        taken = later if following_year else label.reading
        doubt = Doubt(
            "month_order", "ruling", f"“{printed}”排在更晚的月份之后，可能指下一年。", spoken(taken.windows), choices
        )
        drafts = self._schedule.deliverables
        for index, draft in enumerate(drafts):
            if draft.start == start and draft.window in label.reading.windows:
                position = label.reading.windows.index(draft.window)
                drafts[index] = replace(draft, window=taken.windows[position], doubts=(*draft.doubts, doubt))


def _same(hidden: TimeReading, outer: TimeReading) -> bool:
    """Whether a time inside a clause says nothing new: the same end, and no start of its own."""
    if any(window.recurrence is not None for window in outer.windows) and hidden.windows[0].starts_on is None:
        # `每季度召开分析会，年底前…`: an end of its own beside a duty that comes back.
        return False
    if len(hidden.windows) != 1 or hidden.basis in (Basis.RELATIVE, Basis.UNDATED):
        return False
    (inner,) = hidden.windows
    return any(
        inner.due_on == window.due_on and (inner.starts_on is None or inner.starts_on == window.starts_on)
        for window in outer.windows
    )


def _conflict(hidden: TimeReading, outer: TimeReading, text: str) -> tuple[Doubt, ...]:
    """A time inside a clause that reaches outside the clause's own window may be read in two ways."""
    if hidden.basis is Basis.RELATIVE or not outer.windows or not hidden.windows:
        return ()
    within, window = hidden.windows[0], outer.windows[0]
    if (
        within.starts_on is None
        or window.starts_on is None
        or window.due_on is None
        or within.starts_on >= window.starts_on
    ):
        return ()
    choices = (Choice(key=text, text=spoken((within,))), Choice(key=_key(window), text=spoken((window,))))
    sentence = f"“{text}”写在时限较短的一句里，可能是单独的目标，也可能只在本句时限内完成。"
    return (Doubt("window_within_window", "ruling", sentence, choices[0].text, choices),)


def _choice_of(window: Window) -> Choice:
    return Choice(key=_key(window), text=spoken((window,)))


def _key(window: Window) -> str:
    first, last = window.starts_on, window.due_on
    if first is None or last is None:
        return "年底前"
    return f"{first.year}年{first.month}月{first.day}日—{last.year}年{last.month}月{last.day}日"
