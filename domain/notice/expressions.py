"""One Chinese time expression: points joined to ranges and lists, with the words before and after that bound them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.notice.numerals import number
from domain.notice.points import MONTH_NUMBER, Point, around, point_at
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

_BEFORE = re.compile(
    r"(?:(?P<from>自|从|由)|(?P<until>截至|截止至|截止到|截止|最迟不超过|最迟|最晚|不迟于|不晚于|不超过|赶在|至迟|到|至)|在|于"
    r"|力争|争取|确保|务必|计划|预计|拟于?|原则上|每年(?:的)?|约|大约|时间[::]|\s)+"
)
_RANGE = re.compile(
    r"\s*(?:(?:份|之日)?(?:起|开始)\s*(?=[-至到直]))?(?:-{1,4}|至|到|直到|一(?=\d)|——)\s*(?:到|至)?(?:次年|翌年)?"
)
_LIST = re.compile(r"\s*(?:[、,/和及与或&+]|以及)?\s*")
_OPEN_RANGE = re.compile(r"\s*-+\s*(?=$|[:;,。\n])")
_LIMIT = re.compile(
    r"\s*(?:\d{1,2}[时点:](?:\d{1,2}分?|整)?\s*)?(?:之|以)?前(?:夕|夜)?(?!期|往|沿|列|进|瞻|后|述|线|端|锋|置|提|来|移|台|景|身)"
)
_ONWARDS = re.compile(r"\s*(?:份|之日)?(?:起(?!草|飞|步|诉|源|重|来|码|点|义|动|底|居)始?|开始|以来)")
_AFTER = re.compile(r"\s*(?:之后|以后|后(?!续|期|备|勤|台|进|半|面|来|方|者|年))")
_ABOUT = re.compile(r"\s*(?:前后|左右|上下)")
_STOP = re.compile(r"\s*(?:为)?止")
_DURING = re.compile(r"\s*(?:期间|前后|假期间?|这一天|当天|当日|当月|当季度?)")
_WITHIN = re.compile(r"\s*(?:之内|以内|内(?!部|容|外|设|涵|地|蒙|在))")
_LONGEST_LIST = 24
_COMPOUND = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})\s*[年.]\s*|(?P<spoken>今年|本年|当年|明年|次年)\s*)?"
    rf"(?P<items>(?:第)?{MONTH_NUMBER}(?:\s*(?:-{{1,4}}|至|到|[、,/和及与])\s*(?:第)?{MONTH_NUMBER})+)"
    r"\s*(?:(?P<month>月)(?:份|(?!度|台|饼|季|嫂|薪|刊))\s*(?P<part>上旬|中旬|下旬|底|末|初)?|个?季度(?P<end>末|底)?)"
)
_YEARS = re.compile(r"(?P<first>(?:19|20)\d{2})\s*年?\s*(?:-{1,4}|至|到)\s*(?P<last>(?:19|20)\d{2})\s*年(?!级|度?学)")
_ITEM = re.compile(rf"(?P<sep>-+|至|到|[、,/和及与])?\s*(?:第)?(?P<n>{MONTH_NUMBER})\s*")
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A point or a range of points, before the words around it are read."""

    end: int
    first: Point
    last: Point
    doubts: tuple[Doubt, ...] = ()

    @property
    def span(self) -> tuple[date, date]:
        return self.first.first, self.last.last


