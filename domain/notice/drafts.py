"""What a clause of a schedule cell gives: deliverables of the time that governs it, and of the times inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.notice.clauses import Clause
from domain.notice.deliverables import Assigned, Deliverable, sessions_named
from domain.notice.duties import says_no_duty
from domain.notice.ends_beside import ended_beside, keeps_what_is_made, kept_from_then_on
from domain.notice.english_recurrences import english_period_at
from domain.notice.english_times import repeated_in_english
from domain.notice.in_force import in_force
from domain.notice.labels import HiddenTime, governing_period, hidden_times
from domain.notice.own_times import closes
from domain.notice.patterns import regex
from domain.notice.quotas import find_quotas
from domain.notice.recurrences import find_sessions, period_at
from domain.notice.second_times import (
    behind_limit,
    beyond_deadline,
    choice_of,
    earlier_hope,
    inheriting,
    is_once,
    reaching_out,
    repeats_until,
    says_the_same,
    too_short,
)
from domain.notice.windows import Basis, Choice, Doubt, TimeContext, TimeReading, Window, doubts_of, spoken

_APART = regex(r"(?:分别|时间|即)(?:为|是|于|在)?\s*$")
_IN_ALL = regex(
    r"\s*(?:共|合计|累计|总计|总共)?(?:不[少低]于|不得少于|至少|达到?|召开|开展|组织|举办|完成)*(?:\d+|[一二两三四五六七八九十]+)(?:场次|次|场|期|轮|批)(?:以上)?\s*(?=$|[,;。])"
)
_SURE = regex(r"确保|务必|最迟|必须|不得?[晚迟]于|[最至]迟|最晚")
_HELD = regex(r"\s*(?:分别|各)?(?:召开|举办|举行|开展|组织|进行|报送|完成)?\s*")
_YEAR = regex(r"(?:19|20)\d{2}\s*年")
_UNTIL = regex(r"(?:直至|直到|持续至|持续到|延续至|延续到|坚持到)")
# `每月25日前调度一次，至12月`; `每月调度，至6月底完成50%` is a limit of its own.
_TO_AN_END = regex(r",\s*(?:截?至|到)\s*[\d年月日号底末旬上中下 ]{2,14}(?:为?止)?\s*(?=$|[,;。])")
_ENDS_THERE = regex(r"\s*(?:为止|止)")
# `力争6月底前完成，确保9月底前完成`: between two limits of one duty stands no other one.
_ONLY_DONE = regex(r"[\s,、;]*(?:(?:基本|全面|全部)?(?:完成|办结))?[\s,、;]*[一-鿿A-Za-z\d]?")
_HOPED = regex(r"力争|争取|尽量|尽可能")
# `；此后每月通报`: from the limit before it on.
_FROM_THEN_ON = regex(r"(?:此后|今后|之后|以后|随后|其后|而后)(?=每|按)")
# `如遇特殊情况可顺延`, `责任人：李某`: an exception to the limit before it, or who answers for it, and no duty.
_EXCEPTION = regex(
    r"(?:如|若|因|遇|确(?:有|需|因))[^,;。:]{0,20}[,]?[^,;。:]{0,12}(?:顺延|延期|延长|延后|除外|另行)[^,;。:]{0,12}$"
    r"|(?:对)?(?:逾期|未按(?:期|时)|到期)(?:仍)?未?[^,;。:]{0,12}(?:的)?[,]?[^;。]{0,16}(?:通报|约谈|问责|扣分|追责|取消|收回|处理|移送|立案|处罚|不予受理|不再受理)[^,;。:]{0,8}$"
    r"|[^,;。:]{0,8}另有(?:规定|要求|安排)的?,?(?:从其规定|按其?[^,;。:]{0,8}执行|除外)$|逾期(?:不|未)[^,;。:]{1,8}的?[,]?视为[^,;。:]{1,8}$"
    r"|\(?(?:责任|牵头|配合|协办|负责|联系|分管|经办|承办)[^,;。:]{0,8}:"
)


@dataclass(frozen=True, slots=True)
class Governing:
    """The time that governs what follows; `hidden` if it stood inside a clause."""

    reading: TimeReading
    text: str
    hidden: bool = False


class Drafts:
    """The deliverables of one cell as they are read, the time that governs, and the places of all times read."""

    def __init__(self, cell: str, text: str, hidden: list[bool], context: TimeContext) -> None:
        self._cell = cell
        self._text = text
        self._hidden = hidden
        self._context = context
        self.governing: Governing | None = None
        self.deliverables: list[Deliverable] = []
        self.left_over: list[tuple[int, int]] = []
        self.read: list[tuple[int, int]] = []
        self.named: list[tuple[int, int]] = []

    def deliver_undated(self, clause: Clause) -> None:
        """A clause that no time governs: the year where it counts sessions, a question where it says nothing."""
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
            doubt = Doubt("count_only", "ruling", text, spoken((window,)), (choice_of(window), *choices[1:]))
        nothing = TimeReading(clause.start, clause.start, (window,), Basis.UNDATED, (doubt,))
        self.deliver(clause.start, clause.end, clause.start, nothing, "", "window", clause.start)

    def inherit(self, clause: Clause, governing: Governing) -> None:
        """A clause without a time of its own goes by the one before it, with what may be doubted of that."""
        if _EXCEPTION.match(self._text, clause.start, clause.end) is not None:
            self.left_over.append((clause.start, clause.end))
            return
        doubts = inheriting(self._text, clause.start, governing.reading, governing.text, hidden=governing.hidden)
        reading = replace(governing.reading, doubts=doubts)
        self.deliver(clause.start, clause.end, clause.start, reading, governing.text, "inherited", clause.start)

    def repeated(self, clause: Clause) -> TimeReading | None:
        """How often a clause without a label says its duty comes back, where the time before it is too short for that.

        `3月：启动；…每季度通报一次` cannot mean every quarter of March.
        """
        english = repeated_in_english(self._text, clause.start, clause.end, self._context)
        if self.governing is None or english is not None:
            return english
        period = governing_period(self._text, self._hidden, clause.start, clause.end)
        window = self.governing.reading.windows[0]
        year = Window(starts_on=date(self._context.year, 1, 1), due_on=date(self._context.year, 12, 31))
        if period is not None and _FROM_THEN_ON.match(self._text, clause.start, clause.end) is not None:
            rest = behind_limit(year, self.governing.reading, period)
            return TimeReading(period.start, period.end, (rest,), Basis.DATED) if rest is not None else None
        doubt = too_short(period, window, self.governing.text, year) if period is not None else None
        return TimeReading(period.start, period.end, (year,), Basis.DATED, (doubt,)) if period and doubt else None

    def duty_at(self, clause: Clause) -> int:
        """Where what comes back begins behind the word that says from when on (`此后每月通报`)."""
        joined = _FROM_THEN_ON.match(self._text, clause.start, clause.end)
        return joined.end() if joined is not None else clause.start

    def deliver(
        self, start: int, end: int, body: int, reading: TimeReading, text: str, assigned: Assigned, scan_from: int
    ) -> None:
        """A deliverable for each window of a reading, and one for each time inside the clause that is not the same."""
        labelled = reading.end > reading.start
        self.read.append((reading.start, reading.end))
        headed = self._headed_by_a_year(reading, body)
        context = replace(self._context, year=headed) if headed is not None else self._context
        hidden = hidden_times(
            self._text, self._hidden, body, end, context, skip_to=max(scan_from, body), numbers=labelled
        )
        if (
            is_once(reading)
            and len(hidden) == 1
            and hidden[0].reading.deadline
            and hidden[0].reading.start >= scan_from
        ):
            # `每年一次，11月底前完成`: the limit says when the one session is due.
            self.read.append((hidden[0].reading.start, hidden[0].reading.end))
            reading, hidden = replace(hidden[0].reading, doubts=(*reading.doubts, *hidden[0].reading.doubts)), []
        reading, hidden = self._until(reading, hidden, end)
        if (ended := ended_beside(self._text, self._cell, reading, hidden, end)) is not None:
            self.read.append((hidden[0].reading.start, hidden[0].reading.end))
            reading, hidden = ended, []
        if reading.windows[0].recurrence is not None:
            hidden = [time for time in hidden if not self._is_the_total(time, end)]
        if (apart := self._each_apart(reading, hidden)) is not None:
            # `全年共4次，分别于3月、6月举办`: each of as many has its time.
            self.read.extend([(reading.start, reading.end), (apart.start, apart.end)])
            reading, hidden = apart, []
        if self._names_each(reading, hidden, end):
            # `Twice yearly: May and November`: the sessions are those times.
            self.read.extend((time.reading.start, time.reading.end) for time in hidden)
            self.named.append((reading.end, end))
            windows = tuple(window for time in hidden for window in time.reading.windows)
            reading, hidden, body = replace(reading, windows=windows), [], end
        elif (named_day := self._sessions_told(reading, hidden, end)) is not None:
            self.read.append((hidden[0].reading.start, hidden[0].reading.end))
            reading, hidden = replace(reading, doubts=(*reading.doubts, named_day)), []
        holds = self._only_holds(reading, [time for time in hidden if time.reading.start >= scan_from], body, end)
        if holds:
            self.named.append((reading.start, reading.end))
        named = self._named_sessions(reading, body, end)
        self.read.extend([(named.start, named.stop), *((time.reading.start, time.reading.end) for time in hidden)])
        times: list[HiddenTime] = []
        for time in hidden:
            # Behind another time inside the clause its end is said once more for what stands there.
            same = not times and says_the_same(time.reading, reading, closing=self._closes(time, reading, body, end))
            beside = scan_from <= time.reading.start and not named.start <= time.reading.start < named.stop
            if beside and (holds or time.within or not same):
                times.append(time)
        outer_end = self._outer_end(times, body, end)
        for index, window in enumerate(() if holds else reading.windows):
            doubts = doubts_of(reading, index)
            share = (index, len(reading.windows))
            draft = Deliverable(start, outer_end, body, window, text, assigned, reading.basis, doubts, share)
            self.deliverables.append(_called(draft, reading.names))
        for index, time in enumerate(times):
            outer = _through_all(reading, times[:index]) if time.within else reading
            self._embed(time, times[index + 1] if index + 1 < len(times) else None, end, outer, body)

    def _headed_by_a_year(self, reading: TimeReading, body: int) -> int | None:
        """The year that heads what stands behind its colon (`2027年：6月底前开工，年底前完工`): its times are of it."""
        first, last = reading.windows[0].starts_on, reading.windows[0].due_on
        printed = (
            _YEAR.search(self._text, reading.start, reading.end) if ":" in self._text[reading.end : body] else None
        )
        if printed is None or first is None or last is None or len(reading.windows) > 1 or first.year != last.year:
            return None
        return last.year

    def _closes(self, time: HiddenTime, outer: TimeReading, body: int, end: int) -> bool:
        """Whether a word of completion closes the duty; `6月起试运行，年底前正式运行` has two."""
        in_effect = in_force(self._text[outer.start : max(body, time.cut)], outer.windows[0]) is not None
        return not in_effect and closes(self._text, time.reading, end)

    def _until(self, reading: TimeReading, hidden: list[HiddenTime], end: int) -> tuple[TimeReading, list[HiddenTime]]:
        """`每周一次，直至6月底`: the end of what comes back."""
        if len(hidden) != 1 or len(reading.windows) != 1 or reading.end == reading.start:
            return reading, hidden
        period = governing_period(self._text, self._hidden, reading.start, reading.end)
        # `3月起每月一次，直至11月底`: how often stands behind where it begins.
        period = period or period_at(self._text, reading.end)
        if period is None:
            return reading, hidden
        last, window = hidden[0].reading, reading.windows[0]
        until = _UNTIL.search(self._text[reading.end : last.end]) or _ENDS_THERE.match(self._text, last.end, end)
        until = until or _TO_AN_END.search(self._text, reading.end, end)
        due = last.windows[0].due_on
        if due is None or window.due_on is None or window.starts_on is None or due <= window.starts_on:
            return reading, hidden
        # `每月调度，6月底前完成`: by its words only the limit of what comes back, and asked.
        alone = last.deadline and due < window.due_on and self._only_a_limit(hidden[0], end)
        if until is None and not alone:
            return reading, hidden
        self.read.append((last.start, last.end))
        shortened = period.within(window.having(due_on=due, recurrence=None, quota=None, ongoing=False))
        doubts = (*reading.doubts, *last.doubts, *(() if until is not None else repeats_until(window, shortened)))
        return replace(reading, windows=(shortened,), doubts=doubts), []

    def _is_the_total(self, time: HiddenTime, end: int) -> bool:
        """`每两月开展一次检查，全年不少于5次`: how many that is in the year."""
        total = _IN_ALL.match(self._text, time.reading.end, end) if time.reading.basis is Basis.WHOLE_YEAR else None
        if total is None:
            return False
        self.read.append((time.reading.start, total.end()))
        return True

    def _only_a_limit(self, time: HiddenTime, end: int) -> bool:
        """Whether a part of a sentence says by when, and no duty of its own."""
        before = self._text[time.cut : time.reading.start].strip(" ,")
        return not before and says_no_duty(self._text, time.reading.end, end, None)

    def _each_apart(self, reading: TimeReading, hidden: list[HiddenTime]) -> TimeReading | None:
        """The times that `分别` names behind a number of as many in the year."""
        if reading.basis is not Basis.WHOLE_YEAR or len(hidden) != 1 or len(hidden[0].reading.windows) < 2:
            return None
        before = self._text[reading.end : hidden[0].reading.start]
        amounts = find_quotas(self._text, self._hidden, reading.end, hidden[0].reading.start)
        each = bool(amounts) and amounts[0].quota.value == len(hidden[0].reading.windows)
        return hidden[0].reading if each and _APART.search(before) is not None else None

    def _sessions_told(self, reading: TimeReading, hidden: list[HiddenTime], end: int) -> Doubt | None:
        """`每季度召开一次会议，1月、4月、7月、10月上旬召开`: as many times as sessions, and no duty of their own."""
        recurrence = reading.windows[0].recurrence if reading.end > reading.start else None
        if recurrence is None or len(hidden) != 1 or recurrence.count < 2:
            return None
        if self._named_sessions(reading, reading.end, end):
            return None
        if len(hidden[0].reading.windows) != recurrence.count:
            return None
        if not _HELD.fullmatch(self._text, hidden[0].reading.end, end):
            return None
        printed = self._cell[hidden[0].reading.start : hidden[0].reading.end].strip()
        return Doubt("detail_not_kept", "note", f"“{printed}”按每期的时间理解，没有编入节点，只按每期督办。")

    def _names_each(self, reading: TimeReading, hidden: list[HiddenTime], end: int) -> bool:
        """Whether nothing but the times of its sessions stands behind how often, and a colon."""
        if not hidden or english_period_at(self._text, reading.start) is None:
            return False
        at, rest = reading.end, ""
        for time in hidden:
            rest += self._text[at : time.reading.start]
            at = time.reading.end
        marks = re.sub(r"and|,|;|\s", "", rest + self._text[at:end])
        return marks.rstrip(".") == ":" and self._text[reading.end : end].lstrip().startswith(":")

    def _named_sessions(self, reading: TimeReading, body: int, end: int) -> range:
        """Where a duty that comes back names its sessions: those times are no milestones of their own."""
        if any(window.starts_on is None and window.due_on is not None for window in reading.windows):
            return range(0)
        repeats = reading.end > reading.start and reading.windows[0].recurrence is not None
        period = governing_period(self._text, self._hidden, reading.start if repeats else body, end)
        named = sessions_named(self._text, period, end, self._context) if period is not None else None
        return range(named.start, named.end) if named is not None else range(0)

    def _only_holds(self, reading: TimeReading, times: list[HiddenTime], body: int, end: int) -> bool:
        """`三季度：7月启动，9月完成`: a time in which others lie, and nothing is to be done but in them."""
        (window, *more) = reading.windows
        first, last = window.starts_on, window.due_on
        if all(says_the_same(each.reading, reading, closing=closes(self._text, each.reading, end)) for each in times):
            return False
        open_ = reading.deadline or reading.doubts or window.recurrence or window.ongoing
        year = self._headed_by_a_year(reading, body) is not None
        dated = (reading.basis is Basis.DATED or year) and not open_
        if more or not times or not dated or first is None or last is None:
            return False
        if self._text[body : times[0].cut].strip(" ,") or first.year != last.year or any(time.within for time in times):
            return False
        inner = [each for time in times for each in time.reading.windows]
        return all(
            each.due_on is not None and first <= (each.starts_on or each.due_on) <= each.due_on <= last
            for each in inner
        )

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
        beyond: tuple[Doubt, ...] = ()
        often = governing_period(self._text, self._hidden, time.reading.start, time.reading.end) if time.since else None
        if time.since and (rest := behind_limit(windows[0], outer, often)) is not None:
            windows = (rest,)
        elif time.within and (short := self._beyond(time, outer)) is not None:
            beyond = (short,)
        elif time.within and any(window.starts_on is None and window.due_on is not None for window in outer.windows):
            # `4月底前修订…，每月通报…`: a deadline is no stretch in which something comes back.
            often = governing_period(self._text, self._hidden, time.reading.start, time.reading.end)
            rest = behind_limit(windows[0], outer, often) if keeps_what_is_made(self._text, time, outer, stop) else None
            windows = (often.within(rest),) if rest is not None and often is not None else windows
            beyond = kept_from_then_on(windows) if rest is not None else beyond_deadline(windows[0], outer)
        elif time.within and all(window.due_on is not None and not window.recurrence for window in outer.windows):
            windows = tuple(window.having(recurrence=None, quota=None) for window in outer.windows)
        if time.within and windows == outer.windows:
            beyond += tuple(doubt for doubt in outer.doubts if doubt.code == "which_window")
        inner = replace(time.reading, windows=windows)
        # `4月完成率不低于35%，上半年60%，全年100%`: each share has its time.
        shares = self._text.count("%", outer.start, end) > 1
        conflict = (
            beyond
            if time.within
            else ()
            if shares
            else reaching_out(inner, outer, text, side_by_side=self._text[time.cut - 1] == "、")
        )
        if _HOPED.search(self._text, time.cut, time.reading.end) and closes(self._text, time.reading, end):
            conflict += earlier_hope(inner, outer, text)
        apart = _ONLY_DONE.fullmatch(self._text, outer.end, time.cut) is None
        hoped = not apart and _HOPED.search(self._text, max(0, outer.start - 2), outer.end) is not None
        if hoped and _SURE.search(self._text, time.cut, time.reading.end):
            conflict += earlier_hope(outer, inner, self._cell[outer.start : outer.end].strip())
        shared = max(time.body, begin) if time.cut > body or time.body > body else body
        for index, window in enumerate(windows):
            doubts = doubts_of(inner, index) + conflict
            body = min(shared, stop)
            draft = Deliverable(begin, stop, body, window, text, "embedded", time.reading.basis, doubts)
            self.deliverables.append(_called(replace(draft, share=(index, 1)), time.reading.names))
        self.governing = Governing(inner, text, hidden=True)

    def _beyond(self, time: HiddenTime, outer: TimeReading) -> Doubt | None:
        """The question where what comes back stands behind a time that is shorter than its period."""
        period = governing_period(self._text, self._hidden, time.reading.start, time.reading.end)
        year = time.reading.windows[0].having(recurrence=None, quota=None)
        said = self._cell[outer.start : outer.end].strip()
        return too_short(period, outer.windows[0], said, year) if period is not None else None


def _through_all(outer: TimeReading, before: Sequence[HiddenTime]) -> TimeReading:
    """`4-6月排查，7-10月整治，每月报进度`: what comes back behind several stretches goes through all of them, asked."""
    first = outer.windows[0]
    later = [time.reading.windows[-1].due_on for time in before if time.reading.windows[-1].starts_on is not None]
    ends = [due for due in later if due is not None and first.due_on is not None and due > first.due_on]
    if first.starts_on is None or len(outer.windows) > 1 or first.recurrence is not None or first.ongoing or not ends:
        return outer
    whole = Window(starts_on=first.starts_on, due_on=max(ends))
    asked = "前面有几段时间，这一句没有写明随哪一段，按全部理解。"
    choices = (choice_of(whole), choice_of(first))
    doubt = Doubt("which_window", "ruling", asked, spoken((whole,)), choices)
    return replace(outer, windows=(whole,), doubts=(doubt,))


def _called(draft: Deliverable, names: tuple[str, ...]) -> Deliverable:
    """A deliverable with the name of its day (`12月4日宪法日举办活动`), where something is to be done on it.

    `4月15日国家安全教育日、9月第三周宣传周活动`: behind the last time stands what is due in it alone.
    """
    alone = len(names) == 1 and draft.end <= draft.body
    name = names[draft.share[0]] if names and not alone else ""
    shared = not name or names[-1] != ""
    return replace(draft, description=name, end=draft.end if shared else min(draft.body, draft.end))
