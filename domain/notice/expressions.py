"""One Chinese time expression: points joined to ranges and lists, with the words before and after that bound them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from domain.notice.festival_times import DURING, before_feasts, before_festival, festival_time
from domain.notice.open_times import happening_at, lasting
from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.points import point_at
from domain.notice.stretches import Stretch, from_the_first, stretches_at
from domain.notice.windows import (
    Basis,
    Choice,
    Doubt,
    TimeContext,
    TimeReading,
    Window,
    day_choice,
    span_choice,
    spoken,
)

_BEFORE = regex(
    r"(?:(?P<from>自|从|由)|(?P<until>截至|截止至|截止到|截止|最迟不超过|最迟|最晚|不得?[迟晚]于|不超过|赶在|至迟|到|至)|在|于"
    r"|(?P<about>大约|约|大概|大致|暂定于?|初步定于)|(?P<after>不得?早于|最早(?:于|在)?)|(?P<through>贯穿)"
    r"|力争|争取|确保|务必|计划|预计|拟于?|原则上|每年(?:的)?|(?:计划|预计|要求)?(?:完成|办结|整改|竣工|开工|启动|开始|结束)?(?:时间|时限|期限)(?:为|是|在|[::]|(?=\d))|\s)+"
)
_SIDE_BY_SIDE = regex(r"\s*(?:[、/和及与&]|以及)\s*")
_AND_OTHERS = regex(
    r"\s*等(?:重[要点大]|关键|传统|法定)?(?:节(?=前)|节日|节点|节假日|假期|假日|时段|时间节点|时点|时间)"
)
_OR = regex(r"\s*(?:或者?|或是|抑或)\s*")
_SECOND_LIMIT = regex(r"\s*(?:至|到|-+)\s*")
_PRINTED_YEAR = regex(r"(?:19|20)\d{2}年|[明次翌来]年")
_LONGEST_LIST = 24
_OPEN_RANGE = regex(r"\s*(?:-+\s*|(?:-+|至|到)\s*(?:长期(?:坚持|推进)?|以后|今后|永久|持续))(?=$|[:;,。\n])")
_LIMIT = regex(
    r"\s*(?:\(含(?:当[日天月]|本[日数])?\)\s*)?(?:\d{1,2}[时点:](?:\d{1,2}分?|整)?\s*)?(?:之|以)?前(?:夕|夜)?"
    # Words that begin with 前 are no limit (`前期`, `前往`); verbs behind it are (`前提交`, `前进行`, `前列入`).
    r"(?!期|往|后(?!续|评)|来(?!访|信)|瞻|述(?!职)|线|锋|景|身|沿(?!线)|端|列(?![入出])|置(?![换办])|提(?![交出升请供高醒报前级档质])"
    r"|进(?![行入驻场一])|移(?![交送])|台(?!账))"
)
_ONWARDS = regex(
    r"\s*(?:份|之日)?(?:起(?!草|飞|步|诉|源|重(?![点新启大])|来|码|点(?!对)|义|动(?![工员])|底|居)始?|开始|以来)"
)
_AND_ENDS = regex(r"\s*[,、]?\s*(?:至|到|于)?\s*")
_ENDS = regex(r"\s*(?:前)?(?:结束|截止|收尾|为止)")
_AFTER = regex(r"\s*(?:之后|以后|后(?!续|评|期|备|勤|台|进(?![行入])|半|面|来|方|者|年))")
_ABOUT = regex(r"\s*(?:前后(?!续|评)|左右|上下)")
_STOP = regex(r"\s*(?:为)?(?:截止|止)")
_DAY_DETAIL = regex(
    r"\s*(?:\([本当下]?(?:周|星期|礼拜)[一二三四五六日天]\)|(?:周|星期|礼拜)[一二三四五六日天](?=(?:[上下]?[午班晚]|\s*\d|中午|(?:之|以)?前))|\([一-鿿]{2,8}\)(?=\s*(?:之|以)?前))?\s*(?:(?:上午|下午|中午|晚上|晚间?)?\d{1,2}(?:[时点](?:\d{1,2}分|整|半)?|:\d{2})"
    r"(?=\s*(?:之|以)?前)|(?:上班|下班|中午|上午|下午)(?=\s*(?:之|以)?前))?"
)
_BEHIND_A_DAY = regex(r"\s*(?P<event>[一-鿿“”\"]{2,14}?)(?:之前|以前|前夕?|前后|期间|左右)(?=\s*(?:$|[:;,。)\n]))")
_TO_ITS_END = regex(r"\s*结束(?:之|以)?前")
_NAMED_MONTH = regex(r"月[”\"]?(?:活动)?期间$")
_WITHIN = regex(r"\s*(?:之内|以内|内(?!部(?![署分])|容|外|设(?![立置计])|涵|地|蒙|在))")


def dated_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """The dated expression that begins at an offset of the folded text, or `None`."""
    reading = _one_at(text, at, context)
    count = 1
    while reading is not None and reading.deadline and count < _LONGEST_LIST:
        # `3月底前、6月底前、9月底前`: limits side by side are one label with several windows.
        separator = _SIDE_BY_SIDE.match(text, reading.end)
        printed = _PRINTED_YEAR.search(text, at, reading.end)
        due = reading.windows[-1].due_on
        carried = replace(context, year=due.year) if printed is not None and due is not None else context
        other = _one_at(text, separator.end(), carried) if separator is not None else None
        if other is None or not other.deadline:
            break
        doubts = tuple(dict.fromkeys((*reading.doubts, *_shifted(other.doubts, len(reading.windows)))))
        reading = replace(reading, end=other.end, windows=(*reading.windows, *other.windows), doubts=doubts)
        count += 1
    if reading is not None and reading.deadline and (again := _SECOND_LIMIT.match(text, reading.end)) is not None:
        other = _one_at(text, again.end(), context)
        first, last = (each.windows[0].due_on if each is not None else None for each in (reading, other))
        in_order = first is not None and last is not None and first <= last
        bounded = other is not None and (other.deadline or text.endswith("前", 0, reading.end))
        if other is not None and bounded and in_order and len(reading.windows) == len(other.windows) == 1:
            window = Window(starts_on=first, due_on=last)
            choices = tuple(day_choice(day) for day in (last, first) if day is not None)
            both = text.endswith("前", 0, other.end)
            sentence = "起止两头都写了“前”。" if both else "起点写的是“前”，没有确切的日期。"
            doubt = Doubt("limit_to_limit", "ruling", sentence, spoken((window,)), choices)
            reading = replace(reading, end=other.end, windows=(window,), doubts=(*reading.doubts, doubt))
    return _either(text, reading, context) if reading is not None else None


def _either(text: str, reading: TimeReading, context: TimeContext) -> TimeReading:
    """`6月底前或7月初`, `6月或9月`: only one of the times is meant, and nobody has said which."""
    separator = _OR.match(text, reading.end)
    other = _one_at(text, separator.end(), context) if separator is not None else None
    inside = _OR.search(text, reading.start, reading.end) if len(reading.windows) > 1 else None
    asked = any(doubt.severity == "ruling" for doubt in reading.doubts)
    if other is None and (inside is None or asked):
        return reading
    windows = (*reading.windows, *(other.windows if other is not None else ()))
    days = dict.fromkeys(window.due_on for window in windows if window.due_on is not None)
    assumed = spoken(reading.windows)
    doubt = Doubt(
        "either_time", "ruling", "写的是这个时间或那个时间，没有定下是哪一个。", assumed, tuple(map(day_choice, days))
    )
    end = other.end if other is not None else reading.end
    return replace(reading, end=end, doubts=(*reading.doubts, doubt), deadline=reading.deadline or other is not None)


def _one_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    before = _BEFORE.match(text, at)
    begin = before.end() if before is not None else at
    stretches = stretches_at(text, begin, context)
    if not stretches:
        return None
    end = _past_day_detail(text, stretches[-1])
    others = _AND_OTHERS.match(text, end)
    end = others.end() if others is not None else end
    opens = _ONWARDS.match(text, end) is not None or (before is not None and bool(before["from"]))
    if opens and len(stretches) == 1 and stretches[0].first is stretches[0].last:
        point = from_the_first(stretches[0].first)
        stretches = [replace(stretches[0], first=point, last=point)]
    doubts = tuple(dict.fromkeys(doubt for at, stretch in enumerate(stretches) for doubt in _doubts(at, stretch)))
    bounded = (
        _after(end, stretches[-1], within=True)
        if before is not None and before["after"]
        else _bounded(text, end, stretches, context)
    )
    if bounded is None:
        bounded = _plain(
            stretches, before is not None and bool(before["from"]), before is not None and bool(before["until"]), end
        )
    if (
        (event := happening_at(text, end)) is not None
        and not bounded.deadline
        and _only_about(stretches[-1].last, text[: event.end])
    ):
        # `9月开学前`: the month says about when, the event says the day; `9月1日开学前` leaves open whether with it.
        # `9月“质量月”期间`: a month that has a name is that month.
        named = _NAMED_MONTH.search(text, end, event.end) is not None and stretches[-1].last.unit == "month"
        hanging = () if named else (replace(event.doubts[0], assumed=spoken(bounded.windows)),)
        bounded = replace(bounded, end=event.end, doubts=(*bounded.doubts, *hanging), deadline=True)
    elif not bounded.deadline or stretches[-1].last.word == "年终":
        bounded = _before_a_happening(text, end, stretches[-1].last, bounded)
    if others is not None:
        sentence = f"“{others.group().strip()}”没有写明还有哪些时间。"
        more = Doubt("and_others", "ruling", sentence, spoken(bounded.windows), ())
        bounded = replace(bounded, doubts=(*bounded.doubts, more))
    if len(bounded.windows) != len(stretches) or len(stretches) == 1:
        doubts = tuple(dict.fromkeys(replace(doubt, about=None) for doubt in doubts))
    whole_year = len(stretches) == 1 and not bounded.deadline and _whole_year(stretches[0])
    basis = Basis.WHOLE_YEAR if whole_year and not bounded.windows[0].ongoing else Basis.DATED
    opening = at
    while opening < begin and text[opening].isspace():
        opening += 1
    if before is not None and before["about"]:
        bounded = replace(bounded, doubts=(*bounded.doubts, _approximate(bounded.windows[-1])))
    if before is not None and before["through"]:
        basis = Basis.DATED
        ongoing = tuple(window.having(ongoing=True) for window in bounded.windows)
        bounded = replace(bounded, windows=ongoing)
    if any(doubt.code == "school_holiday" for doubt in bounded.doubts):
        # `暑假前` asks for the day, `暑假结束前` only tells.
        doubts = tuple(doubt for doubt in doubts if doubt.code != "school_holiday")
    doubts = tuple(dict.fromkeys(_with_assumption(doubt, bounded.windows) for doubt in (*doubts, *bounded.doubts)))
    named = any(s.name for s in stretches) and len(bounded.windows) == len(stretches) and not bounded.deadline
    names = tuple(stretch.name for stretch in stretches) if named else ()
    return replace(bounded, start=opening, doubts=doubts, basis=basis, names=names)


def _before_a_happening(text: str, end: int, point: Point, bounded: TimeReading) -> TimeReading:
    """A day or a month with a happening behind it (`5月15日入汛前`): asked whether it is that time."""
    match = _BEHIND_A_DAY.match(text, end)
    named = match is not None and match["event"].endswith(("日", "节", "周"))
    final = point.unit == "part_of_year" and point.word.endswith(("终", "末", "底"))
    if match is None or not (final or point.unit == "day" or (point.unit == "month" and named)):
        return bounded
    days = (window.due_on for window in bounded.windows if window.due_on is not None)
    sentence = f"“{text[point.start : match.end()].strip()}”还随另一件事而定，请核对日期。"
    doubt = Doubt("relative_time", "ruling", sentence, spoken(bounded.windows), tuple(map(day_choice, days)))
    return replace(bounded, end=match.end(), doubts=(*bounded.doubts, doubt), deadline=True)


def _only_about(point: Point, told: str) -> bool:
    return point.unit == "month" or (point.unit == "day" and told.endswith("前"))


def _doubts(at: int, stretch: Stretch) -> list[Doubt]:
    """The doubts of one stretch of several: each is about the window that the stretch becomes."""
    return [
        # Neighbouring months are doubted as a whole: one window, or several.
        doubt if doubt.code == "adjacent_months" else replace(doubt, about=at)
        for doubt in (*stretch.first.doubts, *stretch.last.doubts, *stretch.doubts)
    ]


def _shifted(doubts: tuple[Doubt, ...], by: int) -> tuple[Doubt, ...]:
    return tuple(replace(doubt, about=(doubt.about or 0) + by) for doubt in doubts)


def _with_assumption(doubt: Doubt, windows: tuple[Window, ...]) -> Doubt:
    """A doubt about one point is told with what the whole expression was taken for."""
    if doubt.assumed is None or doubt.severity == "error":
        return doubt
    meant = windows[doubt.about : doubt.about + 1] if doubt.about is not None else windows
    return replace(doubt, assumed=spoken(meant or windows))


def _plain(stretches: list[Stretch], since: bool, until: bool, end: int) -> TimeReading:
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


def _whole_year(stretch: Stretch) -> bool:
    if stretch.first is stretch.last and stretch.first.unit == "part_of_year":
        return stretch.first.word.startswith(("全年", "整年")) and stretch.first.word != "全年内"
    first, last = stretch.span
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def _bounded(  # noqa: PLR0911 - one exit for each word that bounds
    text: str, end: int, stretches: list[Stretch], context: TimeContext
) -> TimeReading | None:
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
    if (match := DURING.match(text, end)) is not None and all(
        stretch.first is stretch.last and stretch.first.unit == "festival" for stretch in stretches
    ):
        return _together(match.end(), [festival_time(match.end(), stretch.first) for stretch in stretches])
    if (match := _ABOUT.match(text, end)) is not None:
        return _together(match.end(), [_about(match.end(), stretch) for stretch in stretches])
    if single and point.unit == "festival" and (match := _TO_ITS_END.match(text, end)) is not None:
        during = festival_time(match.end(), point)
        return replace(during, windows=(Window(due_on=during.windows[0].due_on),))
    if (match := _LIMIT.match(text, end)) is not None:
        limited = _together(match.end(), [_limited(match.end(), stretch, context) for stretch in _shared(stretches)])
        return before_feasts(limited) if all(s.last.unit == "festival" for s in stretches) else limited
    if (match := _STOP.match(text, end)) is not None:
        starts_on = last.span[0] if last.first is not last.last else None
        return TimeReading(
            0, match.end(), (Window(starts_on=starts_on, due_on=last.span[1]),), Basis.DATED, deadline=True
        )
    if (match := _ONWARDS.match(text, end)) is not None:
        return _onwards(text, end, match, stretches, context)
    if (match := _AFTER.match(text, end)) is not None:
        return _after(match.end(), last)
    if (match := _WITHIN.match(text, end) or DURING.match(text, end)) is not None:
        return replace(_plain(stretches, False, False, match.end()), bare=False)
    if point.unit == "festival" and single:
        return replace(festival_time(end, point), bare=True, deadline=False)
    return None


def _onwards(text: str, end: int, match: re.Match[str], stretches: list[Stretch], context: TimeContext) -> TimeReading:
    """`4月起`: to the year's end, to an end that is written behind it, or as long as it says."""
    last, single = stretches[-1], len(stretches) == 1
    if single and (lasts := lasting(text, match.end(), last.span[0])) is not None:
        return lasts
    window = Window(starts_on=last.span[0], due_on=date(last.span[0].year, 12, 31), ongoing=True)
    closing = _AND_ENDS.match(text, match.end()) if single else None
    ends = point_at(text, closing.end(), context) if closing is not None else None
    if ends is not None and (stop := _ENDS.match(text, ends.end)) is not None and ends.last > last.span[0]:
        # `5月开始，10月结束`
        span = Window(starts_on=last.span[0], due_on=ends.last)
        return TimeReading(0, stop.end(), (span,), Basis.DATED, ends.doubts, deadline=True)
    before = _plain(stretches[:-1], False, False, end).windows if not single else ()
    # `2025年以来` tells what was, and not by when.
    doubts = (_open_end(window, ()),) if match.group().endswith("以来") else ()
    return TimeReading(0, match.end(), (*before, window), Basis.DATED, doubts, deadline=True)


