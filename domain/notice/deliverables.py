"""One deliverable: its window, and what its own words say of number, repetition and duration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from domain.notice.duties import day_alone, no_duty, only_continues, says_no_duty, without_time
from domain.notice.expressions import dated_at
from domain.notice.findings import CONFIRM
from domain.notice.in_force import in_force
from domain.notice.labels import governing_period
from domain.notice.patterns import regex
from domain.notice.quotas import FoundQuota, about_numbers, find_quotas
from domain.notice.recurrences import Period, find_sessions
from domain.notice.second_times import repeats_until, too_short
from domain.notice.statuses import finished
from domain.notice.times import time_at
from domain.notice.windows import (
    Basis,
    Choice,
    Doubt,
    TimeContext,
    TimeReading,
    Window,
    day_choice,
    last_of_month,
    spoken,
)
from domain.project import Quota, Recurrence

Assigned = Literal["window", "inherited", "embedded"]
_SESSIONS_NAMED = regex(
    r"[^,;。:()、]{0,20}\s*(?:(?P<open>\()(?:分别|即|具体|时间)?(?:在|为|于|是)?|,\s*(?:分别|即)(?:在|为|于|是)?|(?P<colon>:))\s*:?\s*"
)
# `3月启动并持续推进`: what was begun goes on; `3月持续推进` is what is done in March.
_BEGUN = r"(?:启动|建立|建成|成立|挂牌|上线|出台|印发|开工|建好)[^;。()]{0,8},?(?:并|且)?(?:持续|长期|常态化)"
_THEREAFTER = regex(rf"thereafter|此后|以后每|之后每|长期坚持|{_BEGUN}", re.IGNORECASE)
_SESSIONS = ("次", "期", "场", "场次", "轮", "回", "遍")
_FARTHEST = 15
HOPED = regex(r"力争|力求|争取|尽量|尽可能|确保|最迟")
"""Opens one of two limits of one duty (`力争5月、确保6月底前开工`)."""
_EACH_ITS_OWN = regex(r"(?<![、第])([2-6两二三四五六])个?(?:批次?|期|次|场|轮|阶段|标段)(?!以上)")
# `各单位开展一次` says who, and not how often.
_EACH = regex(r"各(?!单位|部门|地|级|有关|相关|[县市区乡镇街校科处])[^,;。:各]{0,8}(?:一|1)(?:次|期|场|轮|批)")
_COUNTS = {digit: value for value, digits in enumerate(("2两二", "3三", "4四", "5五", "6六"), 2) for digit in digits}
# `完成整改并于|5月20日前报告`: what joins a duty to the time of the next one.
_LEADS_ON = regex(r"(?<=[一-鿿]{2})[,，、]?(?:并且?|且|同时|然后|再)[于在到至]$")
_BRACKETED = regex(r"\s*\([^()]*\)\s*")
_GOES_ON = regex(
    r"长期坚持|持续推进|持续开展|持续实施|持续深化|持续跟进|常态化|长期抓好|长期推进|长期执行|长效|并持续|"
    rf"{_BEGUN}|"
    r"(?:and|then)\s+(?:ongoing|continu\w+|annually|yearly|every\s+year|each\s+year)|(?:annually|yearly|ongoing)\s+(?:thereafter|after)|thereafter",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing to deliver: `start`..`end` is its place in the cell, `body` where its description begins."""

    start: int
    end: int
    body: int
    window: Window
    window_text: str
    assigned: Assigned
    basis: Basis
    doubts: tuple[Doubt, ...] = ()
    share: tuple[int, int] = (0, 1)
    """Which of how many windows under one label this is."""
    description: str = ""
    """Its words; while it is read, the name of its day alone."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a cell tells of its deliverables; `duty` is the project's title, read where a label has no text.

    `latest` is the day on which the last of them is due.
    """

    cell: str
    text: str
    hidden: list[bool]
    duty: str
    context: TimeContext
    latest: date | None

    def of(self, draft: Deliverable) -> Deliverable:
        """With its description, and what the description says of number, repetition and duration."""
        description = self.cell[draft.body : draft.end].strip()
        body, end = draft.body, draft.end
        hidden = self.hidden
        remark = _BRACKETED.fullmatch(self.text, body, end) is not None
        if remark:
            # `全年（每季度1次）`: brackets that hold all there is hide nothing.
            hidden = [False] * len(hidden)
        window, doubts = draft.window, list(draft.doubts)
        period = self._period(draft, hidden)
        if period is not None:
            if draft.basis is Basis.UNDATED:
                # `长期坚持，每季度一次`: how often says enough.
                doubts = [doubt for doubt in doubts if doubt.code != "undated"]
            window, more = self._repeating(draft, period)
            doubts.extend(doubt for doubt in more if doubt not in doubts)
            doubts.extend(self._each_time(draft, period, hidden))
        if window.recurrence is None:
            window, more = self._counted(draft, window, hidden)
            doubts.extend(more)
        if window.quota is None and (effect := in_force(self.text[draft.start : end], window)) is not None:
            window, more = effect
            doubts.extend(more)
        if draft.basis is Basis.WHOLE_YEAR and window.recurrence is None and window.quota is None:
            window, more = _continuing(window, description or self.duty)
            doubts.extend(more)
        if draft.basis is Basis.DATED and not window.ongoing and self._goes_on(window, body, end, remark=remark):
            doubts.append(Doubt("continues_after", "note", "到期以后还要继续，只按到期日督办。"))
        doubts += self._of_another_year(window, asked=_asks(doubts))
        done = finished(self.text[draft.start : end])
        if done:
            doubts.append(_finished(window))
        other = self._other_time(window, body, end) if remark and not done else None
        if other is not None:
            doubts.append(_two_times(window, other))
        elif remark and not done and window == draft.window and not self._says_when(window, body, end, doubts):
            doubts.append(Doubt("remark", "note", f"“{description}”是附注，没有读作任务。"))
        description = self._described(draft, period, remark=remark, done=done)
        words = self.text[draft.body : draft.end]
        doubts = [*_without_one_of_each(doubts, draft, words), *self._without_a_duty(draft, description)]
        return replace(draft, window=window, doubts=tuple(dict.fromkeys(doubts)), description=description)

    def _described(self, draft: Deliverable, period: Period | None, *, remark: bool, done: bool) -> str:
        """The words of a deliverable beside its time; none where nothing is left of them."""
        body, end = draft.body, draft.end
        if remark and period is not None and not done:
            # `4月—9月（每月底前报进展）`: brackets that say how often say what is done, too.
            body, end = self.text.find("(", body, end) + 1, self.text.rfind(")", body, end)
            remark = False
        if remark or says_no_duty(self.text, body, end, period):
            return draft.description
        words = _LEADS_ON.sub("", self.cell[body:end].strip())
        return draft.description + without_time(words, draft.window_text).rstrip("/→ ")

    def _without_a_duty(self, draft: Deliverable, description: str) -> list[Doubt]:
        """`4月15日前、9月集中宣传`: a label that ends where the next time begins, or a day that has its name alone."""
        listed = self.text.startswith("、", draft.body - 1) and draft.end < len(self.text)
        if not description and listed and not HOPED.match(draft.window_text):
            return [no_duty(draft.window_text)]
        return day_alone(description, named=draft.end <= draft.body)

    def _of_another_year(self, window: Window, *, asked: bool) -> list[Doubt]:
        """What is asked about a year before the list's own, or far behind it."""
        due = window.due_on
        if due is not None and due < self.context.begins_on and not asked:
            doubt = _over(due, self.context.year)
            # `2024年12月启动，2025年12月完成`: how it began is told.
            begun = window.starts_on is not None and self.latest is not None and self.latest >= self.context.begins_on
            return [replace(doubt, severity="note") if begun else doubt]
        if due is not None and due.year > self.context.year + _FARTHEST:
            sentence = f"写的是{due.year}年，比清单的年份晚得多，可能写错了年份。"
            return [Doubt("far_year", "ruling", sentence, spoken((window,)), (day_choice(due),))]
        return []

    def _period(self, draft: Deliverable, hidden: list[bool]) -> Period | None:
        """How often the deliverable comes back: its words say it, or those of a window that does already."""
        period = governing_period(self.text, hidden, draft.body, draft.end)
        year = Window(starts_on=date(self.context.year, 1, 1), due_on=date(self.context.year, 12, 31))
        if period is not None and 1 < draft.share[1] == _sessions(period.within(year)):
            # `每年两次（5月、11月）`: each of the times is one of them.
            return None
        continues = draft.basis is Basis.UNDATED and draft.window.ongoing
        if period is not None and (draft.window.due_on is not None or continues):
            return period
        period = governing_period(self.text, hidden, draft.start, draft.end)
        return period if draft.window.recurrence is not None else None

    def _repeating(self, draft: Deliverable, period: Period) -> tuple[Window, list[Doubt]]:
        """The window with the sessions of a duty that comes back."""
        window, doubts = self._until_limit(draft, period) or (draft.window, [])
        if window.due_on is None:
            year = Window(starts_on=date(self.context.year, 1, 1), due_on=date(self.context.year, 12, 31))
            window = period.from_issue(year, self.context.issued_on)
        elif doubts == [] and period.start >= draft.body and draft.assigned == "window":
            year = Window(starts_on=date(self.context.year, 1, 1), due_on=date(self.context.year, 12, 31))
            year = period.from_issue(year, self.context.issued_on)
            short = too_short(period, draft.window, draft.window_text, year, room=0.8)
            window, doubts = (year, [short]) if short is not None else (window, doubts)
        if period.doubt is not None:
            doubts.append(period.doubt)
        if not period.divides(window):
            text = f"这段时间不是周期的整数倍，按{_sessions(period.within(window))}次计。"
            doubts.append(Doubt("sessions_not_whole", "note", text))
        if draft.window.due_on is not None and draft.window.starts_on is None:
            return period.within(window), doubts
        named = limited_to_named(self.text, period, draft.end, window, self.context)
        if named is None and (said := sessions_named(self.text, period, draft.end, self.context)) is not None:
            # `7-9月每月通报：3月底前`: the limit lies before the stretch.
            printed = self.cell[said.start : said.end].strip(" ,，:：")
            doubts.append(Doubt("time_beside", "ruling", f"“{printed}”没有读作时限；如是时限，请写明。"))
        return named or period.within(window), doubts

    def _each_time(self, draft: Deliverable, period: Period, hidden: list[bool]) -> list[Doubt]:
        """`每月走访企业5家`: sessions are counted, the number in each is told."""
        found = find_quotas(self.text, hidden, max(draft.body, period.end), draft.end)
        amounts = [quota for quota in found if quota.quota.unit not in (period.unit, *_SESSIONS)]
        text = "、".join(f"“{self.cell[quota.start : quota.end]}”" for quota in amounts)
        return [Doubt("amount_each_time", "note", f"{text}没有编入节点，只按次数督办。")] if amounts else []

    def _until_limit(self, draft: Deliverable, period: Period) -> tuple[Window, list[Doubt]] | None:
        """`6月底前，每月一次`: the sessions until a limit; asked where more than how often stands behind the limit."""
        limit = draft.window
        before = self.text[draft.body : period.start].rstrip()
        if limit.due_on is None or limit.starts_on is not None or draft.share[1] > 1 or draft.window_text == "":
            return None
        if before and period.unit is None and not before.endswith((",", "(")):
            # `出台每日巡查办法`: how often belongs to what is made.
            return None
        year = Window(starts_on=date(limit.due_on.year, 1, 1), due_on=limit.due_on)
        window = period.from_issue(year, self.context.issued_on)
        if _sessions(period.within(window)) <= 1:
            # `每年一次，11月底前`: once, by the limit.
            return None
        if not before:
            return window, []
        return window, list(repeats_until(limit, window))

    def _counted(self, draft: Deliverable, window: Window, hidden: list[bool]) -> tuple[Window, list[Doubt]]:
        """The window with the sessions or the number that the words ask for."""
        body, end = draft.body, draft.end
        if (sessions := find_sessions(self.text, hidden, body, end)) is not None:
            counted = {"recurrence": Recurrence(count=sessions), "quota": Quota(value=sessions, unit="期")}
            return window.model_copy(update=counted), []
        # `上半年、下半年各一次`: the windows are apart already, so each has the number whole.
        each = 1 if self.text.startswith("各", body) else 0
        if not (quotas := self._numbers(draft, body + each, hidden)):
            return window, []
        at, windows = draft.share
        apart = [quota for quota in quotas if "分别" in self.text[draft.start : quota.start]]
        if len(apart) == windows > 1:
            # `培训200人，6月底、12月底前分别完成50%、100%`: a number for each window.
            quotas = [apart[at], *(quota for quota in quotas if quota not in apart)]
        elif windows > 1 and not each and (shared := _shared_out(quotas[0].quota, windows)) is not None:
            # `开展2场招聘会（4月、10月）`: so many in all.
            return window.having(quota=shared[0]), list(shared[1])
        return window.having(quota=quotas[0].quota), about_numbers(quotas, self.cell)

    def _numbers(self, draft: Deliverable, body: int, hidden: list[bool]) -> list[FoundQuota]:
        """`投资3亿元，6月底前完成50%`: what is due by a time stands behind it, past a comma or a heading."""
        at = self.cell.find(draft.window_text, body, draft.end) if draft.window_text else -1
        if at == -1:
            return find_quotas(self.text, hidden, body, draft.end)
        before = find_quotas(self.text, hidden, body, at)
        # Apart, for no number belongs to the time (`上半年6座`).
        after = at + len(draft.window_text)
        behind = find_quotas(self.text, hidden, after + self.text.startswith("各", after), draft.end)
        near = [quota for quota in before if "," not in self.text[quota.end : at]]
        if not behind and len(near) < len(before):
            # `32个问题，立行立改类20个4月底前完成`: the number beside the time is its own.
            before = [*near, *(quota for quota in before if quota not in near)]
        between = self.text[before[0].end : at] if before else ""
        if ":" in between and not behind and self.text.startswith(",", draft.end):
            # `改造市场5个：3月启动，11月底前完成`: the number of the whole is no first step's.
            return []
        return [*behind, *before] if "," in between or ":" in between else [*before, *behind]

    def _goes_on(self, window: Window, body: int, end: int, *, remark: bool) -> bool:
        """Whether a duty goes on behind its end; inside a window with a start the words may only describe it."""
        words = _GOES_ON if window.starts_on is None or remark else _THEREAFTER
        return words.search(self.text, body, end) is not None

    def _other_time(self, window: Window, body: int, end: int) -> Window | None:
        """The time that brackets hold and nothing else (`6月底前（8月）`), where it is not the one before them."""
        begin, stop = self.text.find("(", body, end) + 1, self.text.rfind(")", body, end)
        said = dated_at(self.text, begin, self.context)
        if (
            said is None
            or self.text[said.end : stop].strip()
            or len(said.windows) != 1
            or window.recurrence is not None
        ):
            return None
        due, first = said.windows[0].due_on, window.starts_on
        if due is None or window.due_on is None or (due <= window.due_on and first is not None and first <= due):
            return None
        return said.windows[0] if due != window.due_on else None

    def _says_when(self, window: Window, body: int, end: int, doubts: Sequence[Doubt]) -> bool:
        """Whether brackets that hold all there is say something of the time, not beside it."""
        said = dated_at(self.text, self.text.find("(", body, end) + 1, self.context)
        whole = said is not None and said.end >= self.text.rfind(")", body, end)
        whole = whole and said is not None and said.windows[-1].due_on == window.due_on
        no_duty = says_no_duty(self.text, self.text.find("(", body, end) + 1, self.text.rfind(")", body, end), None)
        return whole or no_duty or any(doubt.code == "continues_after" for doubt in doubts)