def dated_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """The dated expression that begins at an offset of the folded text, or `None`."""
    before = _BEFORE.match(text, at)
    begin = before.end() if before is not None else at
    stretches = _stretches(text, begin, context)
    if not stretches:
        return None
    end = stretches[-1].end
    doubts = tuple(
        doubt for stretch in stretches for doubt in (*stretch.first.doubts, *stretch.last.doubts, *stretch.doubts)
    )
    doubts = tuple(dict.fromkeys(doubts))
    bounded = _bounded(text, end, stretches, context)
    if bounded is None:
        bounded = _plain(
            stretches, before is not None and bool(before["from"]), before is not None and bool(before["until"]), end
        )
    whole_year = len(stretches) == 1 and not bounded.deadline and _whole_year(stretches[0])
    basis = Basis.WHOLE_YEAR if whole_year and not bounded.windows[0].ongoing else Basis.DATED
    opening = at
    while opening < begin and text[opening].isspace():
        opening += 1
    doubts = tuple(_with_assumption(doubt, bounded.windows) for doubt in (*doubts, *bounded.doubts))
    return replace(bounded, start=opening, doubts=doubts, basis=basis)


def _with_assumption(doubt: Doubt, windows: tuple[Window, ...]) -> Doubt:
    """A doubt about one point is told with what the whole expression was taken for."""
    return doubt if doubt.assumed is None or doubt.severity == "error" else replace(doubt, assumed=spoken(windows))


def _stretches(text: str, at: int, context: TimeContext) -> list[_Stretch]:
    found: list[_Stretch] = []
    while len(found) < _LONGEST_LIST:
        separator = _LIST.match(text, at) if found else None
        begin = separator.end() if separator is not None else at
        following = _compound(text, begin, context) or _range(text, begin, context)
        if not following:
            break
        if (
            found
            and following[0].first.unit != found[-1].last.unit
            and separator is not None
            and "," in separator.group()
        ):
            break
        found.extend(following)
        at = found[-1].end
    return _joined(found)


def _joined(found: list[_Stretch]) -> list[_Stretch]:
    """A list in which a later month is smaller (`11月、1月`) may mean next year."""
    result: list[_Stretch] = []
    for stretch in found:
        if (
            result
            and stretch.span[1] < result[-1].span[0]
            and not stretch.first.year_given
            and stretch.first.unit == "month"
        ):
            later = replace(
                stretch.first,
                first=stretch.first.first.replace(year=stretch.first.first.year + 1),
                last=last_of_month(stretch.first.last.year + 1, stretch.first.last.month),
            )
            choices = (span_choice(later.first, later.last), span_choice(*stretch.span))
            doubt = Doubt("crossing_year", "ruling", "后面的月份比前面的小，可能指下一年。", choices[0].text, choices)
            stretch = replace(stretch, first=later, last=later, doubts=(*stretch.doubts, doubt))
        result.append(stretch)
    if len(result) > 1 and all(s.first is s.last and s.first.unit == "month" for s in result):
        following = all(b.span[0] - a.span[1] == timedelta(days=1) for a, b in zip(result, result[1:], strict=False))
        if following:
            joined = span_choice(result[0].span[0], result[-1].span[1])
            apart = Choice(key="分开", text="每个月各一次")
            doubt = Doubt(
                "adjacent_months",
                "ruling",
                "相邻月份并列，可能是一段时间，也可能各有一次。",
                "各有一次",
                (joined, apart),
            )
            result[0] = replace(result[0], doubts=(*result[0].doubts, doubt))
    return result


def _compound(text: str, at: int, context: TimeContext) -> list[_Stretch]:
    """Several months or quarters that share one word: `3-5月`, `3、4月`, `一至三季度`."""
    if (years := _YEARS.match(text, at)) is not None:
        first, last = int(years["first"]), int(years["last"])
        if first < last:
            point = Point(at, years.end(), date(first, 1, 1), date(last, 12, 31), "year", True, word=years.group())
            return [_Stretch(years.end(), point, point)]
    match = _COMPOUND.match(text, at)
    if match is None:
        return []
    year = int(match["year"]) if match["year"] else context.year + (match["spoken"] in ("明年", "次年"))
    given = bool(match["year"] or match["spoken"])
    monthly = match["month"] is not None
    groups: list[list[int]] = []
    for item in _ITEM.finditer(match["items"]):
        value = number(item["n"])
        if value is None or value < 1 or value > (12 if monthly else _QUARTERS):
            return []
        if groups and item["sep"] and item["sep"][0] in "-至到":
            if len(groups[-1]) > 1 and groups[-1][0] != groups[-1][-1]:
                return []
            groups[-1] = [groups[-1][0], value]
        else:
            groups.append([value, value])
    return _stretches_of(match, groups, year, given, context)