def _past_day_detail(text: str, stretch: Stretch) -> int:
    """Where a day ends with what is written behind it: the day of the week, the hour."""
    detail = _DAY_DETAIL.match(text, stretch.end) if stretch.last.unit == "day" else None
    return detail.end() if detail is not None else stretch.end


def _about(end: int, stretch: Stretch) -> TimeReading:
    day = stretch.last.unit in ("day", "festival") and stretch.first is stretch.last
    window = Window(starts_on=None if day else stretch.span[0], due_on=stretch.span[1])
    return TimeReading(0, end, (window,), Basis.DATED, (_approximate(window),), deadline=True)


def _approximate(window: Window) -> Doubt:
    last = window.due_on or date.max
    choices = (day_choice(last), day_choice(last + timedelta(days=15))) if last < date.max else ()
    return Doubt("approximate_time", "ruling", "只写了大概的时间。", spoken((window,)), choices)


def _together(end: int, readings: list[TimeReading]) -> TimeReading:
    """Several points under one word (`春节、国庆前`): the windows of each, the doubts of all."""
    windows = tuple(window for reading in readings for window in reading.windows)
    if len(readings) == 1:
        doubts = tuple(dict.fromkeys(readings[0].doubts))
    else:
        told = (replace(doubt, about=at) for at, reading in enumerate(readings) for doubt in reading.doubts)
        doubts = tuple(dict.fromkeys(told))
    return TimeReading(0, end, windows, Basis.DATED, doubts, deadline=True)