def _without_one_of_each(doubts: list[Doubt], draft: Deliverable, words: str) -> list[Doubt]:
    """`4月、5月完成前两批次验收`, `各一轮`: as many as months, so that nobody asks whether they are one stretch."""
    each = any(_COUNTS[number] == draft.share[1] for number in _EACH_ITS_OWN.findall(words)) or _EACH.search(words)
    return [doubt for doubt in doubts if not (each and doubt.code == "adjacent_months")]


def _shared_out(quota: Quota, windows: int) -> tuple[Quota, tuple[Doubt, ...]] | None:
    """A number of sessions beside several times is the number of all of them where it is as many; else it is asked."""
    if quota.unit not in _SESSIONS or quota.value < 2:
        return None
    if quota.value == windows:
        return Quota(value=1, unit=quota.unit), ()
    text = f"几个时限共用“{quota.value}{quota.unit}”，可能是每个时限各{quota.value}{quota.unit}，也可能是合计。"
    choices = (Choice(key=CONFIRM, text=f"每个时限各{quota.value}{quota.unit}"),)
    return quota, (Doubt("shared_amount", "ruling", text, f"各{quota.value}{quota.unit}", choices),)


def _over(due: date, year: int) -> Doubt:
    """A list that asks for something by a day of an earlier year was copied, or means a duty that is late already."""
    last = last_of_month(year, due.month)
    meant = last if due == last_of_month(due.year, due.month) else due.replace(year=year, day=min(due.day, last.day))
    choices = (day_choice(due), day_choice(meant))
    return Doubt(
        "past_year",
        "ruling",
        f"写的是{due.year}年，早于清单的年份，可能早已到期，也可能写错了年份。",
        choices[0].text,
        choices,
    )