def _stretches_of(
    match: re.Match[str], groups: list[list[int]], year: int, given: bool, context: TimeContext
) -> list[_Stretch]:
    monthly = match["month"] is not None
    found: list[_Stretch] = []
    for first, last in groups:
        doubts: tuple[Doubt, ...] = ()
        last_year = year
        if last < first:
            last_year += 1
        a = first if monthly else first * 3 - 2
        b = last if monthly else last * 3
        one = Point(
            match.start(),
            match.end(),
            date(year, a, 1),
            last_of_month(year, a if monthly else a + 2),
            "month" if monthly else "quarter",
            given,
        )
        tail = (match["part"] or "") if monthly else (match["end"] or "")
        label = f"{last_year}年{b}月{tail}"
        other = point_at(label, 0, context)
        if other is None:
            return []
        two = replace(
            other, start=match.start(), end=match.end(), unit=one.unit if not tail else other.unit, year_given=given
        )
        if last_year != year:
            choices = (span_choice(one.first, two.last), span_choice(date(year, b, 1), last_of_month(year, a)))
            text = "后面的月份比前面的小，可能指到下一年，也可能写反了。"
            doubts = (Doubt("crossing_year", "ruling", text, choices[0].text, choices),)
        found.append(_Stretch(match.end(), one, two if (first != last or tail) else one, doubts))
    singles = all(first == last for first, last in groups)
    adjacent = all(b[0] - a[1] == 1 for a, b in zip(groups, groups[1:], strict=False))
    if len(found) > 1 and singles and adjacent:
        return [_Stretch(match.end(), found[0].first, found[-1].last)]
    return found


def _range(text: str, at: int, context: TimeContext) -> list[_Stretch]:
    first = point_at(text, at, context)
    if first is None:
        return []
    separator = _RANGE.match(text, first.end)
    if separator is not None:
        wrap = 1 if "次年" in separator.group() or "翌年" in separator.group() else 0
        inner = replace(context, year=first.first.year + wrap)
        last = point_at(text, separator.end(), inner)
        if last is not None:
            return [_ranged(text, first, last, bool(wrap), context)]
    return [_Stretch(first.end, first, first)]


def _ranged(text: str, first: Point, last: Point, wrapped: bool, context: TimeContext) -> _Stretch:
    doubts: tuple[Doubt, ...] = ()
    if not first.year_given and last.year_given and not wrapped and last.first.year != first.first.year:
        earlier = point_at(text, first.start, replace(context, year=last.first.year - 1))
        if first.first > last.last and earlier is not None:
            first = earlier
            choice = span_choice(first.first, last.last)
            doubts = (Doubt("crossing_year", "ruling", "起始月份没有写明年份，可能指上一年。", choice.text, (choice,)),)
    if last.last < first.first:
        if last.year_given:
            choice = span_choice(min(first.first, last.first), max(first.last, last.last))
            first = replace(first, first=min(first.first, last.first))
            last = replace(last, last=max(first.last, last.last))
            doubts = (Doubt("backward_range", "ruling", "起止日期前后颠倒。", choice.text, (choice,)),)
        else:
            later = point_at(text, last.start, replace(context, year=first.first.year + 1))
            if later is not None:
                swapped = span_choice(last.first, first.last)
                last = later
                choices = (span_choice(first.first, last.last), swapped)
                reason = "后面的日期比前面的早，可能指到下一年，也可能写反了。"
                doubts = (Doubt("crossing_year", "ruling", reason, choices[0].text, choices),)
    return _Stretch(last.end, first, last, doubts)


