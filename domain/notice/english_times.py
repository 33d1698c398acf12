"""English time expressions: `Q3 2024`, `by end of FY2024`, `by 30 June 2018`, `quarterly`, `within 60 days of …`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from domain.notice.english_points import EnglishPoint, english_point_at
from domain.notice.english_recurrences import by_the_day, closing_period, english_period_at
from domain.notice.patterns import regex
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

_I = re.IGNORECASE
_LEAD = regex(
    r"(?P<by>(?:to\s+be\s+|is\s+)?(?:completed?|due|done|finished|delivered)?\s*(?:by(?!\s+(?:cob|close\s+of\s+(?:business|play)|eod|eob|end\s+of\s+(?:day|business)|noon|midnight)\b)|no\s+later\s+than|not\s+later\s+than|until|till|up\s+to|on\s+or\s+before|by\s+(?:cob|close\s+of\s+(?:business|play)|eod|eob|end\s+of\s+(?:day|business)|noon|midnight)(?:\s+on)?|(?:cob|eod|close\s+of\s+business)(?:\s+on)?|due(?:\s+(?:on|by|in))?|deadline\s*:?|target\s*:)\s+)"
    r"|(?P<earliest>not\s+before|(?:not?)\s+(?:earlier|sooner)\s+than)\s+|(?P<before>(?<!not\s)before|prior\s+to|ahead\s+of)\s+|(?P<since>from|starting(?:\s+(?:in|from|on))?|beginning(?:\s+(?:in|from))?|as\s+of|since|commencing)\s+"
    r"|(?P<about>around|about|approximately|circa)\s+|(?P<after>after)\s+|(?P<between>between)\s+|(?P<plain>in|during|within|on|at|throughout|over)\s+",
    _I,
)
_TO = regex(r"\s*(?:-{1,3}|(?:to|through|thru|until|and)(?![A-Za-z]))\s*", _I)
_ONWARDS = regex(r"\s*(?:onwards?|on|forward)(?![A-Za-z])", _I)
_LATEST = regex(r"\s*,?\s*(?:at\s+the\s+(?:very\s+)?latest|latest)(?![A-Za-z])", _I)
_LIST = regex(r"\s*(?:,|/|&|;(?!)|and)\s*", _I)
_RELATIVE = regex(
    r"(?:within|no\s+later\s+than|not\s+later\s+than|in)?\s*(?P<n>\d{1,4}|one|two|three|four|five|six|seven|ten|fourteen|thirty|sixty|ninety)\s*(?:\(\d+\)\s*)?(?P<unit>(?:calendar|business|working)?\s*(?:day|week|month|year)s?)\s*(?:of|after|from|following|upon)\s+(?P<anchor>[^,;:。\n]{1,80})"
    r"|within\s+(?P<n2>\d{1,4}|one|two|three|six|ten|thirty|sixty|ninety)\s*(?P<unit2>(?:calendar|business|working)?\s*(?:day|week|month|year)s?)(?![A-Za-z])",
    _I,
)
_UPON = regex(
    r"(?:upon|after|following|once)\s+(?:the\s+)?(?:approval|completion|receipt|signing|signature|issuance|issue|launch"
    r"|adoption|publication|meeting)(?:\s+of\s+[^,;:。\n]{1,60})?(?=\s*(?:[,;:.。\n]|$))",
    _I,
)
_ONGOING = regex(
    r"(?:(?:on\s+an\s+)?(?:ongoing|on-going)(?:\s+basis)?|on-going|continuous(?:ly)?|continuing|continual(?:ly)?|permanent(?:ly)?|long[\s-]term|business\s+as\s+usual|BAU)(?![A-Za-z])",
    _I,
)
_UNFIXED = regex(
    r"(?:TBD|TBC|T\.B\.D\.|to\s+be\s+(?:determined|decided|confirmed|advised|announced)|as\s+(?:needed|required|appropriate|necessary)|when\s+(?:needed|required|appropriate)|ad[\s-]hoc|as\s+soon\s+as\s+possible|ASAP|immediate(?:ly)?|n/?a|in\s+due\s+course|short[\s-]term|medium[\s-]term|periodically|regularly)(?![A-Za-z])",
    _I,
)
_AND_THEN = regex(r"\s*[,;]?\s*(?:and\s+|then\s+){0,2}", _I)
_AFTERWARDS = regex(r"\s+(?:thereafter|afterwards?|after\s+that|from\s+then\s+on)(?![A-Za-z])", _I)
_UNTIL = regex(r"\s*,?\s*(?:until|till|through|up\s+to|to)\s+(?:the\s+end\s+of\s+)?", _I)
_OR = regex(r"\s+or\s+(?:(?:by|in|before)\s+)?", _I)
_WITHIN = regex(r"\s*,?\s*(?=(?:from|starting|beginning|commencing|between|in|during|throughout)\s)", _I)
_BLANKS = regex(r"\s*,?\s*")
_LONGEST_LIST = 12
_SHORTEST_YEAR_PART = 5
_SENTENCE_ENDS = regex(r"\s+[A-Z]|\s*$")
_STARTS = regex(r"[A-Za-z0-9']")


def english_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """The English time expression that begins at an offset of the folded text, or `None`."""
    if at >= len(text) or not _STARTS.match(text, at) or (at and re.match(r"[A-Za-z0-9]", text[at - 1])):
        return None
    reading = _open(text, at, context) or _recurring(text, at, context) or _dated(text, at, context)
    if reading is not None and text[reading.end - 1] == "." and _SENTENCE_ENDS.match(text, reading.end):
        # `in May. Review…`: the mark ends the sentence, it does not shorten the month.
        return replace(reading, end=reading.end - 1)
    return reading


def _open(text: str, at: int, context: TimeContext) -> TimeReading | None:
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
            if ongoing and (named := _within(text, match.end(), context)) is not None:
                # `Ongoing from April`: it goes on inside a time.
                window = named.windows[0].having(ongoing=True)
                return replace(named, start=at, windows=(window,), deadline=True)
            choices = (Choice(key="全年持续", text="全年持续进行，到年底为止"), Choice(key="年底前", text="年底到期"))
            doubt = Doubt("undated", "ruling", f"“{match.group()}”没有时限，要写明到什么时候。", None, choices)
            return TimeReading(at, match.end(), (Window(ongoing=ongoing),), Basis.UNDATED, (doubt,))
    return None


def _recurring(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """`monthly from April`, `quarterly in 2018`, `annually by 30 June`: how often, and inside which time."""
    period = english_period_at(text, at)
    if period is None:
        return None
    if period.months == 12 and (once := _dated(text, _BLANKS.match(text, period.end).end(), context)) is not None:  # type: ignore[union-attr]  # it matches nothing too
        # `annually by 30 June`: once in the list's year.
        return replace(once, start=at)
    year = Window(starts_on=date(context.year, 1, 1), due_on=date(context.year, 12, 31))
    doubts = (period.doubt,) if period.doubt is not None else ()
    within = _within(text, period.end, context)
    if within is None:
        until = _UNTIL.match(text, period.end)
        last = english_point_at(text, until.end(), context) if until is not None else None
        if last is not None:
            # `fortnightly until 30 June`: from the issue to that day.
            year = Window(starts_on=date(last.last.year, 1, 1), due_on=last.last)
        window = period.within(period.from_issue(year, context.issued_on))
        end = last.end if last is not None else period.end
        return TimeReading(at, end, (window,), Basis.DATED, (*doubts, *(last.doubts if last is not None else ())))
    day, end = by_the_day(text, within.end)
    (named,) = within.windows
    span = named.having(due_on=named.due_on or year.due_on)
    window = replace(period, day=period.day or day).within(span)
    return TimeReading(at, end, (window,), Basis.DATED, (*doubts, *within.doubts))


def _within(text: str, end: int, context: TimeContext) -> TimeReading | None:
    """The one time with a start that stands behind how often (`from April`)."""
    comma = _WITHIN.match(text, end)
    within = _dated(text, comma.end(), context) if comma is not None else None
    named = within is not None and len(within.windows) == 1 and within.windows[0].starts_on is not None
    return within if named else None


def repeated_in_english(text: str, start: int, end: int, context: TimeContext) -> TimeReading | None:
    """How often something comes back, at the end of an English clause (`review every quarter`)."""
    period = closing_period(text, start, end)
    return _recurring(text, period.start, context) if period is not None else None


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
        windows = tuple(_bounded(lead, point)[0] for point in points)
        return TimeReading(at, points[-1].end, windows, Basis.DATED, tuple(d for point in points for d in point.doubts))
    window, deadline, more = _bounded(lead, first)
    end = first.end
    if (onwards := _ONWARDS.match(text, end)) is not None:
        end = onwards.end()
        window, deadline = Window(starts_on=first.first, due_on=date(first.first.year, 12, 31), ongoing=True), True
    if (latest := _LATEST.match(text, end)) is not None and len(first.doubts) == 0:
        end, window, deadline = latest.end(), Window(due_on=window.due_on), True
    if lead is not None and lead["about"]:
        choices = (day_choice(first.last), span_choice(first.first, first.last))
        more = (*more, Doubt("approximate_time", "ruling", "只写了大概的时间。", spoken((window,)), choices))
    if (again := _thereafter(text, end, window, context)) is not None:
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


def _thereafter(text: str, end: int, window: Window, context: TimeContext) -> tuple[Window, int] | None:
    """`Q1 2024 and quarterly thereafter`: the first session is due with the time, the others until the end.

    The end is the year's, or the one that follows (`… until December`).
    """
    joined = _AND_THEN.match(text, end)
    due = window.due_on
    often = english_period_at(text, joined.end()) if joined is not None and due is not None else None
    behind = _AFTERWARDS.match(text, often.end) if often is not None else None
    if due is None or often is None or behind is None or often.months is None or often.months >= 12:
        return None
    until = _UNTIL.match(text, behind.end())
    last = english_point_at(text, until.end(), context) if until is not None else None
    index = due.year * 12 + due.month - often.months
    day = due.day if due != last_of_month(due.year, due.month) else None
    stop = last.last if last is not None and last.last > due else date(due.year, 12, 31)
    span = Window(starts_on=date(index // 12, index % 12 + 1, 1), due_on=stop)
    return replace(often, day=day).within(span), last.end if last is not None else behind.end()


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


def _same_day(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, last_of_month(year, day.month).day))


def _has_year(text: str) -> bool:
    return re.search(r"(?:19|20)\d{2}", text) is not None


def _bounded(lead: re.Match[str] | None, point: EnglishPoint) -> tuple[Window, bool, tuple[Doubt, ...]]:
    first, last, year_end = point.first, point.last, date(point.first.year, 12, 31)
    if lead is not None and lead["since"]:
        return Window(starts_on=first, due_on=max(year_end, last), ongoing=True), True, ()
    if lead is not None and (lead["after"] or lead["earliest"]):
        following = last + timedelta(days=1)
        begins = first if lead["earliest"] else min(following, year_end)
        window = Window(starts_on=begins, due_on=year_end, ongoing=True)
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
