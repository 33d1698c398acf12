"""English time expressions: `Q3 2024`, `by end of FY2024`, `by 30 June 2018`, `quarterly`, `within 60 days of …`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from domain.notice.english_points import EnglishPoint, english_point_at
from domain.notice.recurrences import Period
from domain.notice.windows import (
    Basis,
    Choice,
    Doubt,
    TimeContext,
    TimeReading,
    Window,
    day_choice,
    last_of_month,
    span_choice,
    spoken,
)
from domain.project import Recurrence

_I = re.IGNORECASE
_LEAD = re.compile(
    r"(?P<by>(?:to\s+be\s+|is\s+)?(?:completed?|due|done|finished|delivered)?\s*(?:by(?!\s+(?:cob|close\s+of\s+(?:business|play)|eod|eob|end\s+of\s+(?:day|business)|noon|midnight)\b)|no\s+later\s+than|not\s+later\s+than|until|till|up\s+to|on\s+or\s+before|by\s+(?:cob|close\s+of\s+(?:business|play)|eod|eob|end\s+of\s+(?:day|business)|noon|midnight)(?:\s+on)?|(?:cob|eod|close\s+of\s+business)(?:\s+on)?|due(?:\s+(?:on|by|in))?|deadline\s*:?|target\s*:)\s+)"
    r"|(?P<before>before|prior\s+to|ahead\s+of)\s+|(?P<since>from|starting(?:\s+(?:in|from|on))?|beginning(?:\s+(?:in|from))?|as\s+of|since|commencing)\s+"
    r"|(?P<about>around|about|approximately|circa)\s+|(?P<after>after)\s+|(?P<between>between)\s+|(?P<plain>in|during|within|on|at|throughout|over)\s+",
    _I,
)
_TO = re.compile(r"\s*(?:-{1,3}|(?:to|through|thru|until|and)(?![A-Za-z]))\s*", _I)
_ONWARDS = re.compile(r"\s*(?:onwards?|on|forward)(?![A-Za-z])", _I)
_LIST = re.compile(r"\s*(?:,|/|&|;(?!)|and)\s*", _I)
_RECURRING = (
    (
        r"(?:bi-?annually|semi-?annually|half-?yearly|twice\s+(?:a|per|every)\s+year|every\s+(?:six|6)\s+months|(?:six|6)-monthly|each\s+half(?:[\s-]year)?)",
        6,
    ),
    (
        r"(?:(?:three|3)-monthly|(?:on\s+a\s+)?quarterly(?:\s+basis)?|every\s+quarter|each\s+quarter|per\s+quarter|once\s+(?:a|per|every)\s+quarter|every\s+(?:three|3)\s+months)",
        3,
    ),
    (r"(?:every\s+(?:two|2|other|second)\s+months?)", 2),
    (r"(?:(?:on\s+a\s+)?monthly(?:\s+basis)?|every\s+month|each\s+month|per\s+month|once\s+(?:a|per)\s+month)", 1),
    (r"(?:annually|yearly|every\s+year|each\s+year|once\s+(?:a|per)\s+year)", 12),
    (r"(?:every\s+(?:four|4)\s+months)", 4),
)
_RECURRENCES = tuple((re.compile(pattern + r"(?![A-Za-z])", _I), months) for pattern, months in _RECURRING)
_MONTHLY_DAY = re.compile(
    r"\s*[,(]?\s*(?:by|on|before|no\s+later\s+than|due)?\s*(?:on\s+|by\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)(?![A-Za-z])(?:\s+(?:day|of\s+(?:the|each|every)\s+(?:following\s+)?month))*\s*\)?",
    _I,
)
_DAY_OF_EACH_MONTH = re.compile(
    r"(?:(?:by|on|before|no\s+later\s+than)\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)\s+(?:day\s+)?of\s+(?:each|every)\s+(?P<unit>month|quarter)(?![A-Za-z])",
    _I,
)
_WEEKLY = re.compile(
    r"(?P<two>bi-?weekly|fortnightly|every\s+(?:two|2|other)\s+weeks?)(?![A-Za-z])|(?P<one>weekly|every\s+week|each\s+week|once\s+(?:a|per)\s+week)(?![A-Za-z])",
    _I,
)
_BIMONTHLY = re.compile(r"bi-?monthly(?![A-Za-z])", _I)
_RELATIVE = re.compile(
    r"(?:within|no\s+later\s+than|not\s+later\s+than|in)?\s*(?P<n>\d{1,4}|one|two|three|four|five|six|seven|ten|fourteen|thirty|sixty|ninety)\s*(?:\(\d+\)\s*)?(?P<unit>(?:calendar|business|working)?\s*(?:day|week|month|year)s?)\s*(?:of|after|from|following|upon)\s+(?P<anchor>[^,;:。\n]{1,80})"
    r"|within\s+(?P<n2>\d{1,4}|one|two|three|six|ten|thirty|sixty|ninety)\s*(?P<unit2>(?:calendar|business|working)?\s*(?:day|week|month|year)s?)(?![A-Za-z])",
    _I,
)
_UPON = re.compile(
    r"(?:upon|after|following|once)\s+(?:the\s+)?(?:approval|completion|receipt|signing|signature|issuance|issue|launch"
    r"|adoption|publication|meeting)(?:\s+of\s+[^,;:。\n]{1,60})?(?=\s*(?:[,;:.。\n]|$))",
    _I,
)
_ONGOING = re.compile(
    r"(?:(?:on\s+an\s+)?(?:ongoing|on-going)(?:\s+basis)?|on-going|continuous(?:ly)?|continuing|continual(?:ly)?|permanent(?:ly)?|long[\s-]term|business\s+as\s+usual|BAU)(?![A-Za-z])",
    _I,
)
_UNFIXED = re.compile(
    r"(?:TBD|TBC|T\.B\.D\.|to\s+be\s+(?:determined|decided|confirmed|advised|announced)|as\s+(?:needed|required|appropriate|necessary)|when\s+(?:needed|required|appropriate)|ad[\s-]hoc|as\s+soon\s+as\s+possible|ASAP|immediate(?:ly)?|n/?a|in\s+due\s+course|short[\s-]term|medium[\s-]term|periodically|regularly)(?![A-Za-z])",
    _I,
)
_AND_THEN = re.compile(r"\s*[,;]?\s*(?:and\s+|then\s+){0,2}", _I)
_AFTERWARDS = re.compile(r"\s+(?:thereafter|afterwards?|after\s+that|from\s+then\s+on)(?![A-Za-z])", _I)
_OR = re.compile(r"\s+or\s+(?:(?:by|in|before)\s+)?", _I)
_WITHIN = re.compile(r"\s*,?\s*(?=(?:from|starting|beginning|commencing|between|in|during|throughout)\s)", _I)
_BLANKS = re.compile(r"\s*,?\s*")
_WORD = re.compile(r"(?<![A-Za-z-])[A-Za-z]")
_LONGEST_LIST = 12
_SHORTEST_YEAR_PART = 5
_SENTENCE_ENDS = re.compile(r"\s+[A-Z]|\s*$")
_STARTS = re.compile(r"[A-Za-z0-9']")


def english_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """The English time expression that begins at an offset of the folded text, or `None`."""
    if at >= len(text) or not _STARTS.match(text, at) or (at and re.match(r"[A-Za-z0-9]", text[at - 1])):
        return None
    reading = _open(text, at) or _recurring(text, at, context) or _dated(text, at, context)
    if reading is not None and text[reading.end - 1] == "." and _SENTENCE_ENDS.match(text, reading.end):
        # `in May. Review…`: the mark ends the sentence, it does not shorten the month.
        return replace(reading, end=reading.end - 1)
    return reading


def _open(text: str, at: int) -> TimeReading | None:
    if (match := _RELATIVE.match(text, at)) is not None:
        doubt = Doubt(
            "relative_time",
            "ruling",
            f"“{match.group()}”从另一件事算起，要写明日期。",
            None,
            (Choice(key="M月D日前", text="写明到期日"),),
        )
        return TimeReading(at, match.end(), (Window(),), Basis.RELATIVE, (doubt,), deadline=True)
    if (match := _UPON.match(text, at)) is not None:
        choice = Choice(key="M月D日前", text="写明到期日")
        doubt = Doubt("relative_time", "ruling", f"“{match.group()}”随另一件事而定，要写明日期。", None, (choice,))
        return TimeReading(at, match.end(), (Window(),), Basis.RELATIVE, (doubt,), deadline=True)
    for pattern, ongoing in ((_ONGOING, True), (_UNFIXED, False)):
        if (match := pattern.match(text, at)) is not None:
            choices = (Choice(key="全年持续", text="全年持续进行，到年底为止"), Choice(key="年底前", text="年底到期"))
            doubt = Doubt("undated", "ruling", f"“{match.group()}”没有时限，要写明到什么时候。", None, choices)
            return TimeReading(at, match.end(), (Window(ongoing=ongoing),), Basis.UNDATED, (doubt,))
    return None


def _recurring(text: str, at: int, context: TimeContext) -> TimeReading | None:
    first, last = date(context.year, 1, 1), date(context.year, 12, 31)
    for pattern, months in _RECURRENCES:
        if (match := pattern.match(text, at)) is not None:
            end, ongoing = match.end(), False
            if months == 12 and (once := _dated(text, _BLANKS.match(text, end).end(), context)) is not None:  # type: ignore[union-attr]  # it matches nothing too
                # `annually by 30 June`: once in the list's year.
                return replace(once, start=at)
            doubts: tuple[Doubt, ...] = ()
            within = _dated(text, comma.end(), context) if (comma := _WITHIN.match(text, end)) is not None else None
            if within is not None and len(within.windows) == 1 and within.windows[0].starts_on is not None:
                # `monthly from April`, `quarterly in 2018`: how often, inside a time.
                (window,), end, doubts = within.windows, within.end, within.doubts
                first, last, ongoing = window.starts_on or first, window.due_on or last, window.ongoing
            day, end = _by_the_day(text, end)
            period = Period(at, end, months, None, day=day)
            span = Window(starts_on=first, due_on=last, ongoing=ongoing)
            span = span if within is not None else period.from_issue(span, context.issued_on)
            return TimeReading(at, end, (period.within(span),), Basis.DATED, doubts)
    if (match := _DAY_OF_EACH_MONTH.match(text, at)) is not None and 1 <= int(match["d"]) <= 31:
        months = 1 if match["unit"].lower() == "month" else 3
        period = Period(at, match.end(), months, None, day=int(match["d"]))
        window = period.within(period.from_issue(Window(starts_on=first, due_on=last), context.issued_on))
        return TimeReading(at, match.end(), (window,), Basis.DATED)
    if (match := _WEEKLY.match(text, at)) is not None:
        period = Period(at, match.end(), None, 14 if match["two"] else 7)
        window = period.within(period.from_issue(Window(starts_on=first, due_on=last), context.issued_on))
        return TimeReading(at, match.end(), (window,), Basis.DATED)
    if (match := _BIMONTHLY.match(text, at)) is not None:
        window = Window(starts_on=first, due_on=last, recurrence=Recurrence(count=6, every_months=2))
        choices = (Choice(key="每两个月", text="每两个月一次"), Choice(key="每月两次", text="每月两次"))
        doubt = Doubt("bimonthly", "ruling", "“bimonthly”可指每两个月一次，也可指每月两次。", choices[0].text, choices)
        return TimeReading(at, match.end(), (window,), Basis.DATED, (doubt,))
    return None


def _by_the_day(text: str, end: int) -> tuple[int | None, int]:
    """The day of the month behind a duty that comes back (`monthly, by the 5th`), and where it ends."""
    match = _MONTHLY_DAY.match(text, end)
    day = int(match["d"]) if match is not None else 0
    return (day, match.end()) if match is not None and 1 <= day <= 31 else (None, end)


def repeated_in_english(text: str, start: int, end: int, context: TimeContext) -> TimeReading | None:
    """How often something comes back, at the end of an English clause (`review every quarter`)."""
    for match in _WORD.finditer(text, start, end):
        reading = _recurring(text, match.start(), context)
        if reading is not None and not text[reading.end : end].strip(" ."):
            return reading
    return None


def _dated(text: str, at: int, context: TimeContext) -> TimeReading | None:
    lead = _LEAD.match(text, at)
    begin = lead.end() if lead is not None else at
    first = english_point_at(text, begin, context)
    if first is None or (lead is None and first.name == "year_part" and first.end - begin < _SHORTEST_YEAR_PART):
        return None
    separator = _TO.match(text, first.end)
    between = lead is not None and lead["between"] is not None
    if separator is not None and not first.end_only and (between or separator.group().strip().lower() != "and"):
        last = english_point_at(text, separator.end(), context)
        if last is not None and last.name != "plain_year":
            return _ranged(text, at, first, last, context)
    if len(points := _listed(text, first, context)) > 1:
        windows = tuple(Window(starts_on=point.first, due_on=point.last) for point in points)
        return TimeReading(at, points[-1].end, windows, Basis.DATED, tuple(d for point in points for d in point.doubts))
    window, deadline, more = _bounded(lead, first)
    end = first.end
    if (onwards := _ONWARDS.match(text, end)) is not None:
        end = onwards.end()
        window, deadline = Window(starts_on=first.first, due_on=date(first.first.year, 12, 31), ongoing=True), True
    if lead is not None and lead["about"]:
        choices = (day_choice(first.last), span_choice(first.first, first.last))
        more = (*more, Doubt("approximate_time", "ruling", "只写了大概的时间。", spoken((window,)), choices))
    if (again := _thereafter(text, end, window)) is not None:
        (window, end), deadline = again, True
    if (either := _OR.match(text, end)) is not None:
        other = english_point_at(text, either.end(), context)
        if other is not None:
            end, days = other.end, dict.fromkeys((window.due_on or first.last, other.last))
            reason = "写的是这个时间或那个时间，没有定下是哪一个。"
            doubt = Doubt("either_time", "ruling", reason, spoken((window,)), tuple(map(day_choice, days)))
            more = (*more, doubt)
    basis = Basis.WHOLE_YEAR if first.name == "year" and not window.ongoing else Basis.DATED
    told = tuple(doubt if doubt.assumed is None else _told(doubt, window) for doubt in (*first.doubts, *more))
    return TimeReading(
        at, end, (window,), basis, told, deadline=deadline, bare=lead is None and first.name == "plain_year"
    )


def _thereafter(text: str, end: int, window: Window) -> tuple[Window, int] | None:
    """`Q1 2024 and quarterly thereafter`: the first session is due with the time, the others until the year ends."""
    joined = _AND_THEN.match(text, end)
    due = window.due_on
    if joined is None or due is None:
        return None
    for pattern, months in _RECURRENCES:
        often = pattern.match(text, joined.end())
        behind = _AFTERWARDS.match(text, often.end()) if often is not None else None
        if behind is None or months >= 12:
            continue
        index = due.year * 12 + due.month - months
        day = due.day if due != last_of_month(due.year, due.month) else None
        span = Window(starts_on=date(index // 12, index % 12 + 1, 1), due_on=date(due.year, 12, 31))
        return Period(end, behind.end(), months, None, day=day).within(span), behind.end()
    return None


def _ranged(text: str, at: int, first: EnglishPoint, last: EnglishPoint, context: TimeContext) -> TimeReading:
    doubts = (*first.doubts, *last.doubts)
    start_day, last_day = first.first, last.last
    if _has_year(text[last.start : last.end]) and not _has_year(text[first.start : first.end]):
        again = english_point_at(text, first.start, TimeContext(last_day.year, context.issued_on, context.festivals))
        start_day = again.first if again is not None else start_day
    elif _has_year(text[first.start : first.end]) and not _has_year(text[last.start : last.end]):
        again = english_point_at(text, last.start, TimeContext(start_day.year, context.issued_on, context.festivals))
        last_day = again.last if again is not None else last_day
    if last_day < start_day:
        last_day = _same_day(last_day, last_day.year + 1)
        choice = span_choice(start_day, last_day)
        reason = "后面的日期比前面的早，可能指到下一年。"
        doubts = (*doubts, Doubt("crossing_year", "ruling", reason, choice.text, (choice,)))
    return TimeReading(at, last.end, (Window(starts_on=start_day, due_on=last_day),), Basis.DATED, doubts)


def _listed(text: str, first: EnglishPoint, context: TimeContext) -> list[EnglishPoint]:
    """Points of one kind side by side (`March and September 2018`); the last one's year is everyone's."""
    found = [first]
    while len(found) < _LONGEST_LIST and first.name in ("month", "quarter", "day"):
        separator = _LIST.match(text, found[-1].end)
        following = english_point_at(text, separator.end(), context) if separator is not None else None
        if following is None or following.name != first.name or following.end_only or _TO.match(text, following.end):
            break
        found.append(following)
    if len(found) > 1 and found[-1].last.year != context.year:
        inner = TimeContext(found[-1].last.year, context.issued_on, context.festivals)
        found = [english_point_at(text, point.start, inner) or point for point in found]
    return found


def _told(doubt: Doubt, window: Window) -> Doubt:
    return Doubt(doubt.code, doubt.severity, doubt.text, spoken((window,)), doubt.choices)


def _next_year(day: date) -> date:
    return _same_day(day, day.year + 1)


def _same_day(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, last_of_month(year, day.month).day))


def _has_year(text: str) -> bool:
    return re.search(r"(?:19|20)\d{2}", text) is not None


def _bounded(lead: re.Match[str] | None, point: EnglishPoint) -> tuple[Window, bool, tuple[Doubt, ...]]:
    first, last, year_end = point.first, point.last, date(point.first.year, 12, 31)
    if lead is not None and lead["since"]:
        return Window(starts_on=first, due_on=max(year_end, last), ongoing=True), True, ()
    if lead is not None and lead["after"]:
        following = last + timedelta(days=1)
        window = Window(starts_on=min(following, year_end), due_on=year_end, ongoing=True)
        choices = tuple(
            Choice(key=f"{day.year}年{day.month}月{day.day}日起", text=f"{day}起") for day in (following, first)
        )
        doubt = Doubt("open_end", "ruling", "只写了在什么时间之后，没有写时限。", spoken((window,)), choices)
        return window, True, (doubt,)
    if lead is not None and lead["before"] and not point.end_only:
        before = first - timedelta(days=1)
        if point.name == "festival" or (first == last and first.day == 1):
            # Before a feast or the first of a month is by the day before: nobody counts that day in.
            return Window(due_on=before), True, ()
        taken = last if first == last else before
        choices = tuple(day_choice(day) for day in dict.fromkeys((taken, before, last)))
        reason = "“before”可能不含这段时间，也可能指这段时间结束前。"
        return Window(due_on=taken), True, (Doubt("before_or_within", "ruling", reason, choices[0].text, choices),)
    if point.end_only or (lead is not None and (lead["by"] or lead["before"])):
        return Window(due_on=last), True, ()
    return Window(starts_on=first, due_on=last), False, ()