def _asks(doubts: Sequence[Doubt]) -> bool:
    return any(doubt.severity != "note" for doubt in doubts)


def sessions_named(text: str, period: Period, end: int, context: TimeContext) -> TimeReading | None:
    """The times of the sessions behind how often: `（分别在6月、9月和12月底）`, `，分别于6月20日、12月20日前`."""
    named = _SESSIONS_NAMED.match(text, period.end, end)
    reading = time_at(text, named.end(), context) if named is not None else None
    if named is None or reading is None or any(window.due_on is None for window in reading.windows):
        return None
    if named["colon"] and text[reading.end : end].strip(" 前完成。."):
        return None
    closing = text.find(")", reading.end) if named["open"] else -1
    if named["open"] and (closing == -1 or text[reading.end : closing].strip(" 前完成,各一次1")):
        return None
    return replace(reading, start=named.start(), end=closing + 1 if closing != -1 else reading.end)


def limited_to_named(text: str, period: Period, end: int, window: Window, context: TimeContext) -> Window | None:
    """The sessions where the text names them: `每季度末（分别在6月、9月和12月底）` are three."""
    reading = sessions_named(text, period, end, context)
    if reading is None:
        return None
    days = [named.due_on for named in reading.windows if named.due_on is not None]
    if len(days) == 1:
        (only,) = reading.windows
        if only.starts_on is None and window.starts_on is not None and days[0] < window.starts_on:
            # The day that is named lies before the stretch in which the duty comes back.
            return None
        return period.within(only.having(starts_on=only.starts_on or window.starts_on))
    months = [day.year * 12 + day.month - 1 for day in days]
    steps = {b - a for a, b in pairwise(months)}
    every = period.months if steps == {period.months} else None
    first = months[0] - (every or 1) + 1
    starts_on = date(first // 12, first % 12 + 1, 1)
    each = {named.day for named in days}
    day = each.pop() if len(each) == 1 else period.day
    recurrence = Recurrence(count=len(days), every_months=every, day=day, month=period.month)
    return window.having(starts_on=starts_on, due_on=max(days), recurrence=recurrence)


def _finished(window: Window) -> Doubt:
    text = "写的是已经完成，可能不必再督办；如仍要督办，请确认或写明时限。"
    choices = (Choice(key=CONFIRM, text="按所写的时间督办"),) if window.due_on is not None else ()
    assumed = spoken((window,)) if window.due_on is not None else None
    return Doubt("finished", "ruling", text, assumed, (*choices, Choice(key="M月D日前", text="写明到期日")))


def _two_times(window: Window, other: Window) -> Doubt:
    days = (day for day in (window.due_on, other.due_on) if day is not None)
    text = "括号里写的是另一个时间，可能以它为准，也可能只是补充。"
    return Doubt("two_times", "ruling", text, spoken((window,)), tuple(day_choice(day) for day in days))


def _sessions(window: Window) -> int:
    return window.recurrence.count if window.recurrence is not None else 1


def _continuing(window: Window, duty: str) -> tuple[Window, list[Doubt]]:
    continues = only_continues(duty) if duty else False
    if continues is None:
        text = "看不出是持续性的工作还是有成果的工作，按年底到期理解。"
        choices = (Choice(key="年底前", text="年底到期"), Choice(key="全年持续", text="全年持续进行"))
        return window, [Doubt("continuing_or_product", "note", text, "年底到期", choices)]
    return window.having(ongoing=continues), []