def _plain(stretches: list[_Stretch], since: bool, until: bool, end: int) -> TimeReading:
    """Windows without a word that bounds them from behind; `自4月` opens one, `截至6月` closes one."""
    windows: list[Window] = []
    deadline = until
    for stretch in stretches:
        first, last = stretch.span
        single = stretch.first is stretch.last
        if until:
            windows.append(Window(due_on=last))
        elif since and single and not stretch.first.end_only:
            windows.append(Window(starts_on=first, due_on=date(first.year, 12, 31), ongoing=True))
            deadline = True
        elif single and stretch.first.end_only:
            windows.append(Window(due_on=last))
            deadline = True
        else:
            windows.append(Window(starts_on=first, due_on=last))
    bare = len(stretches) == 1 and stretches[0].first is stretches[0].last and _bare(stretches[0].first)
    return TimeReading(0, end, tuple(windows), Basis.DATED, deadline=deadline, bare=bare and not deadline)


def _bare(point: Point) -> bool:
    return point.unit in ("year", "festival") or point.word in ("年中", "年终")


def _whole_year(stretch: _Stretch) -> bool:
    if stretch.first is stretch.last and stretch.first.unit == "part_of_year":
        return stretch.first.word.startswith(("全年", "整年")) and stretch.first.word != "全年内"
    first, last = stretch.span
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def _bounded(text: str, end: int, stretches: list[_Stretch], context: TimeContext) -> TimeReading | None:
    """The windows as bounded by the word behind them, if there is one."""
    last = stretches[-1]
    point = last.last
    single = len(stretches) == 1
    if (match := _OPEN_RANGE.match(text, end)) is not None and single and last.first is last.last:
        window = Window(starts_on=point.first, due_on=date(point.first.year, 12, 31), ongoing=True)
        choices = (
            Choice(key=f"{point.first.year}年{point.first.month}月起", text=spoken((window,))),
            span_choice(point.first, point.last),
        )
        doubt = Doubt("open_range", "ruling", "只写了起点，没有写终点。", choices[0].text, choices)
        return TimeReading(0, match.end(), (window,), Basis.DATED, (doubt,), deadline=True)
    if (match := _DURING.match(text, end)) is not None and point.unit == "festival" and single:
        return _festival_time(match.end(), point)
    if (match := _ABOUT.match(text, end)) is not None:
        window = Window(starts_on=None if point.unit == "day" else last.span[0], due_on=last.span[1])
        choice = day_choice(last.span[1])
        doubt = Doubt(
            "approximate_time", "ruling", "只写了大概的时间。", spoken((window,)), (choice, _later(last.span[1]))
        )
        return TimeReading(0, match.end(), (window,), Basis.DATED, (doubt,), deadline=True)
    if (match := _LIMIT.match(text, end)) is not None:
        return _limited(match.end(), last, context)
    if (match := _STOP.match(text, end)) is not None:
        return TimeReading(0, match.end(), (Window(due_on=last.span[1]),), Basis.DATED, deadline=True)
    if (match := _ONWARDS.match(text, end)) is not None:
        window = Window(starts_on=last.span[0], due_on=date(last.span[0].year, 12, 31), ongoing=True)
        return TimeReading(0, match.end(), (window,), Basis.DATED, deadline=True)
    if (match := _AFTER.match(text, end)) is not None:
        return _after(match.end(), last)
    if (match := _WITHIN.match(text, end) or _DURING.match(text, end)) is not None:
        return replace(_plain(stretches, False, False, match.end()), bare=False)
    if point.unit == "festival" and single:
        return replace(_festival_time(end, point), bare=True, deadline=False)
    return None


def _later(day: date) -> Choice:
    following = day + timedelta(days=15)
    return day_choice(following)