def _shared(stretches: list[Stretch]) -> list[Stretch]:
    """`6月、12月底前`: the word `底` behind the last of several months may be meant for each of them."""
    last = stretches[-1].last
    if len(stretches) == 1 or not last.end_only:
        return stretches
    result: list[Stretch] = []
    for stretch in stretches:
        point, shared = stretch.last, stretch
        if stretch.first is point and not point.end_only and point.unit in ("month", "quarter"):
            # Either way it is due on the same day: told, not asked.
            choices = (day_choice(point.last), span_choice(point.first, point.last))
            text = "“底前”写在几个时间之后，每个都以底为限。"
            doubt = Doubt("shared_limit", "note", text, choices[0].text, choices)
            point = replace(point, end_only=True, doubts=(*point.doubts, doubt))
            shared = replace(stretch, first=point, last=point)
        result.append(shared)
    return result


def _limited(end: int, stretch: Stretch, context: TimeContext) -> TimeReading:
    point = stretch.last
    if point.unit == "festival":
        return before_festival(end, point, context)
    due = stretch.span[1]
    if stretch.first is not stretch.last:
        return TimeReading(0, end, (Window(starts_on=stretch.span[0], due_on=due),), Basis.DATED, deadline=True)
    if point.unit == "day" or point.end_only:
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, point.doubts, deadline=True)
    before = day_choice(stretch.span[0] - timedelta(days=1))
    within = day_choice(due)
    if point.word.endswith("内") or point.word.startswith(("全年", "岁末", "年末")):
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, deadline=True)
    exclusive = point.unit in ("week", "month", "quarter", "half", "year")
    taken = stretch.span[0] - timedelta(days=1) if exclusive else due
    since = max(date(context.year, 1, 1), context.issued_on or date(context.year, 1, 1))
    if taken < since <= due:
        # `上半年前`: without that time it was over before the list was issued, so that it counts in.
        reason = f"“前”含这段时间：不含的话，{taken}已经到期。"
        told = Doubt("within_for_sure", "note", reason, spoken((Window(due_on=due),)), (within, before))
        return TimeReading(0, end, (Window(due_on=due),), Basis.DATED, (told,), deadline=True)
    doubt = Doubt(
        "before_or_within",
        "ruling",
        "“前”可能不含这段时间，也可能指这段时间结束前。",
        spoken((Window(due_on=taken),)),
        (before, within),
    )
    return TimeReading(0, end, (Window(due_on=taken),), Basis.DATED, (doubt,), deadline=True)


def _after(end: int, stretch: Stretch, *, within: bool = False) -> TimeReading:
    """`7月1日后`; `within` says that the time itself counts in (`不早于7月`)."""
    first, last = stretch.span
    starts_on = first if within or stretch.last.unit == "day" else last + timedelta(days=1)
    if starts_on.year > last.year:
        starts_on = last
    window = Window(starts_on=starts_on, due_on=date(last.year, 12, 31), ongoing=True)
    choices = tuple(
        Choice(key=f"{day.year}年{day.month}月{day.day}日起", text=f"{day}起")
        for day in dict.fromkeys((starts_on, first))
    )
    return TimeReading(0, end, (window,), Basis.DATED, (_open_end(window, choices),), deadline=True)


def _open_end(window: Window, choices: tuple[Choice, ...]) -> Doubt:
    return Doubt("open_end", "ruling", "只写了在什么时间之后，没有写时限。", spoken((window,)), choices)