def _limited(end: int, stretch: _Stretch, context: TimeContext) -> TimeReading:
    point = stretch.last
    if point.unit == "festival":
        return _before_festival(end, point, context)
    due = stretch.span[1]
    if stretch.first is not stretch.last:
        return TimeReading(0, end, (Window(starts_on=stretch.span[0], due_on=due),), Basis.DATED, deadline=True)
    if point.unit == "day" or point.end_only:
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, deadline=True)
    before = day_choice(stretch.span[0] - timedelta(days=1))
    within = day_choice(due)
    if point.word.endswith("内") or point.word.startswith(("全年", "岁末", "年末")):
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, deadline=True)
    exclusive = point.unit in ("month", "quarter", "half", "year")
    taken = stretch.span[0] - timedelta(days=1) if exclusive else due
    doubt = Doubt(
        "before_or_within",
        "ruling",
        "“前”可能不含这段时间，也可能指这段时间结束前。",
        spoken((Window(due_on=taken),)),
        (before, within),
    )
    return TimeReading(0, end, (Window(due_on=taken),), Basis.DATED, (doubt,), deadline=True)


def _before_festival(end: int, point: Point, context: TimeContext) -> TimeReading:
    """By the eve of a festival; one that was over when the list was issued may be next year's."""
    due = point.first - timedelta(days=1)
    over = context.issued_on is not None and due < context.issued_on
    if point.year_given or point.doubts or not (over or due.year < context.year):
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, point.doubts, deadline=True)
    following = point_at(point.word, 0, replace(context, year=context.year + 1))
    later = following.first - timedelta(days=1) if following is not None and not following.doubts else due
    taken = later if due.year < context.year else due
    choices = tuple(day_choice(day) for day in dict.fromkeys((taken, due, later)))
    doubt = Doubt("which_festival", "ruling", f"可能指今年的{point.word}，也可能指下一年的。", choices[0].text, choices)
    return TimeReading(0, end, (Window(due_on=taken),), Basis.DATED, (doubt,), deadline=True)


def _after(end: int, stretch: _Stretch) -> TimeReading:
    first, last = stretch.span
    starts_on = first if stretch.last.unit == "day" else last + timedelta(days=1)
    if starts_on.year > last.year:
        starts_on = last
    window = Window(starts_on=starts_on, due_on=date(last.year, 12, 31), ongoing=True)
    choices = tuple(
        Choice(key=f"{day.year}年{day.month}月{day.day}日起", text=f"{day}起")
        for day in dict.fromkeys((starts_on, first))
    )
    doubt = Doubt("open_end", "ruling", "只写了在什么时间之后，没有写时限。", spoken((window,)), choices)
    return TimeReading(0, end, (window,), Basis.DATED, (doubt,), deadline=True)


def _festival_time(end: int, point: Point) -> TimeReading:
    """The time of a festival: a statutory week, a school holiday, or the days that lead up to the day."""
    name = point.word.removesuffix("节")
    if point.doubts:
        return TimeReading(0, end, (Window(starts_on=point.first, due_on=point.last),), Basis.DATED, deadline=True)
    if name in ("国庆", "春节"):
        week = around(point, 0, 6) if name == "国庆" else around(point, 1, 5)
        choices = (span_choice(week.first, week.last),)
        doubt = Doubt("festival_time", "note", f"“{point.word}期间”按法定假期理解。", choices[0].text, choices)
        return TimeReading(
            0, end, (Window(starts_on=week.first, due_on=week.last),), Basis.DATED, (doubt,), deadline=True
        )
    days = around(point, 3, 0)
    month = span_choice(
        date(point.first.year, point.first.month, 1), last_of_month(point.first.year, point.first.month)
    )
    choices = (span_choice(days.first, days.last), span_choice(point.first, point.last), month)
    doubt = Doubt("festival_time", "ruling", f"“{point.word}”前后没有确切的起止日期。", choices[0].text, choices)
    return TimeReading(0, end, (Window(starts_on=days.first, due_on=days.last),), Basis.DATED, (doubt,), deadline=True)
